// SPDX-License-Identifier: GPL-2.0
/*
 * wl.c - static wear levelling
 *
 * A store goes to a least-worn free slot (freelist.c). That levels all slots but
 * those of cold pages: a page that is not rewritten keeps its slot from wearing.
 * Static wear levelling moves such a page from a least-worn slot to a most-worn
 * free one. The worn slot then rests under the cold page, and the other one takes
 * the next stores until it has caught up. This is the page swap of static wear
 * levelling in flash translation layers (Chang, Hsieh and Kuo, DAC 2007). Where
 * they compare unevenness, we compare the wear of the two slots.
 *
 * Invariant: there is at most one move for each R stores, and each move evens out
 * a gap of at least G page writes.
 *
 * Let cold pages hold a share c of n slots. A round has n stores, so n / R moves,
 * and each of the c * n cold pages moves once every c * R rounds. In that time its
 * slot lags by c * R page writes. The lags of all cold slots, c * n of them, raise
 * the other slots above the mean by up to c * c * R. A medium is worn out when its
 * most-worn slot is, so lags cost up to R / age of the life so far. Moves cost 1 / R
 * of all page writes. Both are small if R grows with the age of the region.
 *
 * A very young region is the exception. No medium is worn out that soon, so moves
 * are as rare as in an old region, and the slots that lag are levelled later. On
 * any load, moves stay below 1 % of the stores in the first 1,000 rounds, and
 * below 0.5 % over 20,000 rounds.
 *
 * G is wider than the gaps that stores of random pages cause by themselves. With a
 * smaller G, moves would add writes without levelling anything.
 */
#include <linux/bitmap.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "io.h"
#include "mem.h"
#include "region.h"

#define PSW_WL_GAP		64u
#define PSW_WL_RATE_MIN		82u
#define PSW_WL_RATE_MAX		240u
#define PSW_WL_RATE_AGE		13u	/* between the two, R = age / this */
#define PSW_WL_AGE_YOUNG	300u	/* below this age, R = RATE_MAX */

/* Number of lags, in page writes, that are counted apart. */
#define PSW_WL_LAGS		4096u

/* G: page writes that a move must even out. */
static u32 psw_wl_gap(const struct psw_region *region)
{
	return region->options.wl_gap ? region->options.wl_gap :
	       PSW_WL_GAP;
}

/* R: stores for each move. */
static u32 psw_wl_rate(const struct psw_region *region)
{
	u32 age = psw_region_age(region);

	if (region->options.wl_rate)
		return region->options.wl_rate;
	if (age < PSW_WL_AGE_YOUNG)
		return PSW_WL_RATE_MAX;
	return clamp(age / PSW_WL_RATE_AGE, PSW_WL_RATE_MIN,
		     PSW_WL_RATE_MAX);
}

/**
 * psw_wl_init() - allocate what moves need
 * @region: the region
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM; the caller then calls psw_wl_destroy().
 */
int psw_wl_init(struct psw_region *region)
{
	struct psw_wl *wl = &region->wl;

	if (region->options.wear_mode != PSW_WEAR_STATIC)
		return 0;
	wl->page = (void *)__get_free_page(PSW_GFP);
	wl->lags = kvcalloc(PSW_WL_LAGS, sizeof(*wl->lags), PSW_GFP);
	return wl->page && wl->lags ? 0 : -ENOMEM;
}

void psw_wl_destroy(struct psw_region *region)
{
	free_page((unsigned long)region->wl.page);
	kvfree(region->wl.lags);
}

/* The greatest wear of the @moves least-worn slots among those counted. */
static u32 psw_wl_bound(const struct psw_wl *wl, u32 top, u32 moves)
{
	u32 lag = PSW_WL_LAGS - 1;

	while (lag && wl->lags[lag] < moves)
		moves -= wl->lags[lag--];
	return top - lag;
}

/**
 * psw_wl_plan() - scan all slots, and decide which pages move in the new round
 * @region: the region
 *
 * The result of the scan is left in region->wear.
 *
 * Context: may sleep; region->sweep.lock is held.
 */
void psw_wl_plan(struct psw_region *region)
{
	struct psw_wl *wl = &region->wl;
	struct psw_wear wear;
	u32 worn = psw_slots_most_worn(&region->slots);
	u32 gap = psw_wl_gap(region);
	u32 top = worn > gap ? worn - gap : 0;

	wl->planned = wl->page && worn >= gap;
	psw_slots_scan(&region->slots, &wear, top, wl->lags,
		       wl->planned ? PSW_WL_LAGS : 0);
	spin_lock(&region->wear_lock);
	region->wear = wear;
	spin_unlock(&region->wear_lock);
	wl->pace = psw_wl_rate(region);
	if (wl->planned)
		wl->bound = psw_wl_bound(wl, top,
					 region->geo.slots_nr / wl->pace + 1);
}

/* Whether the page of a slot moves; a page written in this round does not. */
static bool psw_wl_wants(const struct psw_region *region, u32 slot)
{
	const struct psw_slot_info *info = &region->slots.info[slot];

	return READ_ONCE(info->state) == PSW_SLOT_USED &&
	       READ_ONCE(info->wear) <= region->wl.bound &&
	       psw_slot_rounds(region, info) >= 1;
}

/* The least-worn slot of the @slots_nr from @first on that is not chosen yet. */
static u32 psw_wl_victim(const struct psw_region *region, u32 first, u32 slots_nr)
{
	u32 victim = PSW_SLOT_NONE;
	u32 i;

	for (i = 0; i < slots_nr; i++) {
		if (test_bit(i, region->wl.chosen) ||
		    !psw_wl_wants(region, first + i))
			continue;
		if (victim == PSW_SLOT_NONE ||
		    READ_ONCE(region->slots.info[first + i].wear) <
		    READ_ONCE(region->slots.info[victim].wear))
			victim = first + i;
	}
	return victim;
}

/**
 * psw_wl_choose() - choose the pages that move out of the slots of a block
 * @region: the region
 * @index: the block of the slot table
 *
 * Context: any; region->sweep.lock is held.
 */
void psw_wl_choose(struct psw_region *region, u64 index)
{
	struct psw_wl *wl = &region->wl;
	u32 first = index * PSW_MEDIA_ENTRIES_PER_BLOCK;
	u32 slots_nr = psw_table_entries_nr(region->geo.slots_nr, index);
	u32 victim;

	bitmap_zero(wl->chosen, PSW_MEDIA_ENTRIES_PER_BLOCK);
	if (!wl->planned)
		return;
	for (wl->credit += slots_nr; wl->credit >= wl->pace;
	     wl->credit -= wl->pace) {
		victim = psw_wl_victim(region, first, slots_nr);
		if (victim == PSW_SLOT_NONE)
			break;
		__set_bit(victim - first, wl->chosen);
	}
	/* Unused credit is limited to a round, or to one move if that is more. */
	wl->credit = min_t(u64, wl->credit,
			      max_t(u64, region->geo.slots_nr, wl->pace));
}

/* Copy a page from slot @slot, which a move keeps, to slot @to, which we own. */
static bool psw_wl_copy(struct psw_area *area, pgoff_t offset, u32 slot, u32 to)
{
	void *page = area->region->wl.page;

	/* A damaged page must not get a valid checksum: a load shall find it. */
	if (psw_slot_read(area->region, slot, page))
		return false;
	psw_slot_write(area, offset, to, page);
	return true;
}

/*
 * Move the page in slot @slot to slot @to, unless it changes at the same time:
 *
 * - A load finds the page in @slot before the exchange, and in @to after it. If
 *   @slot is written for another page while the load still copies, the load sees
 *   that its entry has changed, and starts again. So no grace period is needed.
 * - A store or an invalidate of the page changes the entry, so our exchange fails.
 *   The state HELD keeps @slot from being written again until the move ends. So
 *   an entry that still names @slot has named it all the time.
 * - The index of the swap area stays allocated inside rcu_read_lock().
 */
static bool psw_wl_exchange(struct psw_region *region, u32 slot, u32 to)
{
	const struct psw_slot_info *info = &region->slots.info[slot];
	struct psw_area *area = psw_region_area(region,
						READ_ONCE(info->owner_area));
	pgoff_t offset = READ_ONCE(info->owner_page);
	u32 *entry = area ? psw_index_find(area, offset) : NULL;
	u32 old = psw_entry_of_slot(slot);

	/* Pairs with the exchange that published the entry, after the bytes. */
	return entry && smp_load_acquire(entry) == old &&
	       psw_wl_copy(area, offset, slot, to) &&
	       cmpxchg(entry, old, psw_entry_of_slot(to)) == old;
}

static bool psw_wl_move(struct psw_region *region, u32 slot, u32 to)
{
	bool moved;

	if (!psw_slot_hold(&region->slots, slot)) {
		psw_slot_free(&region->slots, to);
		return false;
	}
	rcu_read_lock();
	moved = psw_wl_exchange(region, slot, to);
	rcu_read_unlock();

	if (moved)
		psw_region_count(region, PSW_STAT_MOVES, 1);
	else
		psw_slot_free(&region->slots, to);
	psw_slot_release(&region->slots, slot, moved);
	return moved;
}

/**
 * psw_wl_move_chosen() - move the pages that psw_wl_choose() chose
 * @region: the region
 * @index: the block of the slot table
 *
 * Context: may sleep; region->sweep.lock is held; inside psw_pmem_enter().
 * Return: number of pages moved.
 */
unsigned int psw_wl_move_chosen(struct psw_region *region, u64 index)
{
	u32 first = index * PSW_MEDIA_ENTRIES_PER_BLOCK;
	unsigned int moved = 0;
	u32 i, to;

	for_each_set_bit(i, region->wl.chosen, PSW_MEDIA_ENTRIES_PER_BLOCK) {
		if (!psw_wl_wants(region, first + i))
			continue;
		to = psw_slot_alloc_most_worn(&region->slots,
			READ_ONCE(region->slots.info[first + i].wear) +
			psw_wl_gap(region));
		if (to == PSW_SLOT_NONE)
			break;
		moved += psw_wl_move(region, first + i, to);
		cond_resched();
	}
	return moved;
}
