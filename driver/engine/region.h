/* SPDX-License-Identifier: GPL-2.0 */
/*
 * region.h - a region in use, private to the engine
 *
 * Lock order, outermost first:
 *
 *	psw_scrub.lock (mutex)		the scrub
 *	psw_sweep.lock (mutex)		the sweep
 *	psw_region.meta_lock (mutex)	superblock and slot table on the medium
 *	psw_region.bad_lock		bad-slot list on the medium, bounce page
 *	psw_magazine.lock		free slots of one CPU
 *	psw_slots.freelist_lock		free list
 *	psw_region.wear_lock		result of the last scan, inside no other lock
 *	psw_spares.lock			spare pages of memory, likewise
 *
 * A store takes the lock of its CPU's magazine, which other CPUs rarely take, and
 * the lock of the free list once a batch. No spinlock is taken in an interrupt
 * handler; all of them may be taken with interrupts off.
 */
#ifndef PSW_REGION_H
#define PSW_REGION_H

#include <linux/mutex.h>
#include <linux/types.h>
#include "../../layout/pmemswap_layout.h"
#include "index.h"
#include "pmem.h"
#include "scrub.h"
#include "slot.h"
#include "spare.h"
#include "stats.h"
#include "store.h"
#include "sweep.h"
#include "wl.h"

/**
 * struct psw_region - a region in use
 * @pmem: the mapped region; outlives this
 * @options: how it is run
 * @geo: where everything is in it
 * @slots: its slots
 * @spares: pages of memory for the index, for stores that find none
 * @stats: its counters
 * @loaded: what the superblock said at open, by counter; of those that it keeps
 * @sweep: the pass over all slots
 * @scrub: the pass that reads all slots in use
 * @wl: static wear levelling
 * @wear_lock: guards @wear
 * @wear: result of the last scan
 * @disk: the index of its disk
 * @foreign: the indexes of the other swap areas, by number
 * @closing: stores are rejected
 * @dead: the device was removed, and the log says so
 * @promised: the disk is open, so all slots are promised to it
 * @rounds: rounds that ended since open
 * @wear_mean: mean wear of a slot at open
 * @meta_lock: guards @super, @super_copy and writes of superblock and table
 * @super: the superblock as last written
 * @super_copy: the copy it was written to
 * @super_whole: the next update must write the whole block
 * @table_newest: psw_table_newest_generation() of all blocks at open
 * @bad_lock: guards @bad_nr, @bounce and writes of the bad-slot list
 * @bad_nr: entries in the bad-slot list
 * @bad_damaged: entries of the list were damaged or unreadable at open
 * @bad_unflushed: entries were added to the list, and not flushed
 * @bad_stamp: of the bad-block list of the device that was applied last
 * @bounce: a page to read into where nobody else looks
 */
struct psw_region {
	const struct psw_pmem *pmem;
	struct psw_region_options options;
	struct psw_geometry geo;
	struct psw_slots slots;
	struct psw_spares spares;
	struct psw_stats __percpu *stats;
	u64 loaded[PSW_STATS_NR];
	struct psw_sweep sweep;
	struct psw_scrub scrub;
	struct psw_wl wl;
	spinlock_t wear_lock;
	struct psw_wear wear;
	struct psw_area *disk;
	struct psw_area *foreign[PSW_FOREIGN_AREAS];
	bool closing;
	bool dead;
	bool promised;
	u32 rounds;
	u32 wear_mean;
	struct mutex meta_lock;
	struct psw_media_super super;
	int super_copy;
	bool super_whole;
	u64 table_newest;
	spinlock_t bad_lock;
	u32 bad_nr;
	bool bad_damaged;
	bool bad_unflushed;
	unsigned int bad_stamp;
	void *bounce;
};

static inline void psw_region_count(struct psw_region *region,
				    enum psw_stat stat, s64 delta)
{
	psw_stat_add(region->stats, stat, delta);
}

/* A counter over the whole life of the region, of those that the superblock keeps. */
static inline u64 psw_region_total(const struct psw_region *region, enum psw_stat stat)
{
	return region->loaded[stat] + psw_stat_sum(region->stats, stat);
}

/* Let psw_sweep_run() be called soon. */
static inline void psw_region_wake_sweep(struct psw_region *region)
{
	const struct psw_notify *notify = &region->slots.notify;

	/* NULL until the region is open. */
	if (notify->call)
		notify->call(notify->context);
}

/* info.c */
void psw_region_mark_dead(struct psw_region *region);

/* Page writes that a slot has taken, on average. */
static inline u32 psw_region_age(const struct psw_region *region)
{
	return region->wear_mean + READ_ONCE(region->rounds);
}

/* Rounds that ended since a slot was last written, modulo 256. */
static inline u8 psw_slot_rounds(const struct psw_region *region,
				 const struct psw_slot_info *info)
{
	return READ_ONCE(region->rounds) - READ_ONCE(info->round);
}

/**
 * psw_region_area() - find a swap area by its number
 * @region: the region
 * @number: owner_area of a slot; may be out of date
 *
 * Context: any, inside rcu_read_lock().
 * Return: the area, or NULL if the region serves no area of that number.
 */
static inline struct psw_area *psw_region_area(struct psw_region *region,
					       u16 number)
{
	if (number == PSW_MEDIA_AREA_DISK)
		return region->disk;
	if (number >= PSW_FOREIGN_AREAS)
		return NULL;
	/* Pairs with psw_area_bind(). */
	return smp_load_acquire(&region->foreign[number]);
}

#endif /* PSW_REGION_H */
