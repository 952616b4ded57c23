/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fill.h - the words that same-filled pages are made of
 */
#ifndef PSW_FILL_H
#define PSW_FILL_H

#include <linux/spinlock.h>
#include <linux/types.h>

#define PSW_FILL_NONE	(~0u)
#define PSW_FILL_ZERO	0u	/* number of the word 0, always there */
#define PSW_FILL_SETS	128u
#define PSW_FILL_WAYS	8u

/**
 * struct psw_fill - one word and the pages made of it
 * @word: the word
 * @pages: how many pages; 0 makes room for another word
 */
struct psw_fill {
	u64 word;
	u32 pages;
};

/**
 * struct psw_fills - the words in use, in sets by hash
 * @lock: guards the fills; taken inside no other lock of ours
 * @fill: the words; [0] is the word 0 for good and not counted
 */
struct psw_fills {
	spinlock_t lock;
	struct psw_fill fill[1 + PSW_FILL_SETS * PSW_FILL_WAYS];
};

bool psw_page_is_filled(const void *page, u64 *word);
void psw_fills_init(struct psw_fills *fills);
u32 psw_fill_get(struct psw_fills *fills, u64 word);
void psw_fill_put(struct psw_fills *fills, u32 nr);

/* The word of fill @nr; the caller checks afterwards that it still holds it. */
static inline u64 psw_fill_word(const struct psw_fills *fills, u32 nr)
{
	return READ_ONCE(fills->fill[nr].word);
}

#endif /* PSW_FILL_H */
