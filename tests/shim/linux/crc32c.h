/* SPDX-License-Identifier: GPL-2.0 */
/* Replacement: the same function from isa-l. */
#ifndef SHIM_LINUX_CRC32C_H
#define SHIM_LINUX_CRC32C_H

#include <isa-l/crc.h>
#include <linux/types.h>

static inline u32 crc32c(u32 crc, const void *data, unsigned int bytes)
{
	return crc32_iscsi((unsigned char *)data, bytes, crc);
}

#endif
