// SPDX-License-Identifier: GPL-2.0
/*
 * test_store.c - store, load and invalidate of pages
 */
#include "rig.h"

static void load_after_store_returns_the_page(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(rig_store(rig, 5, 1), 0);
	rig_assert_holds(rig, 5, 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_STORES), 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOADS), 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_SLOT_WRITES), 1);
}

static void load_of_an_unknown_page_misses_and_leaves_zeros(void **state)
{
	struct rig *rig = *state;

	rig_assert_fails(rig, 5, -ENOENT);
	assert_int_equal(rig_store(rig, 5, 1), 0);
	rig_assert_fails(rig, 4, -ENOENT);
	rig_assert_fails(rig, 5 + PSW_LEAF_ENTRIES, -ENOENT);
	rig_assert_fails(rig, 5 + PSW_NODE_PAGES, -ENOENT);
	rig_assert_fails(rig, PSW_AREA_PAGES_MAX - 1, -ENOENT);
	rig_assert_fails(rig, PSW_AREA_PAGES_MAX, -ENOENT);
	rig_assert_fails(rig, ~0ull, -ENOENT);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOADS), 0);
}

static void load_leaves_the_page_in_place(void **state)
{
	struct rig *rig = *state;
	int i;

	assert_int_equal(rig_store(rig, 5, 1), 0);
	for (i = 0; i < 3; i++)
		rig_assert_holds(rig, 5, 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 1);
}

static void store_over_a_page_replaces_it_and_frees_its_slot(void **state)
{
	struct rig *rig = *state;
	u32 free_nr;

	assert_int_equal(rig_store(rig, 5, 1), 0);
	free_nr = rig_free_nr(rig);
	assert_int_equal(rig_store(rig, 5, 2), 0);
	rig_assert_holds(rig, 5, 2);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_STORES), 2);
	assert_int_equal(rig_free_nr(rig), free_nr);
}

static void pages_far_apart_are_distinct(void **state)
{
	static const u64 pages[] = {
		0, 1, PSW_LEAF_ENTRIES - 1, PSW_LEAF_ENTRIES,
		PSW_NODE_PAGES - 1, PSW_NODE_PAGES, 1ull << 31,
		PSW_AREA_PAGES_MAX - 1,
	};
	struct rig *rig = *state;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pages); i++)
		assert_int_equal(rig_store(rig, pages[i], i), 0);
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		rig_assert_holds(rig, pages[i], i);
	for (i = 0; i < ARRAY_SIZE(pages); i += 2)
		psw_invalidate_page(rig->area, pages[i]);
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		if (i % 2)
			rig_assert_holds(rig, pages[i], i);
		else
			rig_assert_fails(rig, pages[i], -ENOENT);
	}
}

static void load_after_invalidate_page_misses(void **state)
{
	struct rig *rig = *state;
	u32 free_nr = rig_free_nr(rig);

	assert_int_equal(rig_store(rig, 5, 1), 0);
	assert_int_equal(rig_store(rig, 6, 1), 0);
	psw_invalidate_page(rig->area, 5);
	rig_assert_fails(rig, 5, -ENOENT);
	rig_assert_holds(rig, 6, 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_INVALIDATES), 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 1);
	assert_int_equal(rig_free_nr(rig), free_nr - 1);
}

static void invalidate_of_an_unknown_page_changes_nothing(void **state)
{
	struct rig *rig = *state;

	psw_invalidate_page(rig->area, 5);
	assert_int_equal(rig_store(rig, 5, 1), 0);
	psw_invalidate_page(rig->area, 6);
	psw_invalidate_page(rig->area, PSW_AREA_PAGES_MAX);
	psw_invalidate_page(rig->area, ~0ull);
	psw_invalidate_page(rig->area, 5);
	psw_invalidate_page(rig->area, 5);
	assert_int_equal(rig_stat(rig, PSW_STAT_INVALIDATES), 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
}

static void a_store_without_memory_for_the_index_is_rejected(void **state)
{
	struct rig *rig = *state;
	u32 free_nr = rig_free_nr(rig);
	unsigned int nth;
	void *spare;

	while ((spare = psw_spare_take(&rig->region->spares)))
		free_page((unsigned long)spare);
	for (nth = 1; nth <= 2; nth++) {
		shim_alloc_fail(nth, false);
		assert_int_equal(rig_store(rig, 5, 1), -ENOMEM);
		assert_true(shim_alloc_failed());
		rig_assert_fails(rig, 5, -ENOENT);
	}
	assert_int_equal(rig_stat(rig, PSW_STAT_REJECT_MEMORY), 2);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
	assert_int_equal(rig_free_nr(rig), free_nr);
	assert_int_equal(rig_store(rig, 5, 1), 0);
	/* Now the index exists, and a store allocates nothing. */
	shim_alloc_fail(1, true);
	assert_int_equal(rig_store(rig, 5, 2), 0);
	rig_assert_holds(rig, 5, 2);
	psw_invalidate_page(rig->area, 5);
	assert_false(shim_alloc_failed());
}

static void a_page_beyond_the_index_is_rejected(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(rig_store(rig, PSW_AREA_PAGES_MAX, 1), -EFBIG);
	assert_int_equal(rig_store(rig, ~0ull, 1), -EFBIG);
	assert_int_equal(rig_stat(rig, PSW_STAT_REJECT_RANGE), 2);
	assert_int_equal(rig_stat(rig, PSW_STAT_STORES), 0);
}

static void a_closing_region_rejects_stores_and_still_loads(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(rig_store(rig, 5, 1), 0);
	assert_int_equal(psw_region_quiesce(rig->region), -EBUSY);
	assert_int_equal(rig_store(rig, 6, 1), 0);

	rig_set_closing(rig);
	assert_int_equal(rig_store(rig, 7, 1), -ENODEV);
	rig_assert_holds(rig, 6, 1);
	assert_int_equal(rig_store(rig, 5, 2), -ENODEV);
	rig_assert_fails(rig, 5, -ENOENT);
	assert_int_equal(rig_stat(rig, PSW_STAT_REJECT_CLOSING), 2);

	psw_invalidate_page(rig->area, 6);
	assert_int_equal(psw_region_quiesce(rig->region), 0);
	assert_int_equal(rig_store(rig, 7, 1), -ENODEV);
	psw_region_resume(rig->region);
	assert_int_equal(rig_store(rig, 7, 1), 0);
}

static void a_dead_device_rejects_stores_and_fails_loads(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(rig_store(rig, 5, 1), 0);
	assert_int_equal(rig_store(rig, 6, 1), 0);
	kill_dax(&rig->dax);
	rig_assert_fails(rig, 5, -EIO);
	assert_int_equal(rig_store(rig, 5, 2), -ENODEV);
	assert_int_equal(rig_store(rig, 8, 2), -ENODEV);
	psw_invalidate_page(rig->area, 6);
	assert_int_equal(rig_checkpoint(rig), -ENODEV);
	assert_true(shim_log_has("cannot write the slot table"));
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 0);
}

/* A page may be counted out on one CPU before it is counted in on another. */
static void a_counter_that_is_below_zero_for_a_moment_reads_as_zero(void **state)
{
	struct rig *rig = *state;

	psw_region_count(rig->region, PSW_STAT_PAGES, -1);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
	psw_region_count(rig->region, PSW_STAT_PAGES, 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(load_after_store_returns_the_page),
		rig_test(load_of_an_unknown_page_misses_and_leaves_zeros),
		rig_test(load_leaves_the_page_in_place),
		rig_test(store_over_a_page_replaces_it_and_frees_its_slot),
		rig_test(pages_far_apart_are_distinct),
		rig_test(load_after_invalidate_page_misses),
		rig_test(invalidate_of_an_unknown_page_changes_nothing),
		rig_test(a_store_without_memory_for_the_index_is_rejected),
		rig_test(a_page_beyond_the_index_is_rejected),
		rig_test(a_closing_region_rejects_stores_and_still_loads),
		rig_test(a_dead_device_rejects_stores_and_fails_loads),
		rig_test(a_counter_that_is_below_zero_for_a_moment_reads_as_zero),
	};

	return rig_main("store", tests);
}
