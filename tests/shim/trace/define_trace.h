/* SPDX-License-Identifier: GPL-2.0 */
/* Left out: trace.h defines no tracepoints here. */
