/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mem.h - memory for a region, taken when it is opened
 *
 * A large region needs a lot of it. A machine that lacks it must refuse the region,
 * and not kill a program that has nothing to do with it.
 */
#ifndef PSW_MEM_H
#define PSW_MEM_H

#include <linux/gfp.h>
#include <linux/vmalloc.h>

/* Reclaims and may sleep, but fails instead of calling the OOM killer. */
#define PSW_GFP		(GFP_KERNEL | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

/* Zeroed memory of any size, for vfree(). Return: NULL if there is not enough. */
static inline void *psw_vzalloc(size_t bytes)
{
	return __vmalloc(bytes, PSW_GFP | __GFP_ZERO);
}

#endif /* PSW_MEM_H */
