/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cold.h - a small region with cold pages
 */
#ifndef COLD_H
#define COLD_H

#include "steer.h"

/* At most two moves in a round. */
#define GAP		4u
#define RATE		800u

#define HOT_PAGE	1ull
#define COLD_PAGE	10000ull
#define OTHER_PAGE	20000ull

/* Fixture: the smallest region, one CPU, not open. */
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

/* Store @pages pages from COLD_PAGE on; check that loads return them. */
void store_cold(struct rig *rig, u32 pages);
void assert_cold(struct rig *rig, u32 pages);

/* Store one page @stores times, which wears the free slots in turn. */
void store_hot(struct rig *rig, u64 stores);

/*
 * Open the region with @pages cold pages. Their slots lag behind the free slots by
 * more than the gap.
 */
void open_with_cold_slots(struct rig *rig, u32 pages);

/*
 * Check that each slot is retired, free or holds one page. @held pages are in slots;
 * each other slot must accept a page.
 */
void assert_sound(struct rig *rig, u32 held);

#endif /* COLD_H */
