/* SPDX-License-Identifier: GPL-2.0 */
/*
 * laggards.h - a small region with pages that stay, for tests of its mover
 */
#ifndef LAGGARDS_H
#define LAGGARDS_H

#include "rig.h"

/* The mover looks at every slot each time: twice the rate is more than all. */
#define GAP		4u
#define RATE		800u

#define HOT_PAGE	1ull
#define COLD_PAGE	10000ull
#define OTHER_PAGE	20000ull

/* As cmocka wants it: the smallest region, one CPU, not open. */
int laggards_setup(void **state);
int laggards_teardown(void **state);
#define laggards_test(test)	\
	cmocka_unit_test_setup_teardown(test, laggards_setup, laggards_teardown)

static inline u32 slots_nr(const struct rig *rig)
{
	return rig->region->slots.nr;
}

static inline const struct psw_slot *slot_at(const struct rig *rig, u32 nr)
{
	return &rig->region->slots.slot[nr];
}

/* Pages from COLD_PAGE on; and whether they are still what they were. */
void store_cold(struct rig *rig, u32 pages);
void assert_cold(struct rig *rig, u32 pages);

/* Write one page all the time, and so the slots that are free in turn. */
void hammer(struct rig *rig, u64 puts);

/* As if @moves were due since the last run, and no more. */
void allow_moves(struct rig *rig, u32 moves);

/*
 * Open the region and let @pages stay for so long that their slots lag behind by
 * more than the gap. One move is due.
 */
void open_with_laggards(struct rig *rig, u32 pages);

/*
 * Whatever happened, each slot is retired, free, or one page's: @held pages are
 * in slots, and as many more as that leaves room for find a slot of their own.
 */
void assert_sound(struct rig *rig, u32 held);

#endif /* LAGGARDS_H */
