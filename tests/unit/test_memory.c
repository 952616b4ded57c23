// SPDX-License-Identifier: GPL-2.0
/*
 * test_memory.c - the engine when an allocation fails
 */
#include "rig.h"

/* Call @attempt with the first, second, ... allocation failing, until none fails. */
static unsigned int for_each_failure(struct rig *rig,
				     void (*attempt)(struct rig *rig))
{
	unsigned int nth;

	for (nth = 1;; nth++) {
		shim_alloc_fail(nth, false);
		attempt(rig);
		if (!shim_alloc_failed())
			break;
		assert_true(nth < 1000);
	}
	shim_alloc_fail(0, false);
	return nth - 1;
}

static void open_once(struct rig *rig)
{
	unsigned long live = shim_alloc_live();
	int err = rig_try_open(rig);

	assert_int_equal(err, shim_alloc_failed() ? -ENOMEM : 0);
	if (err)
		assert_int_equal(shim_alloc_live(), live);
}

static void open_fails_cleanly_at_each_allocation(void **state)
{
	struct rig *rig = *state;

	assert_true(for_each_failure(rig, open_once) >= 9);
	assert_int_equal(rig_store(rig, 1, 1), 0);
	rig_assert_holds(rig, 1, 1);
	assert_int_equal(rig_close(rig), 0);
}

static void a_failed_open_leaves_the_region_clean(void **state)
{
	struct rig *rig = *state;
	struct psw_media_super before[2];
	unsigned int failures, nth;

	failures = for_each_failure(rig, open_once);
	rig_lose_power(rig);
	format_region(rig->pmem.addr, rig->pmem.bytes);
	before[0] = *rig_super(rig, 0);
	before[1] = *rig_super(rig, 1);
	for (nth = 1; nth <= failures; nth++) {
		shim_alloc_fail(nth, false);
		assert_int_equal(rig_try_open(rig), -ENOMEM);
		assert_memory_equal(&before[0], rig_super(rig, 0), 4096);
		assert_memory_equal(&before[1], rig_super(rig, 1), 4096);
	}
}

static void store_once(struct rig *rig)
{
	/* Each call uses a new node of the index, so it needs memory. */
	u64 offset = (rig_stat(rig, PSW_STAT_STORES) +
		      rig_stat(rig, PSW_STAT_REJECT_MEMORY)) * PSW_NODE_PAGES;
	u64 held = rig_stat(rig, PSW_STAT_PAGES);
	int err = rig_store(rig, offset, offset);

	assert_int_equal(err, shim_alloc_failed() ? -ENOMEM : 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), held + !err);
	if (err)
		rig_assert_fails(rig, offset, -ENOENT);
	else
		rig_assert_holds(rig, offset, offset);
	assert_int_equal(rig_store(rig, offset, offset + 1), 0);
	rig_assert_holds(rig, offset, offset + 1);
	psw_invalidate_page(rig->area, offset);
}

static void store_fails_cleanly_at_each_allocation(void **state)
{
	assert_int_equal(for_each_failure(*state, store_once), 2);
}

static void rounds_and_checkpoints_need_no_memory(void **state)
{
	struct rig *rig = *state;
	u64 stores;

	/* Allocate the index first. */
	assert_int_equal(rig_store(rig, 0, 0), 0);
	shim_alloc_fail(1, true);
	for (stores = 0; stores < 3 * rig->region->geo.slots_nr; stores++) {
		assert_int_equal(rig_store(rig, 0, stores), 0);
		rig_work(rig);
	}
	assert_in_range(rig->region->rounds, 2, 3);
	assert_int_equal(rig_checkpoint(rig), 0);
	assert_int_equal(rig_table_wear_sum(rig), rig_wear_sum(rig));
	assert_false(shim_alloc_failed());
}

static void close_needs_no_memory_and_frees_all(void **state)
{
	struct rig *rig = *state;
	u64 offset;

	for (offset = 0; offset < 100; offset++)
		assert_int_equal(rig_store(rig, offset, offset), 0);
	assert_int_equal(rig_checkpoint(rig), 0);
	for (offset = 0; offset < 50; offset++)
		assert_int_equal(rig_store(rig, offset, offset), 0);

	shim_alloc_fail(1, true);
	assert_int_equal(rig_close(rig), 0);
	assert_false(shim_alloc_failed());
	assert_int_equal(shim_alloc_live(), 0);

	shim_alloc_fail(0, false);
	rig_open(rig);
	assert_true(shim_log_empty());
	assert_int_equal(rig_wear_sum(rig), 150);
}

static void loads_and_moves_need_no_memory(void **state)
{
	struct rig *rig = *state;
	u64 offset;

	for (offset = 0; offset < 500; offset++)
		assert_int_equal(rig_store(rig, offset, offset), 0);
	shim_alloc_fail(1, true);
	for (offset = 0; offset < 500; offset++)
		rig_assert_holds(rig, offset, offset);
	psw_sweep_run(rig->region);
	for (offset = 0; offset < 500; offset++)
		psw_invalidate_page(rig->area, offset);
	rig_assert_fails(rig, 1, -ENOENT);
	assert_int_equal(psw_region_quiesce(rig->region), 0);
	assert_false(shim_alloc_failed());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test_closed(open_fails_cleanly_at_each_allocation),
		rig_test_closed(a_failed_open_leaves_the_region_clean),
		rig_test(store_fails_cleanly_at_each_allocation),
		rig_test(rounds_and_checkpoints_need_no_memory),
		rig_test(close_needs_no_memory_and_frees_all),
		rig_test(loads_and_moves_need_no_memory),
	};

	return rig_main("memory", tests);
}
