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
 * that they have probably taken since their block was written. Each block records
 * the total of page writes to the region, so the difference to the newest total
 * tells how many these were. Charging too much wastes a few writes of a slot;
 * charging too little wears it out.
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

/* A block that does not record the total of page writes. */
#define PSW_RECOVER_UNKNOWN	U64_MAX

/* No block is older than this many rounds, whatever it says. */
#define PSW_RECOVER_ROUNDS	16u

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
		recovery->writes = psw_vzalloc(region->geo.table_blocks * sizeof(u64));
	}
	if (recovery->lost && (!unclean || (recovery->busy && recovery->leaving &&
					    recovery->writes)))
		return 0;
	psw_recovery_destroy(recovery);
	return -ENOMEM;
}

void psw_recovery_destroy(struct psw_recovery *recovery)
{
	vfree(recovery->lost);
	vfree(recovery->busy);
	vfree(recovery->leaving);
	vfree(recovery->writes);
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

/* Take the mark of a slot. */
static void psw_recover_note_entry(struct psw_recovery *recovery, u32 slot,
				   const struct psw_media_entry *entry)
{
	u16 flags = le16_to_cpu(entry->flags);

	if (flags & PSW_MEDIA_SLOT_BAD)
		return;
	if (flags & PSW_MEDIA_SLOT_LEAVING)
		__set_bit(slot, recovery->leaving);
	else if (flags & PSW_MEDIA_SLOT_BUSY)
		__set_bit(slot, recovery->busy);
}

/**
 * psw_recover_note() - take the marks and the total of a block of the slot table
 * @recovery: from psw_recovery_init()
 * @region: the region
 * @block: the current copy of the block
 *
 * Context: any.
 */
void psw_recover_note(struct psw_recovery *recovery, const struct psw_region *region,
		      const struct psw_media_table_block *block)
{
	u64 index = le64_to_cpu(block->index);
	u64 writes = psw_table_block_slot_writes(block, &region->geo);
	u32 i;

	if (!psw_recovery_is_unclean(recovery))
		return;
	recovery->newest = max(recovery->newest, writes);
	recovery->writes[index] = writes ? writes : PSW_RECOVER_UNKNOWN;
	for (i = 0; i < le32_to_cpu(block->entries_nr); i++)
		psw_recover_note_entry(recovery, index * PSW_MEDIA_ENTRIES_PER_BLOCK + i,
				       &block->entry[i]);
}

/**
 * psw_recover_note_unwritten() - take note of a block that was never written
 * @recovery: from psw_recovery_init()
 * @region: the region
 * @index: which block of the slot table
 *
 * All its slots were free when the region was formatted, before the first write.
 *
 * Context: any.
 */
void psw_recover_note_unwritten(struct psw_recovery *recovery,
				const struct psw_region *region, u64 index)
{
	if (psw_recovery_is_unclean(recovery))
		bitmap_set(recovery->busy, index * PSW_MEDIA_ENTRIES_PER_BLOCK,
			   psw_table_entries_nr(region->geo.slots_nr, index));
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

/*
 * The total of page writes that the medium records. @exact is set if no store is
 * likely to have followed: the last that was written is a whole checkpoint, or the
 * superblock of an attach.
 */
static u64 psw_recover_recorded(const struct psw_recovery *recovery,
				const struct psw_region *region, bool *exact)
{
	const struct psw_media_super *super = &region->super;
	u64 total = min(region->loaded[PSW_STAT_SLOT_WRITES],
			psw_slot_writes_max(region->geo.slots_nr));
	u64 oldest = U64_MAX;
	u64 index;

	for (index = 0; index < region->geo.table_blocks; index++)
		oldest = min(oldest, recovery->writes[index]);
	*exact = recovery->newest <= total &&
		 (total - min(total, oldest) < psw_sweep_stride(region->geo.slots_nr) ||
		  le64_to_cpu(super->attach_time) > le64_to_cpu(super->checkpoint_time));
	return max(total, recovery->newest);
}

/*
 * The total of page writes to the region at the shutdown. While the region is in use,
 * the sweep wakes up once a stride of stores. On average half of one has followed.
 */
static u64 psw_recover_total(const struct psw_recovery *recovery,
			     const struct psw_region *region)
{
	bool exact;
	u64 total = psw_recover_recorded(recovery, region, &exact);

	return exact ? total : total + psw_sweep_stride(region->geo.slots_nr) / 2;
}

/* Page writes to the region since block @index was written. */
static u64 psw_recover_stores(const struct psw_recovery *recovery,
			      const struct psw_region *region, u64 total, u64 index)
{
	u64 writes = recovery->writes[index];

	/* Older versions did not record it. While they ran, it was a round at most. */
	if (writes == PSW_RECOVER_UNKNOWN)
		return region->geo.slots_nr;
	return min_t(u64, total - min(total, writes),
		     region->geo.slots_nr * PSW_RECOVER_ROUNDS);
}

static bool psw_recover_is_marked(const struct psw_recovery *recovery, u32 slot)
{
	return test_bit(slot, recovery->busy) || test_bit(slot, recovery->leaving);
}

/* The slots that were marked, as the slot table tells. */
struct psw_recover_count {
	u32 top;	/* wear of the most worn busy slot */
	u32 busy;	/* how many are busy */
	u32 behind;	/* how many of these have not caught up with the top */
	u32 mean;	/* page writes to the region, per slot */
	u64 left;	/* page writes by @busy that are not charged yet */
};

/* Whether a marked slot receives stores before others do. */
static bool psw_recover_lags(const struct psw_recovery *recovery, u32 slot, u32 wear,
			     u32 top)
{
	return test_bit(slot, recovery->leaving) || wear + (u64)PSW_RECOVER_LAG <= top;
}

static void psw_recover_count(const struct psw_recovery *recovery,
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
		count->behind += psw_recover_lags(recovery, slot, info[slot].wear,
						  count->top);
	}
}

/*
 * Slots that lag receive stores first, until they have caught up. Other slots may have
 * come to lag, and caught up, since the table was written; a quarter of the stores is
 * left for them. So each lagging slot gets an even share of three quarters, rounded up.
 */
static u32 psw_recover_lagging(const struct psw_recover_count *count, u32 wear,
			       u64 stores)
{
	u64 share = DIV64_U64_ROUND_UP(stores * 3, 4ull * max(count->behind, 1u));

	return max_t(u64, wear, min_t(u64, wear + share, count->top));
}

/*
 * Any other busy slot gets twice an even share of all stores, as some of them are
 * written more often than others. What is left of a page write is carried over to the
 * next slot. No slot gets beyond the wear of the most-worn one, or the mean wear of
 * the region, if that is known to be higher.
 */
static u32 psw_recover_even(struct psw_recover_count *count, u32 wear, u64 stores)
{
	u32 busy = max(count->busy, 1u);
	u64 share;

	count->left += stores * 2;
	share = div_u64(count->left, busy);
	count->left -= share * busy;
	return max_t(u64, wear, min_t(u64, wear + share, max(count->top, count->mean)));
}

/* Charge slot @slot, which was marked, with its share of @stores stores. */
static void psw_recover_charge(const struct psw_recovery *recovery,
			       struct psw_recover_count *count,
			       struct psw_slot_info *info, u32 slot, u64 stores)
{
	if (psw_recover_lags(recovery, slot, info->wear, count->top))
		info->wear = psw_recover_lagging(count, info->wear, stores);
	else
		info->wear = psw_recover_even(count, info->wear, stores);
}

/**
 * psw_recover_wear() - charge the slots with the wear that was not recorded
 * @recovery: from psw_table_load()
 * @region: the region, not open yet
 *
 * Does nothing after a clean shutdown. The total of page writes to the region is
 * estimated too.
 *
 * Context: may sleep.
 */
void psw_recover_wear(const struct psw_recovery *recovery,
		      struct psw_region *region)
{
	struct psw_slot_info *info = region->slots.info;
	struct psw_recover_count count;
	u64 stores = 0, total;
	u32 slot;

	if (!psw_recovery_is_unclean(recovery))
		return;
	pr_info("%s: unclean shutdown: up to one round of wear was not recorded and is estimated\n",
		region->options.name);
	total = psw_recover_total(recovery, region);
	psw_recover_count(recovery, region, &count);
	count.mean = min_t(u64, DIV64_U64_ROUND_UP(total, region->geo.slots_nr), U32_MAX);
	for (slot = 0; slot < region->geo.slots_nr; slot++) {
		if (!(slot % PSW_MEDIA_ENTRIES_PER_BLOCK)) {
			stores = psw_recover_stores(recovery, region, total,
					slot / PSW_MEDIA_ENTRIES_PER_BLOCK);
			cond_resched();
		}
		if (psw_recover_is_marked(recovery, slot) &&
		    info[slot].state != PSW_SLOT_BAD)
			psw_recover_charge(recovery, &count, &info[slot], slot, stores);
	}
	region->loaded[PSW_STAT_SLOT_WRITES] = total;
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
 * The bad-slot list alone tells which of these slots were retired. A full or damaged
 * list may not tell all of them. Then all slots of the block are retired, because a
 * bad slot would cost a page.
 *
 * Context: may sleep.
 */
void psw_recover_lost(const struct psw_recovery *recovery, struct psw_region *region)
{
	bool retire = !psw_badlist_is_complete(region);
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
		retire ? ", and the slots are retired, as the bad-slot list is full or damaged" : "");
}
