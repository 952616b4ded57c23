// SPDX-License-Identifier: GPL-2.0
/*
 * cold.c - a small region with cold pages
 */
#include "cold.h"

int cold_setup(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	if (!rig)
		return -1;
	*state = rig;
	shim_cpus(1, false);
	rig_create(rig, PSW_REGION_BYTES_MIN);
	rig->options.wl_gap = GAP;
	rig->options.wl_rate = RATE;
	rig->live = shim_alloc_live();
	return 0;
}

int cold_teardown(void **state)
{
	int err = rig_teardown(state);

	shim_cpus(2, false);
	return err;
}

void store_cold(struct rig *rig, u32 pages)
{
	u32 i;

	for (i = 0; i < pages; i++)
		assert_int_equal(rig_store(rig, COLD_PAGE + i, i), 0);
}

void assert_cold(struct rig *rig, u32 pages)
{
	u32 i;

	for (i = 0; i < pages; i++)
		rig_assert_holds(rig, COLD_PAGE + i, i);
}

void store_hot(struct rig *rig, u64 stores)
{
	while (stores--)
		assert_int_equal(rig_store(rig, HOT_PAGE, stores), 0);
}

void open_with_cold_slots(struct rig *rig, u32 pages)
{
	rig_open(rig);
	store_cold(rig, pages);
	store_hot(rig, (GAP + 4) * slots_nr(rig));
	steer_rounds(rig, GAP + 4);
}

void assert_sound(struct rig *rig, u32 held)
{
	u32 room = slots_nr(rig) - held - atomic_read(&rig->region->slots.bad_nr);
	u32 i;

	assert_int_equal(rig_free_nr(rig), room);
	for (i = 0; i < room; i++)
		assert_int_equal(rig_store(rig, OTHER_PAGE + i, i), 0);
	assert_int_equal(rig_store(rig, OTHER_PAGE + i, i), -ENOSPC);
	for (i = 0; i < room; i++)
		rig_assert_holds(rig, OTHER_PAGE + i, i);
	for (i = 0; i < room; i++)
		psw_invalidate_page(rig->area, OTHER_PAGE + i);
	assert_int_equal(rig_free_nr(rig), room);
	assert_int_equal(rig_wear_sum(rig), rig_stat(rig, PSW_STAT_SLOT_WRITES));
}
