// SPDX-License-Identifier: GPL-2.0
/*
 * badlist.c - the bad-slot list on the medium
 *
 * A slot that failed is added to the list at once, as the next write of the slot
 * table may be a round away.
 *
 * Invariant: entries are written in order, and each is fenced before the next. So
 * a power loss can tear only the last one, whose checksum then is wrong.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include "badlist.h"
#include "meta.h"
#include "region.h"

static u64 psw_badlist_off(const struct psw_region *region, u32 index)
{
	return region->geo.bad_off + (u64)index * sizeof(struct psw_media_bad);
}

static u32 psw_badlist_room(const struct psw_region *region)
{
	return region->geo.bad_blocks * PSW_MEDIA_BAD_PER_BLOCK;
}

/* What was found of the list so far. */
struct psw_badlist_scan {
	u32 damaged;	/* entries that are damaged or cannot be read */
	u32 zeros;	/* empty entries since the last entry */
};

/* Take an entry as it was read; @bad is NULL if it cannot be read. */
static void psw_badlist_take(struct psw_region *region, u32 index,
			     const struct psw_media_bad *bad,
			     struct psw_badlist_scan *scan)
{
	if (!bad) {
		scan->damaged++;
		/* It may be an entry, unless the list has ended before. */
		if (!scan->zeros)
			region->bad_nr = index + 1;
		return;
	}
	if (psw_bad_is_empty(bad)) {
		scan->zeros++;
		return;
	}
	scan->damaged += scan->zeros;
	scan->zeros = 0;
	region->bad_nr = index + 1;
	if (psw_bad_check(bad, &region->geo, le64_to_cpu(region->super.table_seed)))
		psw_slot_retire(&region->slots, le64_to_cpu(bad->slot));
	else
		scan->damaged++;
}

/* Nobody else uses the bounce page yet. */
static void psw_badlist_take_block(struct psw_region *region, u32 first,
				   struct psw_badlist_scan *scan)
{
	struct psw_media_bad *bad = region->bounce;
	bool whole = !psw_meta_read(region, psw_badlist_off(region, first), bad,
				    PSW_MEDIA_BLOCK_BYTES);
	u32 i;

	for (i = 0; i < PSW_MEDIA_BAD_PER_BLOCK; i++) {
		bool good = whole ||
			    !psw_meta_read(region, psw_badlist_off(region, first + i),
					   &bad[i], sizeof(*bad));

		psw_badlist_take(region, first + i, good ? &bad[i] : NULL, scan);
	}
}

/**
 * psw_badlist_load() - retire the slots that the list names
 * @region: the region, not open yet; its superblock and slots are loaded
 *
 * Damage is logged. It is no reason to refuse a region, as the slot table names
 * the bad slots too.
 *
 * Context: may sleep; reads only.
 */
void psw_badlist_load(struct psw_region *region)
{
	struct psw_badlist_scan scan = {};
	u32 first;

	region->bad_nr = 0;
	for (first = 0; first < psw_badlist_room(region);
	     first += PSW_MEDIA_BAD_PER_BLOCK) {
		psw_badlist_take_block(region, first, &scan);
		cond_resched();
	}
	region->bad_damaged = scan.damaged;
	if (scan.damaged)
		pr_warn("%s: %u entries of the bad-slot list are damaged: pmemswap-fmt check --repair drops them\n",
			region->options.name, scan.damaged);
}

/*
 * No entry goes to a range that is known to be bad, as the next attach does not
 * read it there. A reader skips what it cannot read. It also skips the zeros that are
 * left if somebody clears the range.
 */
static void psw_badlist_skip_bad(struct psw_region *region)
{
	u64 end = psw_badlist_off(region, psw_badlist_room(region));
	u64 off = psw_badlist_off(region, region->bad_nr);
	u64 bad_off, bad_bytes;

	while (off < end && psw_meta_next_bad(region, off, end - off, &bad_off,
					      &bad_bytes) &&
	       bad_off < off + sizeof(struct psw_media_bad)) {
		off = psw_align_up(bad_off + bad_bytes, sizeof(struct psw_media_bad));
		region->bad_nr = (off - region->geo.bad_off) /
				 sizeof(struct psw_media_bad);
	}
}

static bool psw_badlist_is_full(const struct psw_region *region)
{
	return region->bad_nr >= psw_badlist_room(region);
}

/**
 * psw_badlist_is_complete() - whether the list names all slots that were retired
 * @region: the region; its list is loaded
 *
 * Context: any.
 * Return: false if it may lack one: it was full, or one of its entries was damaged.
 */
bool psw_badlist_is_complete(const struct psw_region *region)
{
	return !psw_badlist_is_full(region) && !region->bad_damaged;
}

/**
 * psw_badlist_add() - add a slot that was retired to the list
 * @region: the region
 * @slot: the slot
 * @reason: PSW_MEDIA_BAD_*
 *
 * Context: any but interrupt handlers; inside psw_pmem_enter().
 */
void psw_badlist_add(struct psw_region *region, u32 slot, u32 reason)
{
	struct psw_media_bad bad = {
		.slot = cpu_to_le64(slot),
		.reason = cpu_to_le32(reason),
	};

	psw_bad_seal(&bad, le64_to_cpu(region->super.table_seed));

	spin_lock(&region->bad_lock);
	psw_badlist_skip_bad(region);
	if (!psw_badlist_is_full(region)) {
		psw_pmem_write(region->pmem,
				psw_badlist_off(region, region->bad_nr++), &bad,
				sizeof(bad));
		psw_pmem_fence();
		psw_region_count(region, PSW_STAT_META_BYTES,
				 PSW_MEDIA_LINE_BYTES);
	}
	spin_unlock(&region->bad_lock);

	if (region->pmem->flush) {
		WRITE_ONCE(region->bad_unflushed, true);
		psw_region_wake_sweep(region);
	}
}

/**
 * psw_badlist_flush() - flush the entries that were added since the last flush
 * @region: the region
 *
 * A slot may be retired where nothing may sleep, but a flush sleeps. So the sweep
 * calls this soon afterwards.
 *
 * Context: may sleep; inside psw_pmem_enter().
 */
void psw_badlist_flush(struct psw_region *region)
{
	if (!xchg(&region->bad_unflushed, false))
		return;
	/* After an error, the next superblock is the next try. */
	if (psw_pmem_flush(region->pmem))
		pr_warn("%s: the bad-slot list cannot be flushed: slots retired since the last checkpoint are lost if the power is\n",
			region->options.name);
}

/**
 * psw_badlist_retire() - retire a slot for good, and add it to the list
 * @region: the region
 * @slot: the slot; the caller owns it
 * @reason: PSW_MEDIA_BAD_*
 *
 * Context: any but interrupt handlers; inside psw_pmem_enter().
 */
void psw_badlist_retire(struct psw_region *region, u32 slot, u32 reason)
{
	if (psw_slot_retire(&region->slots, slot))
		psw_badlist_add(region, slot, reason);
}
