/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pattern.h - repeatable random numbers, and pages with verifiable content
 */
#ifndef PATTERN_H
#define PATTERN_H

#include <linux/types.h>

#define PAGE_BYTES	4096u
#define PAGE_WORDS	(PAGE_BYTES / sizeof(u64))

/* One page. The engine needs it aligned to 8 bytes. */
struct page_buffer {
	u64 word[PAGE_WORDS];
};

/**
 * random_next() - the next number of a stream
 * @state: the stream; it may begin with any value
 */
u64 random_next(u64 *state);

/* A number below @limit. */
static inline u64 random_below(u64 *state, u64 limit)
{
	return random_next(state) % limit;
}

/**
 * page_fill() - fill a page with content that names it; never all zero
 * @buffer: the page
 * @offset: offset of the page
 * @version: version of the page
 */
void page_fill(struct page_buffer *buffer, u64 offset, u64 version);

/* Whether page_fill() with the same numbers made the page. */
bool page_is(const struct page_buffer *buffer, u64 offset, u64 version);

/**
 * page_whole() - verify a page that page_fill() made
 * @buffer: the page
 * @offset: offset that the page must have
 * @version: set to the version of the page
 *
 * Return: false if it is another page, or a mix of several.
 */
bool page_whole(const struct page_buffer *buffer, u64 offset, u64 *version);

/* Set all words of a page to @word; check that they are. */
void page_same(struct page_buffer *buffer, u64 word);
bool page_is_same(const struct page_buffer *buffer, u64 word);

#endif /* PATTERN_H */
