/* SPDX-License-Identifier: GPL-2.0 */
/* Replacement: features of the host CPU, unless a test hides them. */
#ifndef SHIM_ASM_CPUFEATURE_H
#define SHIM_ASM_CPUFEATURE_H

#include <linux/types.h>

#define X86_FEATURE_XMM4_2	"sse4.2"

bool shim_cpu_has_crc32(void);
#define boot_cpu_has(feature)	((void)(feature), shim_cpu_has_crc32())

#endif
