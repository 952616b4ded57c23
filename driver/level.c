// SPDX-License-Identifier: GPL-2.0
/*
 * level.c - static wear levelling
 *
 * Least-worn allocation levels the slots that take part; a page that stays for
 * long keeps its slot out. So, beside the puts and never in their way, such a
 * page is moved from a little-worn slot to a most-worn free one. The worn slot
 * rests from then on, and the other takes the next puts until it has caught up:
 * the page swap of static wear levelling in flash translation layers (Chang,
 * Hsieh and Kuo, DAC 2007), with a gap in place of their unevenness level.
 *
 * Invariant: there is at most one move for each R puts, and each evens out a gap
 * of at least G page writes. So moves are at most 1/R of the writes. Where pages
 * that stay keep a share c of the slots, each of these gets its turn every c * R
 * rounds: it lags by up to c * R behind the others, and the most-worn slot is
 * above the mean by c * c * R / 2, on average.
 *
 * Both costs matter as a share of the wear so far, 1/R against R / (2 * age), so
 * R grows with the age: a young region cannot afford to lag, an old one need not
 * pay for being even. G is wider than what puts of random pages make by
 * themselves, or moves would stir that up; and a page must have stayed for a
 * whole round, or it is about to leave by itself.
 */
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "engine.h"

#define PSW_LEVEL_GAP		64u
#define PSW_LEVEL_RATE_MIN	98u
#define PSW_LEVEL_RATE_MAX	220u
#define PSW_LEVEL_RATE_AGE	10u	/* puts a move = mean wear / this */

/* Moves that are made up for when there was no time to make them. */
#define PSW_LEVEL_BACKLOG	64u

/* The G and R of above. */
static u32 psw_level_gap(const struct psw_region *region)
{
	return region->options.level_gap ? region->options.level_gap :
	       PSW_LEVEL_GAP;
}

static u32 psw_level_rate(const struct psw_region *region)
{
	return region->options.level_rate ? region->options.level_rate :
	       clamp(psw_region_age(region) / PSW_LEVEL_RATE_AGE,
		     PSW_LEVEL_RATE_MIN, PSW_LEVEL_RATE_MAX);
}

/**
 * psw_level_init() - get ready to move pages
 * @region: the region, its slots open
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int psw_level_init(struct psw_region *region)
{
	struct psw_level *level = &region->level;

	mutex_init(&level->lock);
	level->due = U64_MAX;
	if (region->options.wear_mode != PSW_WEAR_STATIC)
		return 0;
	level->due = psw_level_rate(region);
	/*
	 * Begin somewhere else each time: wear that a power cut forgets is that
	 * of slots around the cursor, and must not be forgotten of the same.
	 */
	level->cursor = hash_64(le64_to_cpu(region->super.attach_generation),
				32) % region->slots.nr;
	level->page = (void *)__get_free_page(GFP_KERNEL);
	return level->page ? 0 : -ENOMEM;
}

void psw_level_destroy(struct psw_region *region)
{
	free_page((unsigned long)region->level.page);
}

/**
 * psw_level_check() - see whether a move is due
 * @region: the region
 * @taken: slots taken for puts so far
 *
 * Context: any; tells options.level_due.
 */
void psw_level_check(struct psw_region *region, u64 taken)
{
	u64 due = READ_ONCE(region->level.due);

	if (likely(taken < due))
		return;
	if (cmpxchg64(&region->level.due, due,
		      taken + psw_level_rate(region)) != due)
		return;
	if (region->options.level_due)
		region->options.level_due(region->options.context);
}

/* A page that has stayed since before the last round began. */
static bool psw_slot_is_settled(const struct psw_region *region,
				const struct psw_slot *slot)
{
	u8 rounds = (u8)READ_ONCE(region->round) - READ_ONCE(slot->round);

	return READ_ONCE(slot->state) == PSW_SLOT_USED && rounds >= 2;
}

/* The least-worn slot with a settled page among the next @scan slots. */
static u32 psw_level_victim(struct psw_region *region, u32 scan, u32 wear_max)
{
	const struct psw_slots *slots = &region->slots;
	struct psw_level *level = &region->level;
	u32 victim = PSW_SLOT_NONE;

	for (; scan; scan--) {
		u32 nr = level->cursor;
		const struct psw_slot *slot = &slots->slot[nr];

		level->cursor = nr + 1 < slots->nr ? nr + 1 : 0;
		if (READ_ONCE(slot->wear) > wear_max ||
		    !psw_slot_is_settled(region, slot))
			continue;
		victim = nr;
		wear_max = READ_ONCE(slot->wear);
		if (wear_max)
			wear_max--;
	}
	return victim;
}

/* Copy slot @nr, which is kept from being written, to slot @to, which is ours. */
static bool psw_level_copy(struct psw_area *area, u64 page, u32 nr, u32 to)
{
	struct psw_region *region = area->region;
	const struct psw_slot *slot = &region->slots.slot[nr];
	void *buffer = region->level.page;

	if (psw_media_read(region->media, psw_slot_off(region, nr), buffer,
			   PSW_MEDIA_SLOT_BYTES))
		return false;
	/* A damaged page is for a load to find, not for us to seal anew. */
	if (region->options.verify &&
	    psw_page_sum(buffer) != READ_ONCE(slot->sum))
		return false;
	psw_page_write(area, page, to, buffer);
	return true;
}

/*
 * Move the page in slot @nr to slot @to. Three things may happen meanwhile:
 *
 * - a load: it finds the page in @nr before the exchange, and in @to after it;
 *   if @nr is written for another page while the load is still copying, the
 *   load sees its entry changed and starts again, so no grace period is needed;
 * - a store or an invalidate of the page: it changes the entry, so ours fails;
 *   @nr stays MOVING and is not written for another page, or the same one,
 *   until we are done, so an entry that stands has stood all the while;
 * - the area goes: its index stays until we leave rcu_read_lock().
 */
static bool psw_level_move_locked(struct psw_region *region, u32 nr, u32 to)
{
	const struct psw_slot *slot = &region->slots.slot[nr];
	u64 page = READ_ONCE(slot->owner_page);
	struct psw_area *area = psw_region_area(region,
						READ_ONCE(slot->owner_area));
	u32 *entry = area ? psw_index_find(area, page) : NULL;

	/* Pairs with the exchange that published the entry, after the bytes. */
	return entry && smp_load_acquire(entry) == psw_entry_of_slot(nr) &&
	       psw_level_copy(area, page, nr, to) &&
	       cmpxchg(entry, psw_entry_of_slot(nr), psw_entry_of_slot(to)) ==
		       psw_entry_of_slot(nr);
}

static bool psw_level_move(struct psw_region *region, u32 nr, u32 to)
{
	bool moved;

	if (!psw_slot_move_begin(&region->slots, nr)) {
		psw_slot_free(&region->slots, to);
		return false;
	}
	rcu_read_lock();
	moved = psw_level_move_locked(region, nr, to);
	rcu_read_unlock();

	if (moved)
		psw_region_count(region, PSW_STAT_MOVES, 1);
	else
		psw_slot_free(&region->slots, to);
	psw_slot_move_end(&region->slots, nr, moved);
	return moved;
}

/* One move, if there is anything to gain. */
static bool psw_level_step(struct psw_region *region, u32 gap, u32 rate)
{
	u32 worn = psw_slots_worn(&region->slots);
	u32 nr, to;

	if (worn < gap)
		return false;
	nr = psw_level_victim(region, min(2 * rate, region->slots.nr),
			      worn - gap);
	if (nr == PSW_SLOT_NONE)
		return false;
	to = psw_slot_alloc_worn(&region->slots,
				 READ_ONCE(region->slots.slot[nr].wear) + gap);
	return to != PSW_SLOT_NONE && psw_level_move(region, nr, to);
}

/* How many moves the puts since the last run allow. */
static u32 psw_level_allowance(struct psw_region *region, u32 rate)
{
	struct psw_level *level = &region->level;
	u64 taken = READ_ONCE(region->slots.taken);
	u64 moves = div_u64(taken - level->settled, rate);

	if (moves > PSW_LEVEL_BACKLOG) {
		level->settled = taken;
		return PSW_LEVEL_BACKLOG;
	}
	level->settled += moves * rate;
	return moves;
}

/**
 * psw_level_run() - make the moves that are due
 * @region: the region
 *
 * Context: may sleep; puts and gets go on.
 * Return: how many pages were moved.
 */
unsigned int psw_level_run(struct psw_region *region)
{
	u32 rate = psw_level_rate(region);
	u32 gap = psw_level_gap(region);
	unsigned int moved = 0;
	u32 moves;
	int cookie;

	if (!region->level.page)
		return 0;

	mutex_lock(&region->level.lock);
	for (moves = psw_level_allowance(region, rate); moves; moves--) {
		if (psw_media_enter(region->media, &cookie))
			moved += psw_level_step(region, gap, rate);
		psw_media_exit(cookie);
		cond_resched();
	}
	mutex_unlock(&region->level.lock);
	return moved;
}
