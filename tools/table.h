/* SPDX-License-Identifier: GPL-2.0 */
/*
 * table.h - the slot table, in both copies
 */
#ifndef PSW_TOOLS_TABLE_H
#define PSW_TOOLS_TABLE_H

#include "region.h"

/* The state of one copy of a table block. */
enum table_status {
	TABLE_VALID,
	TABLE_NEVER,		/* not written yet */
	TABLE_DAMAGED,		/* was written, but is not valid */
	TABLE_UNREADABLE,	/* the device returned an error */
};

/* A table block in both copies. */
struct table_block {
	__u64 index;
	enum table_status status[2];
	const struct psw_media_table_block *media[2];	/* may be read with TABLE_VALID */
	int current;					/* enum psw_table_source */
	__u64 first_slot;
	__u32 entries_nr;
	__u32 wear_limit;				/* psw_wear_limit() */
};

/* Returns 0 to go on. Any other value ends the walk, which returns it. */
typedef int (*table_visit)(const struct table_block *block, void *context);

int table_walk(const struct region *region, __u64 first, __u64 blocks_nr,
	       table_visit visit, void *context);

static inline bool table_copy_is_damaged(enum table_status status)
{
	return status == TABLE_DAMAGED || status == TABLE_UNREADABLE;
}

/* The block was written, and no copy of it is valid. */
static inline bool table_block_is_lost(const struct table_block *block)
{
	return block->current == PSW_TABLE_LOST;
}

/*
 * Entry @i of a block, with a wear that is possible. A block without a current copy
 * has entries of zeros.
 */
static inline struct psw_media_entry table_entry(const struct table_block *block,
						 __u32 i)
{
	struct psw_media_entry entry = { 0 };

	if (block->current >= 0) {
		entry = block->media[block->current]->entry[i];
		entry.wear = __cpu_to_le32(psw_entry_wear(&entry, block->wear_limit));
	}
	return entry;
}

#endif /* PSW_TOOLS_TABLE_H */
