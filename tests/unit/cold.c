// SPDX-License-Identifier: GPL-2.0
/*
 * cold.c - a small region with pages that stay, for tests of its mover
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

int laggards_teardown(void **state)
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

void hammer(struct rig *rig, u64 stores)
{
	while (stores--)
		assert_int_equal(rig_store(rig, HOT_PAGE, stores), 0);
}

void end_rounds(struct rig *rig, u32 rounds)
{
	WRITE_ONCE(rig->region->rounds, rig->region->rounds + rounds);
}

unsigned int sweep_block_of(struct rig *rig, u32 slot)
{
	struct psw_region *region = rig->region;
	struct psw_sweep *sweep = &region->sweep;
	struct psw_wl *wl = &region->wl;
	u64 index = slot / PSW_MEDIA_ENTRIES_PER_BLOCK;
	u32 entries = psw_table_entries_nr(slots_nr(rig), index);
	struct psw_wear wear;

	psw_slots_wear(&region->slots, &wear);
	psw_wl_plan(region);
	/* The slots of the block make this one move, and the next far off. */
	wl->pace = max(wl->pace, 2 * entries);
	wl->credit = wl->pace - entries;
	sweep->block = index;
	sweep->blocks_left = region->geo.table_blocks;
	sweep->passed = region->slots.taken - entries;
	return psw_sweep_run(region);
}

void open_with_cold_slots(struct rig *rig, u32 pages)
{
	rig_open(rig);
	store_cold(rig, pages);
	hammer(rig, (GAP + 4) * slots_nr(rig));
	end_rounds(rig, GAP + 4);
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
