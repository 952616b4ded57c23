// SPDX-License-Identifier: GPL-2.0
/*
 * test_full.c - capacity, and stores to a region without free slots
 */
#include "rig.h"

/* Store pages from @first on until the region is full. Return: their number. */
static u64 fill_up(struct rig *rig, u64 first)
{
	u64 offset = first;

	while (!rig_store(rig, offset, offset))
		offset++;
	return offset - first;
}

static void every_slot_is_usable_even_from_magazines_of_other_cpus(void **state)
{
	struct rig *rig = *state;
	u32 slots_nr = rig->region->geo.slots_nr;
	u64 offset;

	/* Leave slots in the magazines of both CPUs. */
	for (offset = 0; offset < 10; offset++) {
		shim_cpu_set(offset % 2);
		assert_int_equal(rig_store(rig, offset, offset), 0);
	}
	for (offset = 0; offset < 10; offset += 3) {
		shim_cpu_set(offset % 2);
		psw_invalidate_page(rig->area, offset);
	}
	shim_cpu_set(1);
	fill_up(rig, 10);
	assert_int_equal(rig_free_nr(rig), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), slots_nr);
	for (offset = 0; offset < 100; offset++)
		if (offset >= 10 || offset % 3)
			rig_assert_holds(rig, offset, offset);
}

static void a_full_region_rejects_and_recovers(void **state)
{
	struct rig *rig = *state;
	u64 held = fill_up(rig, 0);

	assert_int_equal(held, rig->region->geo.slots_nr);
	assert_int_equal(rig_store(rig, held, 1), -ENOSPC);
	assert_int_equal(rig_stat(rig, PSW_STAT_REJECT_FULL), 2);
	rig_assert_fails(rig, held, -ENOENT);
	rig_assert_holds(rig, 17, 17);

	shim_cpu_set(1);
	psw_invalidate_page(rig->area, 17);
	shim_cpu_set(0);
	assert_int_equal(rig_store(rig, held, 1), 0);
	rig_assert_holds(rig, held, 1);
	assert_int_equal(rig_store(rig, 17, 2), -ENOSPC);
}

static void a_full_region_accepts_a_new_version_of_a_stored_page(void **state)
{
	struct rig *rig = *state;

	fill_up(rig, 0);
	shim_cpu_set(1);
	assert_int_equal(rig_store(rig, 3, 1000), 0);
	rig_assert_holds(rig, 3, 1000);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES),
			 rig->region->geo.slots_nr);
}

static void a_full_region_accepts_zero_pages(void **state)
{
	struct rig *rig = *state;
	u64 held = fill_up(rig, 0);

	assert_int_equal(rig_store_zero(rig, held), 0);
	rig_assert_holds_zero(rig, held);
}

static void a_rejected_store_drops_the_old_page(void **state)
{
	struct rig *rig = *state;
	u64 held = fill_up(rig, 1);

	/* A zero page has no slot that the store could take. */
	assert_int_equal(rig_store_zero(rig, 0), 0);
	assert_int_equal(rig_store(rig, 0, 1), -ENOSPC);
	rig_assert_fails(rig, 0, -ENOENT);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), held);
}

static void capacity_excludes_the_reserve_and_retired_slots(void **state)
{
	struct rig *rig = *state;
	struct psw_region *region = rig->region;
	u32 capacity = psw_region_capacity(region);

	assert_int_equal(capacity + psw_region_reserve(region),
			 region->geo.slots_nr);
	assert_true(psw_region_reserve(region) >= region->geo.slots_nr / 100);
	assert_int_equal(rig_store(rig, 1, 1), 0);
	shim_pmem_poison(rig_slot_addr(rig, rig_slot_of(rig, 1)), 64);
	rig_assert_fails(rig, 1, -EIO);
	assert_int_equal(psw_region_capacity(region), capacity - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(every_slot_is_usable_even_from_magazines_of_other_cpus),
		rig_test(a_full_region_rejects_and_recovers),
		rig_test(a_full_region_accepts_a_new_version_of_a_stored_page),
		rig_test(a_full_region_accepts_zero_pages),
		rig_test(a_rejected_store_drops_the_old_page),
		rig_test(capacity_excludes_the_reserve_and_retired_slots),
	};

	return rig_main("full", tests);
}
