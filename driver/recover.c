// SPDX-License-Identifier: GPL-2.0
/*
 * recover.c - what a power cut made us forget
 *
 * Wear on the medium is up to a round old. If the power is cut, what the slots
 * took since is lost, and it is not spread evenly: a slot that was freed after a
 * page had stayed in it for long is the least worn, and may take hundreds of
 * stores in a row until it has caught up. If these were forgotten it would take
 * them again, and again after the next cut, and wear out alone.
 *
 * So what a block of the slot table says of a slot, beside its wear, is whether
 * it is about to be written: because it is free or was written lately (BUSY), or
 * because its page is about to be moved away (LEAVING). After a cut these slots
 * are charged with what they have likely taken since their block was written;
 * when that was, the generations of the blocks tell. Rather too much than too
 * little: the first costs a few writes of one slot, the second its life.
 */
#include <linux/bitmap.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/sched.h>
#include "engine.h"

/* By how many page writes a slot lags that has yet to catch up. */
#define PSW_RECOVER_LAG		32u

/* psw_slot.round, until the region is open */
#define PSW_RECOVER_AT_REST		0u
#define PSW_RECOVER_IN_USE		1u
#define PSW_RECOVER_LEAVING		2u

/**
 * psw_recover_mark() - mark the slots of a block that are about to be written
 * @region: the region
 * @index: which block of the slot table it is
 * @block: the block, as yet without marks
 *
 * Context: any; region->sweep.lock is held.
 */
void psw_recover_mark(const struct psw_region *region, u64 index,
		  struct psw_media_table_block *block)
{
	const struct psw_slot_info *info =
		&region->slots.info[index * PSW_MEDIA_ENTRIES_PER_BLOCK];
	u32 i;

	for (i = 0; i < psw_table_entries_nr(region->geo.slots_nr, index); i++) {
		__le16 *flags = &block->entry[i].flags;

		if (*flags & cpu_to_le16(PSW_MEDIA_SLOT_BAD))
			continue;
		if (test_bit(i, region->wl.chosen))
			*flags |= cpu_to_le16(PSW_MEDIA_SLOT_LEAVING);
		else if (!(*flags & cpu_to_le16(PSW_MEDIA_SLOT_USED)) ||
			 psw_slot_rounds(region, &info[i]) <= 1)
			*flags |= cpu_to_le16(PSW_MEDIA_SLOT_BUSY);
	}
}

static u8 psw_recover_use(u16 flags)
{
	if (flags & PSW_MEDIA_SLOT_BAD)
		return PSW_RECOVER_AT_REST;
	if (flags & PSW_MEDIA_SLOT_LEAVING)
		return PSW_RECOVER_LEAVING;
	return flags & PSW_MEDIA_SLOT_BUSY ? PSW_RECOVER_IN_USE : PSW_RECOVER_AT_REST;
}

/**
 * psw_recover_note() - see what a block of the slot table says of its slots
 * @recovery: of all blocks so far; all zero before the first
 * @region: the region, not open yet
 * @index: which block it is
 * @block: the block; it counts
 *
 * Context: any.
 */
void psw_recover_note(struct psw_recovery *recovery, struct psw_region *region, u64 index,
		  const struct psw_media_table_block *block)
{
	struct psw_slot_info *info =
		&region->slots.info[index * PSW_MEDIA_ENTRIES_PER_BLOCK];
	u64 generation = le64_to_cpu(block->generation);
	u32 i;

	if (generation > recovery->newest) {
		recovery->newest = generation;
		recovery->newest_nr = 0;
	}
	recovery->newest_nr += generation == recovery->newest;
	for (i = 0; i < le32_to_cpu(block->entries_nr); i++)
		info[i].round = psw_recover_use(le16_to_cpu(block->entry[i].flags));
}

/* Stores that came after block @index was written, if @next is the next block. */
static u64 psw_recover_stores(const struct psw_region *region, u64 index, u64 next)
{
	u64 slots_nr = region->geo.slots_nr;
	u64 end = min((index + 1) * PSW_MEDIA_ENTRIES_PER_BLOCK, slots_nr);
	u64 begin = next * PSW_MEDIA_ENTRIES_PER_BLOCK;

	/* Of those that the next block is waiting for, half. */
	return (begin >= end ? begin - end : begin + slots_nr - end) +
	       PSW_MEDIA_ENTRIES_PER_BLOCK / 2;
}

/* The slots that were in use, as the slot table tells. */
struct psw_recover_count {
	u32 top;	/* wear of the most worn of them */
	u32 in_use;	/* how many */
	u32 behind;	/* of them, how many had yet to catch up with the top */
};

static void psw_recover_count(const struct psw_region *region,
			  struct psw_recover_count *count)
{
	const struct psw_slot_info *info = region->slots.info;
	u32 slot;

	memset(count, 0, sizeof(*count));
	for (slot = 0; slot < region->slots.slots_nr; slot++)
		if (info[slot].round == PSW_RECOVER_IN_USE)
			count->top = max(count->top, info[slot].wear);
	for (slot = 0; slot < region->slots.slots_nr; slot++) {
		if (info[slot].round != PSW_RECOVER_IN_USE)
			continue;
		count->in_use++;
		count->behind += count->top - info[slot].wear >= PSW_RECOVER_LAG;
	}
}

/*
 * What a slot that was in use has likely taken in @stores stores. Stores go to slots
 * that are behind first, so these share them evenly; a quarter is for those that
 * came and went. The others take what is left, and are charged with twice what
 * they would take if that were all, as some are written more often than others.
 */
static u64 psw_recover_share(const struct psw_recover_count *count, u32 wear, u64 stores)
{
	if (wear + (u64)PSW_RECOVER_LAG <= count->top)
		return div64_u64(stores * 3, 4ull * max(count->behind, 1u)) + 1;
	return div_u64(stores * 2, max(count->in_use, 1u));
}

/**
 * psw_recover_wear() - charge the slots with what a power cut made us forget
 * @recovery: from psw_recover_note() of every block
 * @region: the region, not open yet
 *
 * No slot is charged to be worn more than the most worn of those in use was.
 *
 * Context: may sleep; walks all slots.
 */
void psw_recover_wear(const struct psw_recovery *recovery, struct psw_region *region)
{
	u64 attachments = le64_to_cpu(region->super.attach_generation);
	u64 first = psw_table_first_block(region->geo.table_blocks,
					  attachments - 1);
	u64 next = (first + recovery->newest_nr) % region->geo.table_blocks;
	struct psw_recover_count count;
	u32 slot;

	psw_recover_count(region, &count);
	for (slot = 0; slot < region->slots.slots_nr; slot++) {
		struct psw_slot_info *info = &region->slots.info[slot];
		u64 stores = psw_recover_stores(region,
					slot / PSW_MEDIA_ENTRIES_PER_BLOCK, next);

		if (!(slot % 4096))
			cond_resched();
		if (info->round != PSW_RECOVER_AT_REST && info->wear < count.top)
			info->wear = min_t(u64, count.top, info->wear +
				psw_recover_share(&count, info->wear, stores));
		info->round = 0;
	}
}
