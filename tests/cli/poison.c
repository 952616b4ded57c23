// SPDX-License-Identifier: GPL-2.0
/*
 * poison.c - LD_PRELOAD library that gives a file a block that cannot be read or written
 *
 * Stands in for poison on a medium, which a plain machine does not have: every
 * transfer that touches the block at POISON_OFF fails with EIO. A guest test has true
 * poison. With POISON_CLEARS, a write clears the poison. With POISON_LOSES, the block
 * can be read, but a write to it is lost.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#define BLOCK_BYTES	4096

static int is_cleared;

static int is_poisoned(size_t bytes, off_t where)
{
	const char *text = getenv("POISON_OFF");
	off_t poison = text ? (off_t)strtoull(text, NULL, 0) : -BLOCK_BYTES;

	return !is_cleared && where < poison + BLOCK_BYTES && where + (off_t)bytes > poison;
}

ssize_t pread(int fd, void *buffer, size_t bytes, off_t where)
{
	ssize_t (*real)(int, void *, size_t, off_t);

	*(void **)&real = dlsym(RTLD_NEXT, "pread");
	if (getenv("POISON_LOSES") || !is_poisoned(bytes, where))
		return real(fd, buffer, bytes, where);
	errno = EIO;
	return -1;
}

ssize_t pwrite(int fd, const void *buffer, size_t bytes, off_t where)
{
	ssize_t (*real)(int, const void *, size_t, off_t);

	*(void **)&real = dlsym(RTLD_NEXT, "pwrite");
	if (getenv("POISON_LOSES") && is_poisoned(bytes, where))
		return (ssize_t)bytes;
	if (getenv("POISON_CLEARS") && is_poisoned(bytes, where))
		is_cleared = 1;
	if (!is_poisoned(bytes, where))
		return real(fd, buffer, bytes, where);
	errno = EIO;
	return -1;
}
