// SPDX-License-Identifier: GPL-2.0
/*
 * device.c - read and write a device or an image file
 *
 * Nothing is mapped. A mapping of /dev/pmemN is one of its page cache. The kernel
 * module reads and writes through DAX, past that cache. So the cache may be older
 * than the medium. A mapped file would get memory for its holes on tmpfs, and would
 * raise SIGBUS for an error.
 *
 * On a block device, O_DIRECT goes through its driver. A read of pmem copies from
 * the lines that the module stores to. A write bypasses the CPU cache, is fenced by
 * the driver, and clears poison. Before either, the kernel writes cached pages of the
 * range back and drops them. fdatasync() flushes the device, which virtio-pmem needs.
 * On a file, fdatasync() makes a write persistent, on a DAX file system too.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "device.h"
#include "holder.h"
#include "message.h"

static int open_file(struct device *device, enum device_access access)
{
	int flags = access == DEVICE_WRITE ? O_RDWR : O_RDONLY;
	struct stat st;
	int err;

	device->fd = open(device->path, flags | O_CLOEXEC);
	if (device->fd < 0 || fstat(device->fd, &st)) {
		err = -errno;
		error("%s: cannot open: %s", device->path, strerror(-err));
		return err;
	}
	if (access != DEVICE_SHARED && flock(device->fd, LOCK_EX | LOCK_NB)) {
		error("%s: in use: another program holds a lock on it", device->path);
		return -EBUSY;
	}
	device->bytes = (__u64)st.st_size;
	return 0;
}

static int open_block(struct device *device, enum device_access access)
{
	int flags = access == DEVICE_WRITE ? O_RDWR : O_RDONLY;
	int err;

	if (access != DEVICE_SHARED)
		flags |= O_EXCL;
	device->fd = open(device->path, flags | O_DIRECT | O_CLOEXEC);
	if (device->fd < 0) {
		err = -errno;
		if (err == -EBUSY)
			error("%s: in use by another program or by the kernel",
			      device->path);
		else
			error("%s: cannot open: %s", device->path, strerror(-err));
		return err;
	}
	if (ioctl(device->fd, BLKGETSIZE64, &device->bytes)) {
		err = -errno;
		error("%s: cannot learn its size: %s", device->path, strerror(-err));
		return err;
	}
	return 0;
}

/*
 * @path must outlive @device. Any access but DEVICE_SHARED is refused while
 * another program or the kernel uses the device.
 */
int device_open(struct device *device, const char *path, enum device_access access)
{
	char holder[HOLDER_TEXT_BYTES];
	struct stat st;
	int err;

	memset(device, 0, sizeof(*device));
	device->path = path;
	device->fd = -1;
	if (stat(path, &st)) {
		err = -errno;
		error("%s: %s", path, strerror(-err));
		return err;
	}
	if (access != DEVICE_SHARED && holder_find(&st, holder)) {
		error("%s: in use: %s", path, holder);
		return -EBUSY;
	}
	device->is_block = S_ISBLK(st.st_mode);
	if (S_ISCHR(st.st_mode)) {
		error("%s: is a character device; pmemswap needs the block device of an fsdax namespace (ndctl create-namespace -f -e NAMESPACE -m fsdax --map=dev)",
		      path);
		return -ENOTBLK;
	} else if (device->is_block) {
		err = open_block(device, access);
	} else if (S_ISREG(st.st_mode)) {
		err = open_file(device, access);
	} else {
		error("%s: neither a block device nor a file", path);
		return -ENOTBLK;
	}
	if (err)
		device_close(device);
	return err;
}

/* Also after device_open() failed. */
void device_close(struct device *device)
{
	if (device->fd >= 0)
		close(device->fd);
	device->fd = -1;
}

static int read_all(int fd, __u64 off, __u8 *buffer, size_t bytes)
{
	ssize_t got;

	while (bytes) {
		got = pread(fd, buffer, bytes, (off_t)off);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			return -EIO;
		buffer += got;
		off += (__u64)got;
		bytes -= (size_t)got;
	}
	return 0;
}

static int write_all(int fd, __u64 off, const __u8 *buffer, size_t bytes)
{
	ssize_t put;

	while (bytes) {
		put = pwrite(fd, buffer, bytes, (off_t)off);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		buffer += put;
		off += (__u64)put;
		bytes -= (size_t)put;
	}
	return fdatasync(fd) ? -errno : 0;
}

static bool in_range(const struct device *device, __u64 off, size_t bytes)
{
	return off <= device->bytes && bytes <= device->bytes - off;
}

/*
 * Reads the medium itself, past any cache of a block device. Returns -ENXIO beyond
 * the end; any other error means that the medium cannot be read there. It prints no
 * message.
 */
int device_read(const struct device *device, __u64 off, void *buffer, size_t bytes)
{
	return in_range(device, off, bytes) ?
	       read_all(device->fd, off, buffer, bytes) : -ENXIO;
}

/*
 * Returns when the bytes are persistent; after an error an unknown part of them
 * is. It prints no message.
 */
int device_write(const struct device *device, __u64 off, const void *buffer,
		 size_t bytes)
{
	return in_range(device, off, bytes) ?
	       write_all(device->fd, off, buffer, bytes) : -ENXIO;
}

/*
 * The same for one block, which is read back. Returns -EIO if it is not what was
 * written.
 */
int device_write_block(const struct device *device, __u64 off, const void *buffer)
{
	static __u8 seen[DEVICE_ALIGN] DEVICE_ALIGNED;
	int err = device_write(device, off, buffer, sizeof(seen));

	if (!err)
		err = device_read(device, off, seen, sizeof(seen));
	if (!err && memcmp(seen, buffer, sizeof(seen)))
		err = -EIO;
	return err;
}

/* Zeroed and aligned for device_read(). @bytes is a multiple of DEVICE_ALIGN. */
void *device_buffer_alloc(size_t bytes)
{
	void *buffer = aligned_alloc(DEVICE_ALIGN, bytes);

	if (!buffer) {
		error("out of memory");
		return NULL;
	}
	return memset(buffer, 0, bytes);
}
