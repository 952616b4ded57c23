/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cold.h - a small region with cold pages
 */
#ifndef COLD_H
#define COLD_H

#include "steer.h"

/* Two moves a round at most. */
#define GAP		4u
#define RATE		800u

#define HOT_PAGE	1ull
#define COLD_PAGE	10000ull
#define OTHER_PAGE	20000ull

/* As cmocka wants it: the smallest region, one CPU, not open. */
int cold_setup(void **state);
int cold_teardown(void **state);
#define cold_test(test)	\
	cmocka_unit_test_setup_teardown(test, cold_setup, cold_teardown)

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

/*
 * Open the region with @pages that are so cold that their slots lag by more than
 * the gap.
 */
void open_with_cold_slots(struct rig *rig, u32 pages);

/*
 * Whatever happened, each slot is retired, free, or one page's: @held pages are
 * in slots, and as many more as that leaves room for find a slot of their own.
 */
void assert_sound(struct rig *rig, u32 held);

#endif /* COLD_H */
