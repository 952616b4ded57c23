/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Copy: memory ordering as strong as in the kernel. ThreadSanitizer ignores these
 * fences; the compiler and the CPU do not.
 */
#ifndef SHIM_ASM_BARRIER_H
#define SHIM_ASM_BARRIER_H

#include <linux/compiler.h>

#define smp_mb()	__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_rmb()	__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb()	__atomic_thread_fence(__ATOMIC_RELEASE)

#define smp_load_acquire(p)	\
	({ shim_delay(); __atomic_load_n(p, __ATOMIC_ACQUIRE); })
#define smp_store_release(p, value)	\
	({ shim_delay(); __atomic_store_n(p, value, __ATOMIC_RELEASE); })

/* Replacement: waits for stores to the medium; see pmem.c. */
void shim_pmem_fence(void);
#define pmem_wmb()	shim_pmem_fence()

#endif
