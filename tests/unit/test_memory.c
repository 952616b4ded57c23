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

static void a_region_too_large_for_the_memory_is_refused_at_once(void **state)
{
	struct rig *rig = *state;
	unsigned long live = shim_alloc_live();

	/* 16 MiB need one MiB for their slots. */
	shim_memory_available(256);
	assert_int_equal(rig_try_open(rig), -ENOMEM);
	assert_true(shim_log_has("not enough memory: 1 MiB are needed for its slots, and 1 MiB are available"));
	assert_int_equal(shim_alloc_live(), live);
	shim_memory_available(-5);
	assert_int_equal(rig_try_open(rig), -ENOMEM);
	shim_memory_available(512);
	assert_int_equal(rig_try_open(rig), 0);
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

	/* A spare page takes the place of the one that could not be allocated. */
	assert_int_equal(err, 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), held + 1);
	rig_assert_holds(rig, offset, offset);
	assert_int_equal(rig_store(rig, offset, offset + 1), 0);
	rig_assert_holds(rig, offset, offset + 1);
	psw_invalidate_page(rig->area, offset);
}

static void a_store_goes_on_without_each_of_its_allocations(void **state)
{
	assert_int_equal(for_each_failure(*state, store_once), 2);
}

static unsigned int due_calls;

static void count_due(void *context)
{
	due_calls++;
}

/* Store pages of new leaves until a store is rejected. Return: leaves and nodes. */
static u32 store_without_memory(struct rig *rig, u64 *leaf)
{
	u32 nodes = 0, leaves = 0;
	int err;

	shim_alloc_fail(1, true);
	for (;; leaves++, ++*leaf) {
		nodes += *leaf % PSW_NODE_LEAVES == 0;
		due_calls = 0;
		err = rig_store(rig, *leaf * PSW_LEAF_ENTRIES, *leaf);
		if (err)
			break;
		assert_true(due_calls > 0);
	}
	assert_int_equal(err, -ENOMEM);
	assert_true(due_calls > 0);
	rig_assert_fails(rig, *leaf * PSW_LEAF_ENTRIES, -ENOENT);
	shim_alloc_fail(0, false);
	return nodes + leaves;
}

static void stores_without_memory_go_on_for_as_long_as_spare_pages_last(void **state)
{
	struct rig *rig = *state;
	u64 leaf = 0, i;

	rig->options.spares_due = count_due;
	rig_open(rig);
	assert_int_equal(store_without_memory(rig, &leaf), PSW_SPARES_NR);
	assert_int_equal(rig_stat(rig, PSW_STAT_REJECT_MEMORY), 1);
	/* Nothing is left, and a refill without memory says so. */
	assert_int_equal(store_without_memory(rig, &leaf), 0);
	shim_alloc_fail(1, true);
	assert_int_equal(psw_spares_refill(rig->region), -ENOMEM);
	shim_alloc_fail(0, false);

	assert_int_equal(psw_spares_refill(rig->region), 0);
	assert_int_equal(store_without_memory(rig, &leaf), PSW_SPARES_NR);
	for (i = 0; i < leaf; i++)
		rig_assert_holds(rig, i * PSW_LEAF_ENTRIES, i);
}

static void a_rejected_store_for_want_of_memory_drops_the_old_page_alone(void **state)
{
	struct rig *rig = *state;
	u64 leaf = 0;

	rig->options.spares_due = count_due;
	rig_open(rig);
	store_without_memory(rig, &leaf);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), leaf);
	/* A leaf that exists needs no memory. */
	assert_int_equal(rig_store(rig, 1, 1), 0);
	rig_assert_holds(rig, 1, 1);
	rig_assert_holds(rig, 0, 0);
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
		rig_test_closed(a_region_too_large_for_the_memory_is_refused_at_once),
		rig_test_closed(a_failed_open_leaves_the_region_clean),
		rig_test(a_store_goes_on_without_each_of_its_allocations),
		rig_test_closed(stores_without_memory_go_on_for_as_long_as_spare_pages_last),
		rig_test_closed(a_rejected_store_for_want_of_memory_drops_the_old_page_alone),
		rig_test(rounds_and_checkpoints_need_no_memory),
		rig_test(close_needs_no_memory_and_frees_all),
		rig_test(loads_and_moves_need_no_memory),
	};

	return rig_main("memory", tests);
}
