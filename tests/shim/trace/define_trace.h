/* SPDX-License-Identifier: GPL-2.0 */
/* Left out: there is nothing to make of trace.h. */
