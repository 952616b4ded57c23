/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pattern.h - page contents that say which page they are
 *
 * A page is a function of (seed, page, pass), so that any byte of it can be
 * verified from nothing, and a page found on the medium can be recognised.
 */
#ifndef PSW_GUEST_PATTERN_H
#define PSW_GUEST_PATTERN_H

#include <stdint.h>

#define PATTERN_PAGE_BYTES	4096
#define PATTERN_WORDS		(PATTERN_PAGE_BYTES / sizeof(uint64_t))

/* The first words of a page with a body, in this order. */
enum pattern_head {
	PATTERN_SEED,
	PATTERN_PAGE,
	PATTERN_PASS,
	PATTERN_HEAD_WORDS,
};

/**
 * struct pattern - what a set of pages is filled with
 * @seed: tells this set from all others; not 0
 * @zero_percent: share of pages that are all zero
 * @same_percent: share of pages of one repeated word that is not zero
 */
struct pattern {
	uint64_t seed;
	uint64_t zero_percent;
	uint64_t same_percent;
};

/* The finalizer of splitmix64: each bit of the result hangs on each of @x. */
static inline uint64_t pattern_mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

/**
 * pattern_fill() - make the contents of one page
 * @pattern: of the set
 * @page: number of the page in the set
 * @pass: of the program over its pages
 * @words: PATTERN_WORDS of them, filled in
 */
static inline void pattern_fill(const struct pattern *pattern, uint64_t page,
				uint64_t pass, uint64_t *words)
{
	uint64_t state = pattern_mix(pattern->seed ^ pattern_mix(page ^ pass << 48));
	unsigned int kind = pattern_mix(pattern->seed + page) % 100;
	unsigned int i;

	if (kind < pattern->zero_percent) {
		for (i = 0; i < PATTERN_WORDS; i++)
			words[i] = 0;
		return;
	}
	if (kind < pattern->zero_percent + pattern->same_percent) {
		for (i = 0; i < PATTERN_WORDS; i++)
			words[i] = state | 1;
		return;
	}
	words[PATTERN_SEED] = pattern->seed;
	words[PATTERN_PAGE] = page;
	words[PATTERN_PASS] = pass;
	for (i = PATTERN_HEAD_WORDS; i < PATTERN_WORDS; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		words[i] = state;
	}
}

#endif /* PSW_GUEST_PATTERN_H */
