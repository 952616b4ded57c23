// SPDX-License-Identifier: GPL-2.0
/*
 * info.c - what a region tells about itself
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/printk.h>
#include "region.h"

/* Of a hundred slots, how many psw_region_reserve() keeps. */
#define PSW_RESERVE_PERCENT	1
#define PSW_RESERVE_MIN		32u

const char *psw_region_name(const struct psw_region *region)
{
	return region->options.name;
}

/**
 * psw_region_super() - the superblock of a region, for its uuid and label
 * @region: the region
 *
 * The fields that an update changes may be read while they change.
 */
const struct psw_media_super *psw_region_super(const struct psw_region *region)
{
	return &region->super;
}

u64 psw_region_slots_nr(const struct psw_region *region)
{
	return region->geo.slots_nr;
}

/**
 * psw_region_free_nr() - count the free slots
 * @region: the region
 *
 * Context: any but interrupt handlers.
 * Return: how many; exact when nothing else runs.
 */
u32 psw_region_free_nr(struct psw_region *region)
{
	return psw_slots_free_nr(&region->slots);
}

u32 psw_region_bad_nr(const struct psw_region *region)
{
	return atomic_read(&region->slots.bad_nr);
}

/**
 * psw_region_reserve() - slots that no swap area is promised
 * @region: the region
 *
 * Slots may be retired, and pages moved, while a swap area is in use. The reserve
 * keeps enough free slots for the pages that were promised room.
 *
 * Context: any.
 * Return: how many slots.
 */
u32 psw_region_reserve(const struct psw_region *region)
{
	return max_t(u32, region->geo.slots_nr / 100 * PSW_RESERVE_PERCENT,
		     PSW_RESERVE_MIN);
}

/**
 * psw_region_capacity() - pages that certainly find a slot
 * @region: the region
 *
 * Context: any.
 * Return: how many pages; 0 if nearly every slot is retired.
 */
u32 psw_region_capacity(const struct psw_region *region)
{
	u32 taken = psw_region_reserve(region) + psw_region_bad_nr(region);

	return taken < region->geo.slots_nr ? region->geo.slots_nr - taken : 0;
}

/**
 * psw_region_stat() - read a counter
 * @region: the region
 * @stat: which counter
 *
 * Context: any.
 * Return: its value; exact when nothing else runs.
 */
u64 psw_region_stat(const struct psw_region *region, enum psw_stat stat)
{
	return psw_stat_sum(region->stats, stat);
}

/**
 * psw_region_wear() - how worn the slots were at the last scan
 * @region: the region
 * @wear: filled in
 *
 * A scan runs at open and at the begin of each round.
 *
 * Context: any but interrupt handlers.
 */
void psw_region_wear(struct psw_region *region, struct psw_wear *wear)
{
	spin_lock(&region->wear_lock);
	*wear = region->wear;
	spin_unlock(&region->wear_lock);
}

bool psw_region_is_closing(const struct psw_region *region)
{
	return READ_ONCE(region->closing);
}

/**
 * psw_region_promise() - promise all slots to the disk, or stop doing so
 * @region: the region
 * @promised: whether the disk is open
 *
 * Context: any.
 */
void psw_region_promise(struct psw_region *region, bool promised)
{
	WRITE_ONCE(region->promised, promised);
}

/**
 * psw_region_mark_dead() - log once that the device was removed
 * @region: the region
 *
 * Context: any.
 */
void psw_region_mark_dead(struct psw_region *region)
{
	if (!xchg(&region->dead, true))
		pr_err("%s: the device was removed, and all pages in its slots with it: end the programs that have pages there, swapoff, and detach\n",
			region->options.name);
}
