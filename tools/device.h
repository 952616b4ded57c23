/* SPDX-License-Identifier: GPL-2.0 */
/*
 * device.h - a device or an image file, read and written
 */
#ifndef PSW_TOOLS_DEVICE_H
#define PSW_TOOLS_DEVICE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Every offset, length and buffer address of a transfer is a multiple of this. */
#define DEVICE_ALIGN	4096u
#define DEVICE_ALIGNED	__attribute__((aligned(4096)))

/* What a command does with a device. */
enum device_access {
	DEVICE_SHARED,		/* read, also while others use it */
	DEVICE_EXCLUSIVE,	/* read; refused where DEVICE_WRITE is */
	DEVICE_WRITE,		/* write, while nobody else uses it */
};

struct device {
	const char *path;	/* as the user gave it */
	int fd;			/* of a block device: O_DIRECT */
	bool is_block;
	__u64 bytes;
};

int device_open(struct device *device, const char *path, enum device_access access);
void device_close(struct device *device);
int device_read(const struct device *device, __u64 off, void *buffer, size_t bytes);
int device_write(const struct device *device, __u64 off, const void *buffer,
		 size_t bytes);
int device_write_block(const struct device *device, __u64 off, const void *buffer);
void *device_buffer_alloc(size_t bytes);

#endif /* PSW_TOOLS_DEVICE_H */
