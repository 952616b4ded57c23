/* SPDX-License-Identifier: GPL-2.0 */
/*
 * engine.h - a region as a store of pages
 *
 * Lock order, outermost first:
 *
 *	psw_sweep.lock (mutex)		the sweep past the slots
 *	psw_region.meta_lock (mutex)	superblock and slot table on the medium
 *	psw_region.bad_lock		bad-slot list on the medium
 *	psw_magazine.lock		slots at hand, one CPU
 *	psw_slots.freelist_lock		free slots
 *
 * The way of a page takes a magazine's lock, which other CPUs leave alone, and
 * once in a batch the free list's. None of the spinlocks is taken in an interrupt
 * handler; all may be taken with interrupts off.
 */
#ifndef PSW_ENGINE_H
#define PSW_ENGINE_H

#include <linux/gfp.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include "../layout/pmemswap_layout.h"
#include "recover.h"
#include "index.h"
#include "wl.h"
#include "pmem.h"
#include "sweep.h"
#include "slot.h"
#include "stats.h"

struct psw_region;

/**
 * struct psw_region_options - how a region is to be run
 * @name: what messages call it; outlives the region
 * @verify: checksum what is stored, and verify what is loaded
 * @zero_pages: keep pages of zeros in the index alone
 * @wear_mode: how much is done to wear the slots evenly
 * @wl_gap: page writes that a move has to even out at least; 0 is 64
 * @wl_rate: stores for each move at least; 0 is by age
 * @next_bad: find the first range known to be bad in @bytes at @off of the
 *	region: true, and where it is, or false; may be NULL
 * @sweep_due: called when psw_sweep_run() has something to do; may be NULL.
 *	Context: any; must not sleep.
 * @context: for both
 */
struct psw_region_options {
	const char *name;
	bool verify;
	bool zero_pages;
	enum psw_wear_mode wear_mode;
	u32 wl_gap;
	u32 wl_rate;
	bool (*next_bad)(void *context, u64 off, u64 bytes,
			 u64 *bad_off, u64 *bad_bytes);
	void (*sweep_due)(void *context);
	void *context;
};

/* Swap areas that are not the disk's: at most this many, numbered from 0. */
#define PSW_FOREIGN_AREAS	64u

/**
 * struct psw_region - a region under our format, in use
 * @pmem: the mapped region; outlives this
 * @options: how it is run
 * @geo: where everything is in it
 * @slots: its slots
 * @stats: what it counts
 * @sweep: the walk past its slots
 * @wl: its static levelling
 * @disk: the index of its own disk
 * @foreign: the indexes of other swap areas that it serves, by number
 * @closing: no more stores
 * @dead: the device was removed, and the log says so
 * @promised: the disk is in use, and with it all slots promised to it
 * @rounds: how many rounds have ended since it was opened
 * @wear_mean: mean wear of a slot when it was opened
 * @meta_lock: guards @super, @super_copy and writes of superblock and table
 * @super: the superblock as last written
 * @super_copy: in which copy that is
 * @super_torn: the other copy has to be written as a whole
 * @table_newest: the highest generation of a block of the slot table as loaded:
 *	of an unfinished checkpoint if it is above those of @super
 * @loaded: the totals as they were when the region was opened
 * @bad_lock: guards @bad_nr, @bounce and writes of the bad-slot list
 * @bad_nr: entries in the bad-slot list
 * @bounce: a page to read into where nobody else looks
 */
struct psw_region {
	const struct psw_pmem *pmem;
	struct psw_region_options options;
	struct psw_geometry geo;
	struct psw_slots slots;
	struct psw_stats __percpu *stats;
	struct psw_sweep sweep;
	struct psw_wl wl;
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
	bool super_torn;
	u64 table_newest;
	struct {
		u64 slot_writes;
		u64 moved_writes;
		u64 meta_bytes;
		u64 lost_pages;
	} loaded;
	spinlock_t bad_lock;
	u32 bad_nr;
	void *bounce;
};

/* region.c: a region from open to close */
int psw_region_open(struct psw_region **result, const struct psw_pmem *pmem,
		    const struct psw_region_options *options);
int psw_region_quiesce(struct psw_region *region);
void psw_region_resume(struct psw_region *region);
int psw_region_close(struct psw_region *region);
u32 psw_region_capacity(const struct psw_region *region);
bool psw_region_bind(struct psw_region *region, struct psw_area *area);
void psw_region_unbind(struct psw_region *region, struct psw_area *area);
struct psw_area *psw_region_area(struct psw_region *region, u16 number);
u32 psw_region_reserve(const struct psw_region *region);

static inline u64 psw_region_stat(const struct psw_region *region,
				  enum psw_stat stat)
{
	return psw_stat_sum(region->stats, stat);
}

static inline void psw_region_count(struct psw_region *region,
				    enum psw_stat stat, s64 delta)
{
	psw_stat_add(region->stats, stat, delta);
}

/* Of a swap device that is not the disk of the region. */
static inline bool psw_area_is_foreign(const struct psw_area *area)
{
	return area->number != PSW_MEDIA_AREA_DISK;
}

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

/* page.c: the way of a page */
int psw_store(struct psw_area *area, pgoff_t offset, const void *src, gfp_t gfp);
int psw_load(struct psw_area *area, pgoff_t offset, void *dst);
void psw_invalidate_page(struct psw_area *area, pgoff_t offset);
void psw_invalidate_area(struct psw_area *area);
void psw_page_write(struct psw_area *area, pgoff_t offset, u32 slot, const void *src);
void psw_reject(struct psw_area *area, pgoff_t offset, enum psw_stat reason, int error);

/* super.c, table.c, badlist.c: the metadata on the medium */
int psw_super_load(struct psw_region *region);
int psw_super_write(struct psw_region *region, u32 state);
int psw_table_load(struct psw_region *region, struct psw_recovery *recovery);
void psw_table_block_fill(const struct psw_region *region, u64 index,
			  struct psw_media_table_block *block);
void psw_table_block_write(struct psw_region *region, u64 index,
			   struct psw_media_table_block *block);
int psw_table_confirm(struct psw_region *region, u32 state);
int psw_badlist_load(struct psw_region *region);
void psw_badlist_retire(struct psw_region *region, u32 slot, u32 reason);

#endif /* PSW_ENGINE_H */
