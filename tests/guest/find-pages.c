// SPDX-License-Identifier: GPL-2.0
/*
 * find-pages - find the pages of a hog on a device
 *
 * Usage: find-pages DEVICE FIRST_BLOCK SEED [WORKERS]
 *
 * Reads DEVICE in blocks of 4 KiB from FIRST_BLOCK on, past the page cache, and
 * prints "PAGE BLOCK" for each that holds a page of a hog run with this seed.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pattern.h"

#define CHUNK_BLOCKS 256

int main(int argc, char **argv)
{
	static uint64_t chunk[CHUNK_BLOCKS][PATTERN_WORDS]
		__attribute__((aligned(PATTERN_PAGE_BYTES)));
	uint64_t block, seed, workers;
	ssize_t got;
	int fd, i;

	if (argc < 4 || argc > 5) {
		fputs("usage: find-pages DEVICE FIRST_BLOCK SEED [WORKERS]\n", stderr);
		return 2;
	}
	block = strtoull(argv[2], NULL, 0);
	seed = strtoull(argv[3], NULL, 0);
	workers = argc == 5 ? strtoull(argv[4], NULL, 0) : 1;

	fd = open(argv[1], O_RDONLY | O_DIRECT);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	while ((got = pread(fd, chunk, sizeof(chunk),
			    block * PATTERN_PAGE_BYTES)) > 0) {
		for (i = 0; i < got / PATTERN_PAGE_BYTES; i++, block++)
			if (chunk[i][PATTERN_SEED] - seed < workers)
				printf("%llu %llu\n",
				       (unsigned long long)chunk[i][PATTERN_PAGE],
				       (unsigned long long)block);
	}
	if (got < 0)
		perror(argv[1]);
	return got < 0;
}
