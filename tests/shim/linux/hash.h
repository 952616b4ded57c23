/* SPDX-License-Identifier: GPL-2.0 */
/* Copy: multiplicative hashing with the same constant, so the same buckets. */
#ifndef SHIM_LINUX_HASH_H
#define SHIM_LINUX_HASH_H

#include <linux/types.h>

static inline u32 hash_64(u64 value, unsigned int bits)
{
	return value * 0x61c8864680b583ebull >> (64 - bits);
}

#endif
