// SPDX-License-Identifier: GPL-2.0
/*
 * cut.c - LD_PRELOAD library that cuts the power at one of the writes
 *
 * Everything that a program makes persistent passes through here: by
 * pmem_memcpy_persist() and pmem_msync() into a mapping, by pwrite() into a
 * device. At the write number CUT_AT (from 1), only CUT_BYTES bytes of it
 * arrive - the first ones, or the last ones with CUT_TAIL set - and the process
 * ends there and then, with exit code 99. CUT_LOG names a file that gets one line for each write.
 *
 * A write before pmem_msync() is a plain store into shared memory, which no
 * library sees; there the process dies with the store done. To tear it, make
 * libpmem believe in persistent memory: PMEM_IS_PMEM_FORCE=1.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define CUT_EXIT	99	/* no code of the tool */

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
	const char *path = getenv("CUT_LOG");
	FILE *log = path ? fopen(path, "ae") : NULL;

	if (!log)
		return;
	fprintf(log, "%lu %s %zu\n", writes_nr, how, bytes);
	fclose(log);
}

/* Is this the write to be cut, and which part of it arrives? */
static int is_cut(const char *how, size_t bytes, size_t *off, size_t *arriving)
{
	writes_nr++;
	record(how, bytes);
	if (writes_nr != from_env("CUT_AT"))
		return 0;
	*arriving = from_env("CUT_BYTES");
	if (*arriving > bytes)
		*arriving = bytes;
	*off = getenv("CUT_TAIL") ? bytes - *arriving : 0;
	return 1;
}

void *pmem_memcpy_persist(void *to, const void *from, size_t bytes)
{
	void *(*real)(void *, const void *, size_t);
	size_t off, arriving;

	*(void **)&real = dlsym(RTLD_NEXT, "pmem_memcpy_persist");
	if (!is_cut("memcpy", bytes, &off, &arriving))
		return real(to, from, bytes);
	memcpy((char *)to + off, (const char *)from + off, arriving);
	_exit(CUT_EXIT);
}

int pmem_msync(const void *address, size_t bytes)
{
	int (*real)(const void *, size_t);
	size_t off, arriving;

	*(void **)&real = dlsym(RTLD_NEXT, "pmem_msync");
	if (is_cut("msync", bytes, &off, &arriving))
		_exit(CUT_EXIT);
	return real(address, bytes);
}

ssize_t pwrite(int fd, const void *buffer, size_t bytes, off_t where)
{
	ssize_t (*real)(int, const void *, size_t, off_t);
	size_t off, arriving;

	*(void **)&real = dlsym(RTLD_NEXT, "pwrite");
	if (!is_cut("pwrite", bytes, &off, &arriving))
		return real(fd, buffer, bytes, where);
	if (arriving && real(fd, (const char *)buffer + off, arriving,
			     where + (off_t)off) != (ssize_t)arriving)
		abort();
	_exit(CUT_EXIT);
}
