/* SPDX-License-Identifier: GPL-2.0 */
/* Replacement: the heap of the C library, with knobs; see alloc.c. */
#ifndef SHIM_LINUX_VMALLOC_H
#define SHIM_LINUX_VMALLOC_H

#include <linux/mm.h>

void *__vmalloc(size_t bytes, gfp_t gfp);
void vfree(const void *ptr);

#endif
