/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pattern.h - random numbers that repeat, and pages that say what they are
 */
#ifndef PATTERN_H
#define PATTERN_H

#include <linux/types.h>

#define PAGE_BYTES	4096u
#define PAGE_WORDS	(PAGE_BYTES / sizeof(u64))

/* One page, aligned as the engine asks. */
struct page_buffer {
	u64 word[PAGE_WORDS];
};

/**
 * random_next() - the next number of a stream
 * @state: the stream; any value begins one
 */
u64 random_next(u64 *state);

/* A number below @limit. */
static inline u64 random_below(u64 *state, u64 limit)
{
	return random_next(state) % limit;
}

/**
 * page_fill() - make the page @version of page number @page; never all zero
 * @buffer: the page
 * @page: its number
 * @version: any number
 */
void page_fill(struct page_buffer *buffer, u64 offset, u64 version);

/* Whether every word is that of page_fill() for the same numbers. */
bool page_is(const struct page_buffer *buffer, u64 offset, u64 version);

/**
 * page_whole() - read what page_fill() made
 * @buffer: the page
 * @page: the number it must have
 * @version: its version, if it is whole
 *
 * Return: false if it is of another page, or of parts of several.
 */
bool page_whole(const struct page_buffer *buffer, u64 offset, u64 *version);

/* Make all words of a page @word; and ask. */
void page_same(struct page_buffer *buffer, u64 word);
bool page_is_same(const struct page_buffer *buffer, u64 word);

#endif /* PATTERN_H */
