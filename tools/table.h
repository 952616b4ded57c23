/* SPDX-License-Identifier: GPL-2.0 */
/*
 * table.h - the slot table of a region, both copies of it
 */
#ifndef PSW_TOOLS_TABLE_H
#define PSW_TOOLS_TABLE_H

#include "region.h"

/**
 * enum table_status - what became of one copy of one table block
 * @TABLE_VALID: written by this table
 * @TABLE_NEVER: not written yet, as its copy was never completed
 * @TABLE_DAMAGED: its copy was completed, but this is not what was written
 * @TABLE_UNREADABLE: the medium answered with an error
 */
enum table_status {
	TABLE_VALID,
	TABLE_NEVER,
	TABLE_DAMAGED,
	TABLE_UNREADABLE,
};

/**
 * struct table_block - one table block with its two copies
 * @index: its number
 * @status: of each copy
 * @media: each copy; only to be looked into with TABLE_VALID
 * @current: enum psw_table_source: the current copy, or why there is none
 * @first_slot: of the entries in it
 * @entries_nr: how many entries
 */
struct table_block {
	__u64 index;
	enum table_status status[2];
	const struct psw_media_table_block *media[2];
	int current;
	__u64 first_slot;
	__u32 entries_nr;
};

/* Wants the next block: 0; anything else ends the walk and is its result. */
typedef int (*table_visit)(const struct table_block *block, void *context);

int table_walk(const struct region *region, __u64 first, __u64 blocks_nr,
	       table_visit visit, void *context);

static inline bool table_copy_is_damaged(enum table_status status)
{
	return status == TABLE_DAMAGED || status == TABLE_UNREADABLE;
}

/* Nothing survives of a block that was written once. */
static inline bool table_block_is_lost(const struct table_block *block)
{
	return block->current == PSW_TABLE_LOST;
}

/* An entry by its place in the block; of a block never written, all zeros. */
static inline struct psw_media_entry table_entry(const struct table_block *block,
						 __u32 i)
{
	static const struct psw_media_entry zero;

	return block->current < 0 ? zero : block->media[block->current]->entry[i];
}

#endif /* PSW_TOOLS_TABLE_H */
