// SPDX-License-Identifier: GPL-2.0
/*
 * wl.c - static wear levelling
 *
 * Least-worn allocation levels the slots that take part; a page that stays for
 * long keeps its slot out. So, beside the stores and never in their way, such a
 * page is moved from a least-worn slot to a most-worn free one. The worn slot
 * rests from then on, and the other takes the next stores until it has caught up:
 * the page swap of static wear levelling in flash translation layers (Chang,
 * Hsieh and Kuo, DAC 2007), with a gap in place of their unevenness level.
 *
 * Invariant: there is one move for each R stores at most, and each evens out a gap
 * of at least G page writes.
 *
 * Where cold pages hold a share c of the slots, each of these pages is moved once
 * in c * R rounds. So its slot lags by up to c * R page writes behind the others,
 * and the most-worn slot is up to c * c * R above the mean. Moves cost the share
 * 1 / R of all page writes, and the lag up to the share R / age of the life so far.
 * So R depends on the age of the region alone, and grows with it.
 *
 * A very young region is the exception: no medium is worn out that soon, so moves
 * are as rare as in an old one, and what lags then is moved later. Whatever the
 * load, moves add up to 1 % of the stores over 1,000 rounds and 0.5 % over 20,000, at
 * most. G is wider than the gaps that stores of random pages make by themselves;
 * moving pages across those would only add writes.
 */
#include <linux/bitmap.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include "engine.h"

#define PSW_WL_GAP		64u
#define PSW_WL_RATE_MIN	82u
#define PSW_WL_RATE_MAX	240u
#define PSW_WL_RATE_AGE	13u	/* between the two, R = age / this */
#define PSW_WL_AGE_YOUNG	300u	/* below this age, R = RATE_MAX */

/* The G of above. */
static u32 psw_wl_gap(const struct psw_region *region)
{
	return region->options.wl_gap ? region->options.wl_gap :
	       PSW_WL_GAP;
}

/* The R of above. */
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
 * psw_wl_init() - get ready to move pages
 * @region: the region
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int psw_wl_init(struct psw_region *region)
{
	struct psw_wl *wl = &region->wl;

	if (region->options.wear_mode != PSW_WEAR_STATIC)
		return 0;
	wl->page = (void *)__get_free_page(GFP_KERNEL);
	wl->lags = kvcalloc(PSW_WL_LAGS, sizeof(*wl->lags),
				   GFP_KERNEL);
	/* The caller gives back what there is. */
	return wl->page && wl->lags ? 0 : -ENOMEM;
}

void psw_wl_destroy(struct psw_region *region)
{
	free_page((unsigned long)region->wl.page);
	kvfree(region->wl.lags);
}

/* Count the slots in use whose wear is @limit or less, by how far it is below. */
static void psw_wl_count(struct psw_region *region, u32 limit)
{
	u32 *lags = region->wl.lags;
	u32 slot;

	memset(lags, 0, PSW_WL_LAGS * sizeof(*lags));
	for (slot = 0; slot < region->slots.slots_nr; slot++) {
		const struct psw_slot_info *info = &region->slots.info[slot];
		u32 wear = READ_ONCE(info->wear);

		if (!(slot % 4096))
			cond_resched();
		if (READ_ONCE(info->state) == PSW_SLOT_USED && wear <= limit)
			lags[min(limit - wear, PSW_WL_LAGS - 1)]++;
	}
}

/* The greatest wear of the @moves least-worn slots that were counted. */
static u32 psw_wl_bound(const struct psw_region *region, u32 limit, u32 moves)
{
	const u32 *lags = region->wl.lags;
	u32 lag = PSW_WL_LAGS - 1;

	while (lag && lags[lag] < moves)
		moves -= lags[lag--];
	return limit - lag;
}

/**
 * psw_wl_plan() - see which pages are to move in the round that begins
 * @region: the region
 *
 * Context: may sleep; region->sweep.lock is held; walks all slots.
 */
void psw_wl_plan(struct psw_region *region)
{
	struct psw_wl *wl = &region->wl;
	u32 worn, limit;

	if (!wl->page)
		return;
	worn = psw_slots_worn(&region->slots);
	wl->pace = psw_wl_rate(region);
	wl->planned = worn >= psw_wl_gap(region);
	if (!wl->planned)
		return;
	limit = worn - psw_wl_gap(region);
	psw_wl_count(region, limit);
	wl->bound = psw_wl_bound(region, limit,
				       region->slots.slots_nr / wl->pace + 1);
}

/* Whether the page of a slot is to move: not if it was written in this round. */
static bool psw_wl_wants(const struct psw_region *region, u32 slot)
{
	const struct psw_slot_info *info = &region->slots.info[slot];

	return READ_ONCE(info->state) == PSW_SLOT_USED &&
	       READ_ONCE(info->wear) <= region->wl.bound &&
	       psw_slot_rounds(region, info) >= 1;
}

/* The least-worn slot, of those from @first on, that is wanted and not chosen. */
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
 * psw_wl_choose() - choose the pages of a block of slots that are to move
 * @region: the region
 * @index: which block of the slot table has the slots
 *
 * Context: any; region->sweep.lock is held.
 */
void psw_wl_choose(struct psw_region *region, u64 index)
{
	struct psw_wl *wl = &region->wl;
	u32 first = index * PSW_MEDIA_ENTRIES_PER_BLOCK;
	u32 slots_nr = psw_table_entries_nr(region->slots.slots_nr, index);
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
	/* What could not be used is good for a round, or for one move. */
	wl->credit = min_t(u64, wl->credit,
			      max(region->slots.slots_nr, wl->pace));
}

/* Copy slot @slot, which is kept from being written, to slot @to, which is ours. */
static bool psw_wl_copy(struct psw_area *area, pgoff_t offset, u32 slot, u32 to)
{
	struct psw_region *region = area->region;
	const struct psw_slot_info *info = &region->slots.info[slot];
	void *buffer = region->wl.page;

	if (psw_pmem_read(region->pmem, psw_slot_off(&region->geo, slot), buffer,
			   PSW_MEDIA_SLOT_BYTES))
		return false;
	/* A damaged page is for a load to find, not for us to seal anew. */
	if (region->options.verify &&
	    psw_page_sum(buffer) != READ_ONCE(info->sum))
		return false;
	psw_page_write(area, offset, to, buffer);
	return true;
}

/*
 * Move the page in slot @slot to slot @to. Three things may happen meanwhile:
 *
 * - a load: it finds the page in @slot before the exchange, and in @to after it;
 *   if @slot is written for another page while the load is still copying, the
 *   load sees its entry changed and starts again, so no grace period is needed;
 * - a store or an invalidate of the page: it changes the entry, so ours fails;
 *   @slot stays MOVING and is not written for another page, or the same one,
 *   until we are done, so an entry that stands has stood all the while;
 * - the area goes: its index stays until we leave rcu_read_lock().
 */
static bool psw_wl_move_locked(struct psw_region *region, u32 slot, u32 to)
{
	const struct psw_slot_info *info = &region->slots.info[slot];
	pgoff_t offset = READ_ONCE(info->owner_page);
	struct psw_area *area = psw_region_area(region,
						READ_ONCE(info->owner_area));
	u32 *entry = area ? psw_index_find(area, offset) : NULL;

	/* Pairs with the exchange that published the entry, after the bytes. */
	return entry && smp_load_acquire(entry) == psw_entry_of_slot(slot) &&
	       psw_wl_copy(area, offset, slot, to) &&
	       cmpxchg(entry, psw_entry_of_slot(slot), psw_entry_of_slot(to)) ==
		       psw_entry_of_slot(slot);
}

static bool psw_wl_move(struct psw_region *region, u32 slot, u32 to)
{
	bool moved;

	if (!psw_slot_move_begin(&region->slots, slot)) {
		psw_slot_free(&region->slots, to);
		return false;
	}
	rcu_read_lock();
	moved = psw_wl_move_locked(region, slot, to);
	rcu_read_unlock();

	if (moved)
		psw_region_count(region, PSW_STAT_MOVES, 1);
	else
		psw_slot_free(&region->slots, to);
	psw_slot_move_end(&region->slots, slot, moved);
	return moved;
}

/**
 * psw_wl_move_chosen() - move the pages that were chosen
 * @region: the region
 * @index: as to psw_wl_choose()
 *
 * Context: may sleep; region->sweep.lock is held; inside psw_pmem_enter().
 * Return: how many were moved.
 */
unsigned int psw_wl_move_chosen(struct psw_region *region, u64 index)
{
	u32 first = index * PSW_MEDIA_ENTRIES_PER_BLOCK;
	unsigned int moved = 0;
	u32 i, to;

	for_each_set_bit(i, region->wl.chosen, PSW_MEDIA_ENTRIES_PER_BLOCK) {
		if (!psw_wl_wants(region, first + i))
			continue;
		to = psw_slot_alloc_worn(&region->slots,
			READ_ONCE(region->slots.info[first + i].wear) +
			psw_wl_gap(region));
		if (to == PSW_SLOT_NONE)
			break;
		moved += psw_wl_move(region, first + i, to);
		cond_resched();
	}
	return moved;
}
