/* SPDX-License-Identifier: GPL-2.0 */
/*
 * device.h - the bytes of a device or of an image file
 */
#ifndef PSW_TOOLS_DEVICE_H
#define PSW_TOOLS_DEVICE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Offsets, lengths and buffers of every transfer are multiples of this. */
#define DEVICE_ALIGN	4096u
#define DEVICE_ALIGNED	__attribute__((aligned(4096)))

/**
 * enum device_access - what a command means to do
 * @DEVICE_SHARED: read, also while others use the medium
 * @DEVICE_EXCLUSIVE: read, as a rehearsal of @DEVICE_WRITE
 * @DEVICE_WRITE: write, with nobody else using the medium
 */
enum device_access {
	DEVICE_SHARED,
	DEVICE_EXCLUSIVE,
	DEVICE_WRITE,
};

/**
 * struct device - a device or an image file, open
 * @path: as the user gave it
 * @fd: open file; O_DIRECT on a block device
 * @is_block: a block device rather than a file
 * @bytes: size
 * @map: the whole file; NULL for a block device and for an empty file
 * @map_bytes: size of the mapping
 * @map_is_pmem: @map is persistent memory, not page cache
 * @map_is_libpmem: @map was made by pmem_map_file()
 */
struct device {
	const char *path;
	int fd;
	bool is_block;
	__u64 bytes;
	__u8 *map;
	size_t map_bytes;
	int map_is_pmem;
	bool map_is_libpmem;
};

int device_open(struct device *device, const char *path, enum device_access access);
void device_close(struct device *device);
int device_read(const struct device *device, __u64 off, void *buffer, size_t bytes);
int device_write(const struct device *device, __u64 off, const void *buffer,
		 size_t bytes);
void *device_buffer_alloc(size_t bytes);

#endif /* PSW_TOOLS_DEVICE_H */
