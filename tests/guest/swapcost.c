// SPDX-License-Identifier: GPL-2.0
/*
 * swapcost - what it costs to swap a page out and in again
 *
 * Usage: swapcost MIB ROUNDS random|zero
 *
 * Fills memory, evicts it with MADV_PAGEOUT, touches every page, and prints
 * for each round the nanoseconds per page of both. In a guest whose clock counts
 * instructions (-icount shift=0) these are instructions per page.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "pattern.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static size_t resident_pages(void *memory, size_t pages)
{
	unsigned char *map = malloc(pages);
	size_t count = 0;
	size_t i;

	if (!map || mincore(memory, pages * PATTERN_PAGE_BYTES, map))
		die("mincore");
	for (i = 0; i < pages; i++)
		count += map[i] & 1;
	free(map);
	return count;
}

static void fill(unsigned char *memory, size_t pages, unsigned int round,
		 unsigned int zero_percent)
{
	struct pattern pattern = { .seed = 1 + round, .zero_percent = zero_percent };
	uint64_t words[PATTERN_WORDS];
	size_t page;

	for (page = 0; page < pages; page++) {
		pattern_fill(&pattern, page, 0, words);
		memcpy(memory + page * PATTERN_PAGE_BYTES, words, sizeof(words));
	}
}

static void touch(const volatile unsigned char *memory, size_t pages)
{
	size_t page;

	for (page = 0; page < pages; page++)
		(void)memory[page * PATTERN_PAGE_BYTES];
}

/* New memory each round: a page that was only read since is not written again. */
static void round_trip(size_t pages, unsigned int round, unsigned int zero_percent)
{
	size_t bytes = pages * PATTERN_PAGE_BYTES;
	uint64_t start, out, in;
	unsigned char *memory;
	size_t resident;

	memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		die("mmap");
	fill(memory, pages, round, zero_percent);

	start = now_ns();
	if (madvise(memory, bytes, MADV_PAGEOUT))
		die("MADV_PAGEOUT");
	out = now_ns() - start;
	resident = resident_pages(memory, pages);
	start = now_ns();
	touch(memory, pages);
	in = now_ns() - start;

	printf("out=%.1f in=%.1f resident=%zu\n", (double)out / pages,
	       (double)in / pages, resident);
	munmap(memory, bytes);
}

int main(int argc, char **argv)
{
	unsigned int rounds, round;
	size_t pages;

	if (argc != 4) {
		fputs("usage: swapcost MIB ROUNDS random|zero\n", stderr);
		return 2;
	}
	pages = (strtoul(argv[1], NULL, 0) << 20) / PATTERN_PAGE_BYTES;
	rounds = strtoul(argv[2], NULL, 0);
	for (round = 0; round < rounds; round++)
		round_trip(pages, round, strcmp(argv[3], "zero") ? 0 : 100);
	return 0;
}
