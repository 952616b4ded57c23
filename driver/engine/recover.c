// SPDX-License-Identifier: GPL-2.0
/*
 * recover.c - the wear that the medium does not tell
 *
 * The wear on the medium may be a round old. After an unclean shutdown, the page
 * writes since then are unknown, and they are not spread evenly. A slot that a
 * move has just freed is the least worn. It may take hundreds of stores in a row
 * until it has caught up. If these were ignored, it would take them again, and
 * once more after each further unclean shutdown, until it wore out alone.
 *
 * So a block of the slot table marks the slots that will soon be written: BUSY if
 * the slot is free or was written lately, LEAVING if its page is about to move.
 * After an unclean shutdown, the marked slots are charged with the page writes
 * that they have probably taken since their block was written. The generations of
 * the blocks tell how long ago that was. Charging too much wastes a few writes of
 * a slot; charging too little wears it out.
 *
 * A block of the table may also be lost: it was written, and is valid in no copy.
 * Wear levelling keeps slots alike, so its slots get the mean wear of the others.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/bitmap.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include "badlist.h"
#include "mem.h"
#include "recover.h"
#include "region.h"

/* A slot that lags by this many page writes has not caught up yet. */
#define PSW_RECOVER_LAG		32u

/* Whether the shutdown before this open was unclean. */
static bool psw_recovery_is_unclean(const struct psw_recovery *recovery)
{
	return recovery->busy;
}

/**
 * psw_recovery_init() - prepare to read the slot table
 * @recovery: filled in
 * @region: the region, its superblock loaded
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int psw_recovery_init(struct psw_recovery *recovery, const struct psw_region *region)
{
	bool unclean = le32_to_cpu(region->super.state) == PSW_MEDIA_STATE_ATTACHED;
	u64 slots_nr = region->geo.slots_nr;

	memset(recovery, 0, sizeof(*recovery));
	recovery->lost = psw_vzalloc(BITS_TO_LONGS(region->geo.table_blocks) *
				     sizeof(long));
	if (unclean) {
		recovery->busy = psw_vzalloc(BITS_TO_LONGS(slots_nr) * sizeof(long));
		recovery->leaving = psw_vzalloc(BITS_TO_LONGS(slots_nr) * sizeof(long));
	}
	if (recovery->lost && (!unclean || (recovery->busy && recovery->leaving)))
		return 0;
	psw_recovery_destroy(recovery);
	return -ENOMEM;
}

void psw_recovery_destroy(struct psw_recovery *recovery)
{
	vfree(recovery->lost);
	vfree(recovery->busy);
	vfree(recovery->leaving);
}

/**
 * psw_recover_mark() - mark the slots of a block that will soon be written
 * @region: the region
 * @index: which block of the slot table it is
 * @block: the block, filled in but for the marks
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

/**
 * psw_recover_note() - take the marks of a block of the slot table
 * @recovery: from psw_recovery_init()
 * @block: the current copy of the block
 *
 * Context: any.
 */
void psw_recover_note(struct psw_recovery *recovery,
		      const struct psw_media_table_block *block)
{
	u32 first = le64_to_cpu(block->index) * PSW_MEDIA_ENTRIES_PER_BLOCK;
	u64 generation = le64_to_cpu(block->generation);
	u32 i;

	if (!psw_recovery_is_unclean(recovery))
		return;
	if (generation > recovery->newest) {
		recovery->newest = generation;
		recovery->newest_nr = 0;
	}
	recovery->newest_nr += generation == recovery->newest;
	for (i = 0; i < le32_to_cpu(block->entries_nr); i++) {
		u16 flags = le16_to_cpu(block->entry[i].flags);

		if (flags & PSW_MEDIA_SLOT_BAD)
			continue;
		if (flags & PSW_MEDIA_SLOT_LEAVING)
			__set_bit(first + i, recovery->leaving);
		else if (flags & PSW_MEDIA_SLOT_BUSY)
			__set_bit(first + i, recovery->busy);
	}
}

/**
 * psw_recover_note_lost() - take note of a block that is lost
 * @recovery: from psw_recovery_init()
 * @index: which block of the slot table
 *
 * Context: any.
 */
void psw_recover_note_lost(struct psw_recovery *recovery, u64 index)
{
	__set_bit(index, recovery->lost);
	recovery->lost_nr++;
}

/* Stores since block @index was written, if @next is the next block to write. */
static u64 psw_recover_stores(const struct psw_region *region, u64 index, u64 next)
{
	u64 slots_nr = region->geo.slots_nr;
	u64 end = min((index + 1) * PSW_MEDIA_ENTRIES_PER_BLOCK, slots_nr);
	u64 begin = next * PSW_MEDIA_ENTRIES_PER_BLOCK;

	/* On average, half of the stores for the next block have come in. */
	return (begin >= end ? begin - end : begin + slots_nr - end) +
	       PSW_MEDIA_ENTRIES_PER_BLOCK / 2;
}

/* The busy slots, as the slot table tells. */
struct psw_recover_count {
	u32 top;	/* wear of the most worn of them */
	u32 busy;	/* how many they are */
	u32 behind;	/* how many of them have not caught up with the top */
};

static void psw_recover_busy(const struct psw_recovery *recovery,
			     const struct psw_region *region,
			     struct psw_recover_count *count)
{
	const struct psw_slot_info *info = region->slots.info;
	u32 slots_nr = region->geo.slots_nr;
	u32 slot;

	memset(count, 0, sizeof(*count));
	for_each_set_bit(slot, recovery->busy, slots_nr) {
		count->top = max(count->top, info[slot].wear);
		if (!(++count->busy % 4096))
			cond_resched();
	}
	count->busy = 0;
	for_each_set_bit(slot, recovery->busy, slots_nr) {
		if (!(++count->busy % 4096))
			cond_resched();
		count->behind += count->top - info[slot].wear >= PSW_RECOVER_LAG;
	}
}

/*
 * Page writes to charge a slot with after @stores stores. Slots that lag receive
 * stores first. Other slots may have come to lag, and caught up, since the table
 * was written; a quarter of the stores is left for them. So each lagging slot gets
 * an even share of three quarters. The other busy slots get twice an even share of
 * all stores, as some of them are written more often than others.
 */
static u64 psw_recover_share(const struct psw_recover_count *count, u32 wear,
			     u64 stores)
{
	if (wear + (u64)PSW_RECOVER_LAG <= count->top)
		return div64_u64(stores * 3, 4ull * max(count->behind, 1u)) + 1;
	return div_u64(stores * 2, max(count->busy, 1u));
}

/**
 * psw_recover_wear() - charge the slots with the wear that was not recorded
 * @recovery: from psw_table_load()
 * @region: the region, not open yet
 *
 * Does nothing after a clean shutdown. No slot is charged beyond the wear of the most-worn busy slot.
 *
 * Context: may sleep.
 */
void psw_recover_wear(const struct psw_recovery *recovery,
		      struct psw_region *region)
{
	u64 attachments = le64_to_cpu(region->super.attach_generation);
	u64 first = psw_table_first_block(region->geo.table_blocks,
					  attachments - 1);
	u64 next = (first + recovery->newest_nr) % region->geo.table_blocks;
	struct psw_recover_count count;
	u32 slot;

	if (!psw_recovery_is_unclean(recovery))
		return;
	pr_info("%s: unclean shutdown: up to one round of wear was not recorded and is estimated\n",
		region->options.name);
	psw_recover_busy(recovery, region, &count);
	for (slot = 0; slot < region->geo.slots_nr; slot++) {
		struct psw_slot_info *info = &region->slots.info[slot];
		u64 stores = psw_recover_stores(region,
				slot / PSW_MEDIA_ENTRIES_PER_BLOCK, next);

		if (!(slot % 4096))
			cond_resched();
		if ((test_bit(slot, recovery->busy) ||
		     test_bit(slot, recovery->leaving)) &&
		    info->state != PSW_SLOT_BAD && info->wear < count.top)
			info->wear = min_t(u64, count.top, info->wear +
				psw_recover_share(&count, info->wear, stores));
	}
}

static bool psw_recover_slot_is_lost(const struct psw_recovery *recovery, u32 slot)
{
	return test_bit(slot / PSW_MEDIA_ENTRIES_PER_BLOCK, recovery->lost);
}

/* The mean wear of the slots that the table tells, in page writes. */
static u32 psw_recover_mean(const struct psw_recovery *recovery,
			    const struct psw_region *region)
{
	const struct psw_slot_info *info = region->slots.info;
	u64 sum = 0, slots_nr = 0;
	u32 slot;

	for (slot = 0; slot < region->geo.slots_nr; slot++) {
		if (!(slot % 4096))
			cond_resched();
		if (psw_recover_slot_is_lost(recovery, slot) ||
		    info[slot].state == PSW_SLOT_BAD)
			continue;
		sum += info[slot].wear;
		slots_nr++;
	}
	if (!slots_nr) {
		sum = le64_to_cpu(region->super.slot_writes);
		slots_nr = region->geo.slots_nr;
	}
	return min_t(u64, div64_u64(sum, slots_nr), U32_MAX);
}

/**
 * psw_recover_lost() - estimate the slots of the blocks that are lost
 * @recovery: from psw_table_load()
 * @region: the region, not open yet; its bad-slot list is loaded
 *
 * The bad-slot list alone tells which of these slots were retired. A full list does
 * not tell all of them. Then all slots of the block are retired, because a bad slot
 * would cost a page.
 *
 * Context: may sleep.
 */
void psw_recover_lost(const struct psw_recovery *recovery, struct psw_region *region)
{
	bool retire = psw_badlist_is_full(region);
	u32 mean, slot;

	if (!recovery->lost_nr)
		return;
	mean = psw_recover_mean(recovery, region);
	for (slot = 0; slot < region->geo.slots_nr; slot++) {
		if (!(slot % 4096))
			cond_resched();
		if (!psw_recover_slot_is_lost(recovery, slot))
			continue;
		region->slots.info[slot].wear = mean;
		if (retire)
			psw_slot_retire(&region->slots, slot);
	}
	pr_warn("%s: %llu blocks of the slot table are valid in no copy: the wear of their slots is estimated as %u page writes%s\n",
		region->options.name, recovery->lost_nr, mean,
		retire ? ", and the slots are retired, as the bad-slot list is full" : "");
}
