/* SPDX-License-Identifier: GPL-2.0 */
/*
 * medium.h - the bytes of a device or of an image file
 */
#ifndef PSW_TOOLS_MEDIUM_H
#define PSW_TOOLS_MEDIUM_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Offsets, lengths and buffers of every transfer are multiples of this. */
#define MEDIUM_ALIGN	4096u
#define MEDIUM_ALIGNED	__attribute__((aligned(4096)))

/**
 * enum medium_access - what a command means to do
 * @MEDIUM_SHARED: read, also while others use the medium
 * @MEDIUM_EXCLUSIVE: read, as a rehearsal of @MEDIUM_WRITE
 * @MEDIUM_WRITE: write, with nobody else using the medium
 */
enum medium_access {
	MEDIUM_SHARED,
	MEDIUM_EXCLUSIVE,
	MEDIUM_WRITE,
};

/**
 * struct medium - a device or an image file, open
 * @path: as the user gave it
 * @fd: open file; O_DIRECT on a block device
 * @is_block: a block device rather than a file
 * @bytes: size
 * @map: the whole file; NULL for a block device and for an empty file
 * @map_bytes: size of the mapping
 * @map_is_pmem: @map is persistent memory, not page cache
 * @map_is_libpmem: @map was made by pmem_map_file()
 */
struct medium {
	const char *path;
	int fd;
	bool is_block;
	__u64 bytes;
	__u8 *map;
	size_t map_bytes;
	int map_is_pmem;
	bool map_is_libpmem;
};

int medium_open(struct medium *medium, const char *path, enum medium_access access);
void medium_close(struct medium *medium);
int medium_read(const struct medium *medium, __u64 off, void *buffer, size_t bytes);
int medium_write(const struct medium *medium, __u64 off, const void *buffer,
		 size_t bytes);
void *medium_buffer_alloc(size_t bytes);

#endif /* PSW_TOOLS_MEDIUM_H */
