/* SPDX-License-Identifier: GPL-2.0 */
/* Copy: a hint to the CPU. */
#ifndef SHIM_LINUX_PREFETCH_H
#define SHIM_LINUX_PREFETCH_H

#define prefetch(addr)	__builtin_prefetch(addr)

#endif
