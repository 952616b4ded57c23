/* SPDX-License-Identifier: GPL-2.0 */
/*
 * disk.h - the files in sysfs of the disk of an attached region
 */
#ifndef PSW_TOOLS_DISK_H
#define PSW_TOOLS_DISK_H

#include <linux/types.h>

#include "holder.h"

struct disk {
	char name[HOLDER_DISK_BYTES];	/* such as pmemswap0 */
};

int disk_find(struct disk *disk, const char *path);
int disk_read(const struct disk *disk, const char *file, __u64 *value);
int disk_write(const struct disk *disk, const char *file, const char *text);

#endif /* PSW_TOOLS_DISK_H */
