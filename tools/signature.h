/* SPDX-License-Identifier: GPL-2.0 */
/*
 * signature.h - foreign signatures: file systems, partition tables and the like
 */
#ifndef PSW_TOOLS_SIGNATURE_H
#define PSW_TOOLS_SIGNATURE_H

#include "device.h"

/* A file system, partition table or the like that libblkid knows. */
struct signature {
	char type[64];	/* such as "ext4" */
	char off[32];	/* of its magic, in bytes */
};

int signature_find(const struct device *device, struct signature *signature);
int signature_wipe(const struct device *device);

#endif /* PSW_TOOLS_SIGNATURE_H */
