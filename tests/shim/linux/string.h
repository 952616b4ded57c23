/* SPDX-License-Identifier: GPL-2.0 */
/* Copy; the store to the medium is a replacement, see pmem.c. */
#ifndef SHIM_LINUX_STRING_H
#define SHIM_LINUX_STRING_H

#include <linux/types.h>
#include <string.h>

static inline void *memset64(u64 *dst, u64 value, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		dst[i] = value;
	return dst;
}

void memcpy_flushcache(void *dst, const void *src, size_t bytes);

#endif
