/* SPDX-License-Identifier: GPL-2.0 */
/* Replacement: the heap of the C library, with knobs; see alloc.c. */
#ifndef SHIM_LINUX_SLAB_H
#define SHIM_LINUX_SLAB_H

#include <linux/gfp.h>

void *kmalloc(size_t bytes, gfp_t gfp);
void *kmalloc_array(size_t nr, size_t bytes, gfp_t gfp);
void kfree(const void *ptr);

#endif
