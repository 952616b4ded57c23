/* SPDX-License-Identifier: GPL-2.0 */
/*
 * device.h - a pmem block device, opened and mapped
 */
#ifndef PSW_DEVICE_H
#define PSW_DEVICE_H

#include <linux/types.h>
#include "engine/pmem.h"

struct block_device;
struct dax_device;

/**
 * struct psw_device - a pmem block device, opened and mapped
 * @path: its path, as the user gave it
 * @bdev: the block device, opened for us alone
 * @dax: its DAX device
 * @first_page: where the block device begins in @dax, in pages
 * @pmem: what the engine sees of it
 */
struct psw_device {
	const char *path;
	struct block_device *bdev;
	struct dax_device *dax;
	pgoff_t first_page;
	struct psw_pmem pmem;
};

int psw_device_open(struct psw_device *device, const char *path);
void psw_device_close(struct psw_device *device);
unsigned int psw_device_bad_stamp(void *device);
bool psw_device_next_bad(void *device, u64 off, u64 bytes,
			 u64 *bad_off, u64 *bad_bytes);

#endif /* PSW_DEVICE_H */
