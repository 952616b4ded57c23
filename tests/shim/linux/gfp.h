/* SPDX-License-Identifier: GPL-2.0 */
/* Replacement: the heap of the C library, with knobs; see alloc.c. */
#ifndef SHIM_LINUX_GFP_H
#define SHIM_LINUX_GFP_H

#include <linux/types.h>

#define __GFP_DIRECT_RECLAIM	1u	/* may sleep */
#define __GFP_RETRY_MAYFAIL	2u	/* never calls the OOM killer */
#define __GFP_NOWARN		4u	/* a failure is not logged */
#define __GFP_ZERO		8u	/* zeroed */
#define GFP_KERNEL		__GFP_DIRECT_RECLAIM
#define GFP_NOWAIT		0u
#define GFP_NOIO		__GFP_DIRECT_RECLAIM
#define __GFP_NORETRY		0u

unsigned long __get_free_page(gfp_t gfp);
unsigned long get_zeroed_page(gfp_t gfp);
void free_page(unsigned long addr);

#endif
