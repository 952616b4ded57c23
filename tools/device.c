// SPDX-License-Identifier: GPL-2.0
/*
 * device.c - read and write a device or an image file
 *
 * A file is mapped. libpmem maps it for writing: then a file on a DAX file
 * system is flushed by cache line, and any other by msync(). libpmem cannot
 * map for reading only, so mmap() does that.
 *
 * A block device is not mapped, because a mapping of /dev/pmemN is one of its
 * page cache. The kernel module reads and writes through DAX, past that cache.
 * So the cache may be older than the medium, and stores to it reach the medium
 * at an unknown time.
 *
 * O_DIRECT goes through the driver of the device instead. A read of pmem
 * copies from the lines that the module stores to. A write bypasses the CPU
 * cache, is fenced by the driver, and clears poison. Before either, the kernel
 * writes cached pages of the range back and drops them. fdatasync() flushes
 * the device, which virtio-pmem needs.
 *
 * A mapped file raises SIGBUS where it has poison, or a hole that a full file
 * system cannot fill. Copies catch the signal and return -EIO, as a read of a
 * device does.
 */
#include <errno.h>
#include <fcntl.h>
#include <libpmem.h>
#include <linux/fs.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "device.h"
#include "holder.h"
#include "message.h"

static sigjmp_buf bus_env;
static volatile sig_atomic_t bus_guarded;

static void bus_handler(int signum)
{
	if (bus_guarded)
		siglongjmp(bus_env, 1);
	/* Not from guarded_copy(): the next fault ends the process. */
	signal(signum, SIG_DFL);
}

static int guarded_copy(void *(*copy)(void *, const void *, size_t), void *to,
			const void *from, size_t bytes)
{
	if (sigsetjmp(bus_env, 1)) {
		bus_guarded = 0;
		return -EIO;
	}
	bus_guarded = 1;
	copy(to, from, bytes);
	bus_guarded = 0;
	return 0;
}

static int guard_install(void)
{
	struct sigaction action = { .sa_handler = bus_handler };

	sigemptyset(&action.sa_mask);
	return sigaction(SIGBUS, &action, NULL) ? -errno : 0;
}

/* By the open descriptor, so that the path cannot name another file meanwhile. */
static int map_for_writing(struct device *device)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", device->fd);
	device->map = pmem_map_file(path, 0, 0, 0, &device->map_bytes,
				    &device->map_is_pmem);
	if (!device->map)
		return -errno;
	device->map_is_libpmem = true;
	return 0;
}

static int map_for_reading(struct device *device)
{
	void *map = mmap(NULL, device->bytes, PROT_READ, MAP_SHARED, device->fd, 0);

	if (map == MAP_FAILED)
		return -errno;
	device->map = map;
	device->map_bytes = device->bytes;
	return 0;
}

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
	if (!device->bytes)
		return 0;

	err = access == DEVICE_WRITE ? map_for_writing(device) :
				       map_for_reading(device);
	if (err)
		error("%s: cannot map: %s", device->path, strerror(-err));
	return err;
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
	err = guard_install();
	if (err)
		return err;

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
	if (device->map && device->map_is_libpmem)
		pmem_unmap(device->map, device->map_bytes);
	else if (device->map)
		munmap(device->map, device->map_bytes);
	if (device->fd >= 0)
		close(device->fd);
	device->map = NULL;
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
 * Reads the medium itself, past any cache of a block device. Returns -EIO if the
 * medium cannot be read there, -ENXIO beyond the end. It prints no message.
 */
int device_read(const struct device *device, __u64 off, void *buffer, size_t bytes)
{
	if (!in_range(device, off, bytes))
		return -ENXIO;
	if (device->is_block)
		return read_all(device->fd, off, buffer, bytes);
	return guarded_copy(memcpy, buffer, device->map + off, bytes);
}

/*
 * Returns when the bytes are persistent; after an error an unknown part of them
 * is. It prints no message.
 */
int device_write(const struct device *device, __u64 off, const void *buffer,
		 size_t bytes)
{
	__u8 *to;
	int err;

	if (!in_range(device, off, bytes))
		return -ENXIO;
	if (device->is_block)
		return write_all(device->fd, off, buffer, bytes);

	to = device->map + off;
	if (device->map_is_pmem)
		return guarded_copy(pmem_memcpy_persist, to, buffer, bytes);

	err = guarded_copy(memcpy, to, buffer, bytes);
	if (err)
		return err;
	return pmem_msync(to, bytes) ? -errno : 0;
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
