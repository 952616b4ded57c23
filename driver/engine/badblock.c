// SPDX-License-Identifier: GPL-2.0
/*
 * badblock.c - slots in ranges that the device knows to be bad
 *
 * The bad-block list of a device grows while a region is open: a machine check or a
 * scrub of the platform adds to it. The list has a stamp, which changes with it. As
 * soon as the stamp has changed,
 *
 * - a slot that is taken for a page is looked up in the list before it is used,
 * - a page in a bad range is not read (psw_slot_read()),
 * - the sweep passes over the list, and retires the slots in it.
 *
 * Invariant: once the sweep has applied the list of a stamp, each slot in a bad
 * range of that list is retired, and no page is in one.
 */
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include "badblock.h"
#include "badlist.h"
#include "load.h"
#include "meta.h"
#include "region.h"

/* Call @handle for each slot in a bad range. Return: whether any call was false. */
static bool psw_badblock_each(struct psw_region *region,
			      bool (*handle)(struct psw_region *region, u32 slot))
{
	u64 end = psw_slot_off(&region->geo, region->geo.slots_nr);
	u64 off = region->geo.data_off;
	u64 bad_off, bad_bytes;
	bool left = false;

	while (off < end && psw_meta_next_bad(region, off, end - off, &bad_off,
					      &bad_bytes)) {
		u64 slot = (bad_off - region->geo.data_off) / PSW_MEDIA_SLOT_BYTES;

		for (; psw_slot_off(&region->geo, slot) < bad_off + bad_bytes; slot++) {
			left |= !handle(region, slot);
			cond_resched();
		}
		off = psw_slot_off(&region->geo, slot);
	}
	return left;
}

static bool psw_badblock_retire(struct psw_region *region, u32 slot)
{
	psw_badlist_retire(region, slot, PSW_MEDIA_BAD_BADBLOCK);
	return true;
}

/**
 * psw_badblock_exclude() - retire the slots in bad ranges, before any is used
 * @region: the region, not open yet; its bad-slot list is loaded
 *
 * Context: may sleep; inside psw_pmem_enter().
 */
void psw_badblock_exclude(struct psw_region *region)
{
	region->bad_stamp = psw_meta_bad_stamp(region);
	psw_badblock_each(region, psw_badblock_retire);
}

/*
 * Retire a slot that nobody uses. The page in one that is used is lost, and its slot
 * retired. It is not read: what can be read of it is not all of it. Return: false if
 * the slot is used, and no page of ours is in it.
 */
static bool psw_badblock_clear(struct psw_region *region, u32 slot)
{
	if (psw_slot_doom(&region->slots, slot)) {
		psw_badlist_add(region, slot, PSW_MEDIA_BAD_BADBLOCK);
		return true;
	}
	return psw_slot_is_bad(&region->slots, slot) ||
	       psw_page_lose(region, slot, PSW_MEDIA_BAD_BADBLOCK);
}

/**
 * psw_badblock_apply() - retire the slots in ranges that became bad
 * @region: the region
 *
 * Does nothing if the bad-block list has not changed.
 *
 * Context: may sleep; region->sweep.lock is held; inside psw_pmem_enter().
 */
void psw_badblock_apply(struct psw_region *region)
{
	unsigned int stamp = psw_meta_bad_stamp(region);

	lockdep_assert_held(&region->sweep.lock);
	if (stamp == region->bad_stamp)
		return;
	/*
	 * A slot that was taken before the list changed may be used, but not be in
	 * the index yet. After a grace period it is there, or it was freed.
	 */
	if (psw_badblock_each(region, psw_badblock_clear)) {
		synchronize_rcu();
		psw_badblock_each(region, psw_badblock_clear);
	}
	WRITE_ONCE(region->bad_stamp, stamp);
}

/* A psw_slots.refuse. The caller owns the slot. */
static bool psw_badblock_refuse(void *context, u32 slot)
{
	struct psw_region *region = context;

	if (likely(!psw_meta_bad_changed(region)))
		return false;
	psw_region_wake_sweep(region);
	if (!psw_meta_is_bad(region, psw_slot_off(&region->geo, slot),
			     PSW_MEDIA_SLOT_BYTES))
		return false;
	psw_badlist_retire(region, slot, PSW_MEDIA_BAD_BADBLOCK);
	return true;
}

/**
 * psw_badblock_watch() - let no slot in a bad range be taken from now on
 * @region: the region
 *
 * Context: any; nobody uses the slots yet.
 */
void psw_badblock_watch(struct psw_region *region)
{
	if (!region->options.bad_stamp)
		return;
	region->slots.refuse_context = region;
	region->slots.refuse = psw_badblock_refuse;
}
