// SPDX-License-Identifier: GPL-2.0
/*
 * device.c - read and write a device or an image file, persistently
 *
 * Files are mapped: by libpmem when they are written, so that a file on a DAX
 * file system is flushed by cache line and any other by msync(); plainly when
 * they are only read, as libpmem has no read-only mapping.
 *
 * Block devices are not mapped. A mapping of /dev/pmemN itself is one of its
 * page cache, while the kernel module reads and writes through DAX behind that
 * cache: what the cache holds may be older than the medium, and what is stored
 * into it reaches the medium at an unknown time. O_DIRECT goes through the
 * driver of the device instead. A read of pmem then copies from the very lines
 * that the module stores to, a write is a cache-bypassing copy that the driver
 * fences (and that clears poison), and the kernel writes back and drops cached
 * pages of the range first. fdatasync() reaches the flush of the device, which
 * virtio-pmem needs.
 *
 * Poison in a mapped file raises SIGBUS, as does a hole in a file on a full
 * file system; copies are guarded and answer -EIO, like a read of the device.
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

#include "holder.h"
#include "device.h"
#include "message.h"

static sigjmp_buf bus_env;
static volatile sig_atomic_t bus_guarded;

static void bus_handler(int signum)
{
	if (bus_guarded)
		siglongjmp(bus_env, 1);
	/* Not one of ours: let it kill when the instruction runs again. */
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

/* The file again by its open descriptor, so that no other can slip in. */
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

/**
 * device_open() - open a device or an image file
 * @device: filled in
 * @path: the device or file; must outlive @device
 * @access: what the caller means to do
 *
 * Anything but DEVICE_SHARED is refused while somebody uses the medium.
 *
 * Return: 0, or -errno after telling the user.
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

/**
 * device_close() - let go of a medium
 * @device: from device_open(), also after it failed
 */
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

/**
 * device_read() - read from the medium itself, past any cache of the device
 * @device: the medium
 * @off: where, in bytes
 * @buffer: filled in; indeterminate after an error
 * @bytes: how many
 *
 * Return: 0, -EIO if the medium cannot be read there, -ENXIO beyond its end.
 */
int device_read(const struct device *device, __u64 off, void *buffer, size_t bytes)
{
	if (!in_range(device, off, bytes))
		return -ENXIO;
	if (device->is_block)
		return read_all(device->fd, off, buffer, bytes);
	return guarded_copy(memcpy, buffer, device->map + off, bytes);
}

/**
 * device_write() - write, and return when the bytes are persistent
 * @device: the medium, opened with DEVICE_WRITE
 * @off: where, in bytes
 * @buffer: the bytes
 * @bytes: how many
 *
 * Return: 0, or -errno with an unknown part of the range written.
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

/**
 * device_buffer_alloc() - memory that device_read() can fill
 * @bytes: how many, a multiple of DEVICE_ALIGN
 *
 * Return: zeroed memory to be given to free(), or NULL after telling the user.
 */
void *device_buffer_alloc(size_t bytes)
{
	void *buffer = aligned_alloc(DEVICE_ALIGN, bytes);

	if (!buffer) {
		error("out of memory");
		return NULL;
	}
	return memset(buffer, 0, bytes);
}
