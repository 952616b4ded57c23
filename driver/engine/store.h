/* SPDX-License-Identifier: GPL-2.0 */
/*
 * store.h - a region as a store of pages: all that hooks and sysfs may use
 *
 * A hook opens a region, stores and loads pages of swap areas, and closes it.
 * What is behind struct psw_region and struct psw_area is the engine's alone.
 */
#ifndef PSW_STORE_H
#define PSW_STORE_H

#include <linux/gfp.h>
#include <linux/types.h>
#include "stats.h"

struct psw_area;
struct psw_media_super;
struct psw_pmem;
struct psw_region;
struct psw_wear;

/**
 * enum psw_wear_mode - what is done to wear the slots evenly
 * @PSW_WEAR_DYNAMIC: a store goes to a least-worn free slot
 * @PSW_WEAR_STATIC: cold pages are also moved to worn slots
 */
enum psw_wear_mode {
	PSW_WEAR_DYNAMIC,
	PSW_WEAR_STATIC,
};

/**
 * struct psw_region_options - how a region is run
 * @name: what log messages call it; must live as long as the region
 * @verify: checksum each page that is stored, verify each page that is loaded
 * @zero_pages: keep zero pages in the index alone
 * @wear_mode: what is done to wear the slots evenly
 * @wl_gap: page writes that a move must even out at least; 0 selects 64
 * @wl_rate: stores for each move; 0 selects a rate by age
 * @next_bad: finds the first range of the region that is known to be bad, in
 *	@bytes at @off; returns false if there is none; may be NULL
 * @bad_stamp: returns a number that changes whenever @next_bad may answer
 *	differently; NULL if it never does. Must not sleep.
 * @sweep_due: called when psw_sweep_run() has work; may be NULL. Must not sleep.
 * @scrub_due: called when psw_scrub_run() has work; may be NULL
 * @spares_due: called when psw_spares_refill() has work; may be NULL. Must not sleep.
 * @context: passed to the functions
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
	unsigned int (*bad_stamp)(void *context);
	void (*sweep_due)(void *context);
	void (*scrub_due)(void *context);
	void (*spares_due)(void *context);
	void *context;
};

/* Swap areas other than the disk's have numbers below this. */
#define PSW_FOREIGN_AREAS	64u

/* region.c: from open to close */
int psw_region_open(struct psw_region **result, const struct psw_pmem *pmem,
		    const struct psw_region_options *options);
int psw_region_quiesce(struct psw_region *region);
void psw_region_resume(struct psw_region *region);
int psw_region_checkpoint(struct psw_region *region);
int psw_region_close(struct psw_region *region);

/* load.c: load a page, and judge whether it is lost */
int psw_load(struct psw_area *area, pgoff_t offset, void *dst);

/* page.c: store and invalidate a page */
int psw_store(struct psw_area *area, pgoff_t offset, const void *src, gfp_t gfp);
void psw_invalidate_page(struct psw_area *area, pgoff_t offset);
void psw_invalidate_area(struct psw_area *area);
int psw_reject(struct psw_area *area, pgoff_t offset, enum psw_stat reason,
	       int error);

/* area.c: the swap areas of a region */
struct psw_area *psw_area_create(u16 number);
void psw_area_destroy(struct psw_area *area);
bool psw_area_bind(struct psw_area *area, struct psw_region *region);
void psw_area_unbind(struct psw_area *area);
struct psw_region *psw_area_region(const struct psw_area *area);
u16 psw_area_number(const struct psw_area *area);
bool psw_area_is_foreign(const struct psw_area *area);
struct psw_area *psw_region_disk_area(const struct psw_region *region);

/* sweep.c: the pass over all slots, once a round */
unsigned int psw_sweep_run(struct psw_region *region);

/* scrub.c: the pass that reads all slots in use */
void psw_scrub_start(struct psw_region *region);
void psw_scrub_stop(struct psw_region *region);
bool psw_scrub_is_running(const struct psw_region *region);
bool psw_scrub_run(struct psw_region *region, u32 slots_max);

/* spare.c: pages of memory kept for stores that find none */
int psw_spares_refill(struct psw_region *region);

/* info.c: what a region tells about itself */
const char *psw_region_name(const struct psw_region *region);
const struct psw_media_super *psw_region_super(const struct psw_region *region);
u64 psw_region_slots_nr(const struct psw_region *region);
u32 psw_region_free_nr(struct psw_region *region);
u32 psw_region_bad_nr(const struct psw_region *region);
u32 psw_region_reserve(const struct psw_region *region);
u32 psw_region_capacity(const struct psw_region *region);
u64 psw_region_stat(const struct psw_region *region, enum psw_stat stat);
void psw_region_wear(struct psw_region *region, struct psw_wear *wear);
bool psw_region_is_closing(const struct psw_region *region);
void psw_region_promise(struct psw_region *region, bool promised);

/**
 * struct psw_wear - how worn the slots are; retired slots are left out
 * @min: page writes that the least worn slot has taken
 * @max: page writes that the most worn slot has taken
 * @sum: page writes of all slots
 * @slots_nr: number of slots that are not retired
 */
struct psw_wear {
	u32 min;
	u32 max;
	u64 sum;
	u32 slots_nr;
};

#endif /* PSW_STORE_H */
