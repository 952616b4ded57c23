/* SPDX-License-Identifier: GPL-2.0 */
/*
 * holder.h - who uses a device or an image file
 */
#ifndef PSW_TOOLS_HOLDER_H
#define PSW_TOOLS_HOLDER_H

#include <stdbool.h>
#include <sys/stat.h>

#define HOLDER_TEXT_BYTES	512
#define HOLDER_DISK_BYTES	64

bool holder_find(const struct stat *st, char text[HOLDER_TEXT_BYTES]);
bool holder_find_disk(const struct stat *st, char name[HOLDER_DISK_BYTES]);

#endif /* PSW_TOOLS_HOLDER_H */
