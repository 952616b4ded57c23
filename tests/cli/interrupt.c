// SPDX-License-Identifier: GPL-2.0
/*
 * interrupt.c - LD_PRELOAD library that ends a program in the middle of a write
 *
 * It sees every write that a program makes persistent: pmem_memcpy_persist() and
 * pmem_msync() on a mapping, pwrite() on a device. INTERRUPT_AT is the number of
 * a write, from 1. Of that write only INTERRUPT_BYTES bytes are done: the first
 * ones, or the last ones if INTERRUPT_TAIL is set. Then the process ends at once
 * with exit code 99. INTERRUPT_LOG names a file that gets one line a write.
 *
 * Before pmem_msync() the program stores into shared memory, which no library
 * sees: there the process ends with the whole store done. PMEM_IS_PMEM_FORCE=1
 * makes libpmem call pmem_memcpy_persist() instead, so that a write can be torn.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define INTERRUPT_EXIT	99	/* no code of the tool */

void *pmem_memcpy_persist(void *to, const void *from, size_t bytes);
int pmem_msync(const void *address, size_t bytes);

static unsigned long writes_nr;

static unsigned long from_env(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 0) : 0;
}

static void record(const char *how, size_t bytes)
{
	const char *path = getenv("INTERRUPT_LOG");
	FILE *log = path ? fopen(path, "ae") : NULL;

	if (!log)
		return;
	fprintf(log, "%lu %s %zu\n", writes_nr, how, bytes);
	fclose(log);
}

/* Whether to end at this write, and which part of it is done first. */
static int is_interrupted(const char *how, size_t bytes, size_t *off, size_t *done_bytes)
{
	writes_nr++;
	record(how, bytes);
	if (writes_nr != from_env("INTERRUPT_AT"))
		return 0;
	*done_bytes = from_env("INTERRUPT_BYTES");
	if (*done_bytes > bytes)
		*done_bytes = bytes;
	*off = getenv("INTERRUPT_TAIL") ? bytes - *done_bytes : 0;
	return 1;
}

void *pmem_memcpy_persist(void *to, const void *from, size_t bytes)
{
	void *(*real)(void *, const void *, size_t);
	size_t off, done_bytes;

	*(void **)&real = dlsym(RTLD_NEXT, "pmem_memcpy_persist");
	if (!is_interrupted("memcpy", bytes, &off, &done_bytes))
		return real(to, from, bytes);
	memcpy((char *)to + off, (const char *)from + off, done_bytes);
	_exit(INTERRUPT_EXIT);
}

int pmem_msync(const void *address, size_t bytes)
{
	int (*real)(const void *, size_t);
	size_t off, done_bytes;

	*(void **)&real = dlsym(RTLD_NEXT, "pmem_msync");
	if (is_interrupted("msync", bytes, &off, &done_bytes))
		_exit(INTERRUPT_EXIT);
	return real(address, bytes);
}

ssize_t pwrite(int fd, const void *buffer, size_t bytes, off_t where)
{
	ssize_t (*real)(int, const void *, size_t, off_t);
	size_t off, done_bytes;

	*(void **)&real = dlsym(RTLD_NEXT, "pwrite");
	if (!is_interrupted("pwrite", bytes, &off, &done_bytes))
		return real(fd, buffer, bytes, where);
	if (done_bytes && real(fd, (const char *)buffer + off, done_bytes,
			     where + (off_t)off) != (ssize_t)done_bytes)
		abort();
	_exit(INTERRUPT_EXIT);
}
