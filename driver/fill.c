// SPDX-License-Identifier: GPL-2.0
/*
 * fill.c - the words that same-filled pages are made of
 *
 * A page whose 64-bit words are all equal is kept as the number of that word in
 * a small table. Zero, by far the most frequent, has a number of its own and
 * takes no lock. When the set that a word belongs to is full of words in use,
 * the page is stored like any other.
 */
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "../layout/pmemswap_format.h"
#include "fill.h"

/**
 * psw_page_is_filled() - see whether all words of a page are equal
 * @page: 4096 bytes, aligned to 8
 * @word: the word, if so
 *
 * The last word is looked at first: pages often begin alike and end otherwise.
 *
 * Context: any.
 */
bool psw_page_is_filled(const void *page, u64 *word)
{
	const unsigned int words_nr = PSW_MEDIA_SLOT_BYTES / sizeof(u64);
	const u64 *words = page;
	unsigned int i, j;

	*word = words[0];
	if (words[words_nr - 1] != *word)
		return false;
	for (i = 0; i < words_nr; i += 8) {
#pragma GCC unroll 8
		for (j = 0; j < 8; j++)
			if (words[i + j] != *word)
				return false;
	}
	return true;
}

void psw_fills_init(struct psw_fills *fills)
{
	memset(fills, 0, sizeof(*fills));
	spin_lock_init(&fills->lock);
}

/**
 * psw_fill_get() - the number of a word, for one page more
 * @fills: the words
 * @word: the word
 *
 * Context: any but interrupt handlers.
 * Return: the number, or PSW_FILL_NONE if there is no room for the word.
 */
u32 psw_fill_get(struct psw_fills *fills, u64 word)
{
	u32 first = 1 + hash_64(word, ilog2(PSW_FILL_SETS)) * PSW_FILL_WAYS;
	u32 nr, found = PSW_FILL_NONE;

	if (!word)
		return PSW_FILL_ZERO;

	spin_lock(&fills->lock);
	for (nr = first; nr < first + PSW_FILL_WAYS; nr++) {
		if (!fills->fill[nr].pages) {
			found = nr;
		} else if (fills->fill[nr].word == word) {
			found = nr;
			break;
		}
	}
	if (found != PSW_FILL_NONE) {
		WRITE_ONCE(fills->fill[found].word, word);
		fills->fill[found].pages++;
	}
	spin_unlock(&fills->lock);
	return found;
}

/**
 * psw_fill_put() - one page less is made of a word
 * @fills: the words
 * @nr: the number of the word
 *
 * Context: any but interrupt handlers; interrupts may be off.
 */
void psw_fill_put(struct psw_fills *fills, u32 nr)
{
	if (nr == PSW_FILL_ZERO)
		return;

	spin_lock(&fills->lock);
	fills->fill[nr].pages--;
	spin_unlock(&fills->lock);
}
