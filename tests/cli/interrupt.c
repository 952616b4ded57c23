// SPDX-License-Identifier: GPL-2.0
/*
 * interrupt.c - LD_PRELOAD library that ends a program in the middle of a write
 *
 * INTERRUPT_AT is the number of a pwrite(), from 1. Of that write only
 * INTERRUPT_BYTES bytes are done: the first ones, or the last ones if INTERRUPT_TAIL
 * is set. Then the process ends at once with exit code 99. INTERRUPT_LOG names a file
 * that gets one line for each pwrite() and fdatasync(). With INTERRUPT_NO_SYNC,
 * fdatasync() does nothing.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#define INTERRUPT_EXIT	99	/* no code of the tool */

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
static int is_interrupted(size_t bytes, size_t *off, size_t *done_bytes)
{
	writes_nr++;
	record("pwrite", bytes);
	if (writes_nr != from_env("INTERRUPT_AT"))
		return 0;
	*done_bytes = from_env("INTERRUPT_BYTES");
	if (*done_bytes > bytes)
		*done_bytes = bytes;
	*off = getenv("INTERRUPT_TAIL") ? bytes - *done_bytes : 0;
	return 1;
}

ssize_t pwrite(int fd, const void *buffer, size_t bytes, off_t where)
{
	ssize_t (*real)(int, const void *, size_t, off_t);
	size_t off, done_bytes;

	*(void **)&real = dlsym(RTLD_NEXT, "pwrite");
	if (!is_interrupted(bytes, &off, &done_bytes))
		return real(fd, buffer, bytes, where);
	if (done_bytes && real(fd, (const char *)buffer + off, done_bytes,
			     where + (off_t)off) != (ssize_t)done_bytes)
		abort();
	_exit(INTERRUPT_EXIT);
}

int fdatasync(int fd)
{
	int (*real)(int);

	*(void **)&real = dlsym(RTLD_NEXT, "fdatasync");
	record("fdatasync", 0);
	return getenv("INTERRUPT_NO_SYNC") ? 0 : real(fd);
}
