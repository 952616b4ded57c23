/* SPDX-License-Identifier: GPL-2.0 */
/*
 * signature.h - file systems, partition tables and the like on a medium
 */
#ifndef PSW_TOOLS_SIGNATURE_H
#define PSW_TOOLS_SIGNATURE_H

#include "device.h"

/**
 * struct signature - one that libblkid knows
 * @type: its name, such as "ext4"
 * @off: where its magic is, in bytes, as text
 */
struct signature {
	char type[64];
	char off[32];
};

int signature_find(const struct device *device, struct signature *signature);
int signature_wipe(const struct device *device);

#endif /* PSW_TOOLS_SIGNATURE_H */
