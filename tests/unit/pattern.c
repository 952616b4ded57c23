// SPDX-License-Identifier: GPL-2.0
/*
 * pattern.c - repeatable random numbers, and pages with verifiable content
 *
 * The first two words of a page are its offset and its version. Each other word is
 * a hash of these and of its place. So a mix of two pages is recognised.
 */
#include "pattern.h"

static u64 mix(u64 value)
{
	value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9ull;
	value = (value ^ value >> 27) * 0x94d049bb133111ebull;
	return value ^ value >> 31;
}

u64 random_next(u64 *state)
{
	*state += 0x9e3779b97f4a7c15ull;
	return mix(*state);
}

static u64 page_key(u64 offset, u64 version)
{
	return mix(offset * 0x9e3779b97f4a7c15ull + mix(version + 1));
}

void page_fill(struct page_buffer *buffer, u64 offset, u64 version)
{
	u64 key = page_key(offset, version);
	unsigned int i;

	buffer->word[0] = offset;
	buffer->word[1] = version;
	for (i = 2; i < PAGE_WORDS; i++)
		buffer->word[i] = (key + i) * 0xd6e8feb86659fd93ull;
}

bool page_whole(const struct page_buffer *buffer, u64 offset, u64 *version)
{
	u64 key = page_key(buffer->word[0], buffer->word[1]);
	unsigned int i;

	if (buffer->word[0] != offset)
		return false;
	for (i = 2; i < PAGE_WORDS; i++)
		if (buffer->word[i] != (key + i) * 0xd6e8feb86659fd93ull)
			return false;
	*version = buffer->word[1];
	return true;
}

bool page_is(const struct page_buffer *buffer, u64 offset, u64 version)
{
	u64 found;

	return page_whole(buffer, offset, &found) && found == version;
}

void page_same(struct page_buffer *buffer, u64 word)
{
	unsigned int i;

	for (i = 0; i < PAGE_WORDS; i++)
		buffer->word[i] = word;
}

bool page_is_same(const struct page_buffer *buffer, u64 word)
{
	unsigned int i;

	for (i = 0; i < PAGE_WORDS; i++)
		if (buffer->word[i] != word)
			return false;
	return true;
}
