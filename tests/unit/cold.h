/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cold.h - a small region with pages that stay, for tests of its mover
 */
#ifndef COLD_H
#define COLD_H

#include "rig.h"

/* Two moves a round at most. */
#define GAP		4u
#define RATE		800u

#define HOT_PAGE	1ull
#define COLD_PAGE	10000ull
#define OTHER_PAGE	20000ull

/* As cmocka wants it: the smallest region, one CPU, not open. */
int cold_setup(void **state);
int laggards_teardown(void **state);
#define cold_test(test)	\
	cmocka_unit_test_setup_teardown(test, cold_setup, laggards_teardown)

static inline u32 slots_nr(const struct rig *rig)
{
	return rig->region->slots.slots_nr;
}

static inline const struct psw_slot_info *slot_at(const struct rig *rig, u32 slot)
{
	return &rig->region->slots.info[slot];
}

/* Pages from COLD_PAGE on; and whether they are still what they were. */
void store_cold(struct rig *rig, u32 pages);
void assert_cold(struct rig *rig, u32 pages);

/* Write one page all the time, and so the slots that are free in turn. */
void hammer(struct rig *rig, u64 stores);

/* As if @rounds had ended, without a walk. */
void end_rounds(struct rig *rig, u32 rounds);

/*
 * Let the sweep go past the block of slot @slot of the table alone, with a fresh
 * plan for the round and one move allowed: how many pages were moved.
 */
unsigned int sweep_block_of(struct rig *rig, u32 slot);

/*
 * Open the region and let @pages stay for so long that their slots lag behind by
 * more than the gap.
 */
void open_with_cold_slots(struct rig *rig, u32 pages);

/*
 * Whatever happened, each slot is retired, free, or one page's: @held pages are
 * in slots, and as many more as that leaves room for find a slot of their own.
 */
void assert_sound(struct rig *rig, u32 held);

#endif /* COLD_H */
