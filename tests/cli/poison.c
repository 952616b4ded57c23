// SPDX-License-Identifier: GPL-2.0
/*
 * poison.c - LD_PRELOAD library that gives a mapped file a page that faults
 *
 * Stands in for poison on a DAX file system, which a plain machine does not
 * have: over the page at POISON_OFF of every mapping of POISON_BYTES bytes, a
 * page of an empty file is mapped, so that touching it raises a true SIGBUS.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#define PAGE_BYTES	4096

static void poison_page(char *page)
{
	void *(*real)(void *, size_t, int, int, int, off_t);
	int fd = memfd_create("poison", MFD_CLOEXEC);

	*(void **)&real = dlsym(RTLD_NEXT, "mmap");
	if (fd < 0 || real(page, PAGE_BYTES, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED)
		abort();
	close(fd);
}

void *mmap(void *address, size_t bytes, int prot, int flags, int fd, off_t off)
{
	void *(*real)(void *, size_t, int, int, int, off_t);
	const char *where = getenv("POISON_OFF"), *size = getenv("POISON_BYTES");
	void *map;

	*(void **)&real = dlsym(RTLD_NEXT, "mmap");
	map = real(address, bytes, prot, flags, fd, off);
	if (map != MAP_FAILED && fd >= 0 && where && size &&
	    bytes == strtoul(size, NULL, 0))
		poison_page((char *)map + strtoul(where, NULL, 0));
	return map;
}
