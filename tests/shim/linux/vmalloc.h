/* SPDX-License-Identifier: GPL-2.0 */
/* Replacement: the heap of the C library, with knobs; see alloc.c. */
#ifndef SHIM_LINUX_VMALLOC_H
#define SHIM_LINUX_VMALLOC_H

#include <linux/mm.h>

void *vzalloc(size_t bytes);
void vfree(const void *ptr);

#endif
