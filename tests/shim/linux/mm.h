/* SPDX-License-Identifier: GPL-2.0 */
/* Replacement: the heap of the C library, with knobs; see alloc.c. */
#ifndef SHIM_LINUX_MM_H
#define SHIM_LINUX_MM_H

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/sched.h>

void *kvzalloc(size_t bytes, gfp_t gfp);
void *kvcalloc(size_t nr, size_t bytes, gfp_t gfp);
void kvfree(const void *ptr);

/* Number of pages that programs could get; see shim_memory_available(). */
long si_mem_available(void);

/* Saturates if the product overflows, so that the allocation fails. */
static inline size_t array_size(size_t nr, size_t bytes)
{
	size_t product;

	return __builtin_mul_overflow(nr, bytes, &product) ? ~(size_t)0 : product;
}

#endif
