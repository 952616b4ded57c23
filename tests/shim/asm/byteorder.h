/* SPDX-License-Identifier: GPL-2.0 */
/* Copy: the kernel's names, which have no leading underscores. */
#ifndef SHIM_ASM_BYTEORDER_H
#define SHIM_ASM_BYTEORDER_H

#include_next <asm/byteorder.h>

#define cpu_to_le16	__cpu_to_le16
#define cpu_to_le32	__cpu_to_le32
#define cpu_to_le64	__cpu_to_le64
#define le16_to_cpu	__le16_to_cpu
#define le32_to_cpu	__le32_to_cpu
#define le64_to_cpu	__le64_to_cpu

static inline void le64_add_cpu(__le64 *value, __u64 delta)
{
	*value = cpu_to_le64(le64_to_cpu(*value) + delta);
}

#endif
