/* SPDX-License-Identifier: GPL-2.0 */
/* Stub: nothing to make of trace.h. */
