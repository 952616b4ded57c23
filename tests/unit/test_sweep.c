// SPDX-License-Identifier: GPL-2.0
/*
 * test_sweep.c - when the sweep runs, and what it writes to the slot table
 */
#include "aged.h"
#include "recorder.h"

static void the_sweep_is_called_once_per_table_block_of_stores(void **state)
{
	struct rig *rig = *state;
	u64 stores, taken;

	for (stores = 0; stores < 5 * rig->region->geo.slots_nr; stores++) {
		unsigned int sweep_calls = rig->sweep_calls;

		assert_int_equal(rig_store(rig, stores % 100, stores), 0);
		assert_in_range(rig->sweep_calls, sweep_calls, sweep_calls + 1);
	}
	/* Slots are counted when they go to a magazine, a batch at a time. */
	taken = rig->region->slots.taken;
	assert_in_range(rig->sweep_calls, taken / (PSW_MEDIA_ENTRIES_PER_BLOCK +
						   PSW_MAGAZINE_SLOTS),
			taken / PSW_MEDIA_ENTRIES_PER_BLOCK);
}

static void a_round_takes_as_many_stores_as_there_are_slots(void **state)
{
	struct rig *rig = *state;
	u32 slots_nr = rig->region->geo.slots_nr;
	u64 stores;

	for (stores = 0; stores < 5ull * slots_nr; stores++) {
		assert_int_equal(rig_store(rig, stores % 100, stores), 0);
		rig_work(rig);
		assert_true(rig->region->rounds * (u64)slots_nr <=
			    rig->region->slots.taken);
	}
	for (; stores < 5ull * slots_nr + 2 * PSW_MEDIA_ENTRIES_PER_BLOCK; stores++) {
		assert_int_equal(rig_store(rig, stores % 100, stores), 0);
		rig_work(rig);
	}
	assert_int_equal(rig->region->rounds, 5);
}

static void a_region_without_callbacks_works(void **state)
{
	struct rig *rig = *state;
	u64 stores;

	rig->options.next_bad = NULL;
	rig->options.sweep_due = NULL;
	rig_open(rig);
	for (stores = 0; stores < 2 * rig->region->geo.slots_nr; stores++)
		assert_int_equal(rig_store(rig, stores % 10, stores), 0);
}

static void a_delayed_sweep_passes_each_block_once(void **state)
{
	struct rig *rig = *state;
	u64 before;

	rig_open(rig);
	assert_int_equal(rig_checkpoint(rig), 0);
	store_hot(rig, 20 * slots_nr(rig));
	before = rig_stat(rig, PSW_STAT_META_BYTES);
	psw_sweep_run(rig->region);
	/* It also writes part of one superblock. */
	assert_int_equal((rig_stat(rig, PSW_STAT_META_BYTES) - before) /
			 PSW_MEDIA_BLOCK_BYTES, rig->region->geo.table_blocks);
	assert_int_equal(rig->region->rounds, 1);
}

static void hot_slots_are_marked_busy_and_cold_slots_are_not(void **state)
{
	struct rig *rig = *state;
	struct psw_media_entry *table;
	u32 hot, cold;

	rig_open(rig);
	store_cold(rig, 1);
	store_hot(rig, 3 * slots_nr(rig));
	steer_rounds(rig, 2);
	assert_int_equal(rig_store(rig, HOT_PAGE, 0), 0);
	steer_rounds(rig, 1);
	hot = rig_slot_of(rig, HOT_PAGE);
	cold = rig_slot_of(rig, COLD_PAGE);
	psw_sweep_run(rig->region);
	table = rig_table(rig);
	assert_int_equal(le16_to_cpu(table[cold].flags), PSW_MEDIA_SLOT_USED);
	assert_int_equal(le16_to_cpu(table[hot].flags),
			 PSW_MEDIA_SLOT_USED | PSW_MEDIA_SLOT_BUSY);
	free(table);
}

static void a_clean_detach_leaves_no_marks_and_adds_no_wear(void **state)
{
	struct rig *rig = *state;
	struct psw_media_entry *table;
	u32 *before, *after;
	u64 random = 6;
	u32 slot;

	aged_open(rig, &random);
	aged_run(rig, slots_nr(rig) / 2, &random);
	before = rig_wear_copy(rig);
	/* Pages are still stored, so the table has USED slots to look at. */
	assert_int_equal(psw_sweep_checkpoint(rig->region, PSW_MEDIA_STATE_CLEAN), 0);
	table = rig_table(rig);
	rig_lose_power(rig);
	rig_open(rig);
	assert_true(shim_log_empty());
	after = rig_wear_copy(rig);
	for (slot = 0; slot < slots_nr(rig); slot++)
		assert_int_equal(le16_to_cpu(table[slot].flags) &
				 ~PSW_MEDIA_SLOT_USED, 0);
	assert_memory_equal(before, after, slots_nr(rig) * sizeof(*before));
	free(after);
	free(table);
	free(before);
}

/* Store for one round, and check which metadata was written. */
static void check_round(struct rig *rig, u64 *random)
{
	struct psw_geometry geo = rig_geometry(rig);
	u64 copy_bytes = geo.table_blocks * PSW_MEDIA_BLOCK_BYTES;
	int current_copy = rig_table_current(rig);
	u32 round = rig->region->rounds;
	struct recorder recorder;
	u64 index, supers[2];

	recorder_start(&recorder, rig->pmem.addr);
	while (rig->region->rounds == round)
		aged_run(rig, 1, random);
	recorder_stop(&recorder);

	assert_int_equal(recorder_bytes(&recorder, geo.table_off[current_copy],
					copy_bytes), 0);
	for (index = 0; index < geo.table_blocks; index++)
		assert_int_equal(recorder_bytes(&recorder,
				geo.table_off[!current_copy] +
				index * PSW_MEDIA_BLOCK_BYTES,
				PSW_MEDIA_BLOCK_BYTES), PSW_MEDIA_BLOCK_BYTES);
	supers[0] = recorder_bytes(&recorder, geo.super_off[0],
				   PSW_MEDIA_BLOCK_BYTES);
	supers[1] = recorder_bytes(&recorder, geo.super_off[1],
				   PSW_MEDIA_BLOCK_BYTES);
	assert_true(!supers[0] != !supers[1]);
	assert_in_range(supers[0] + supers[1], 1, PSW_MEDIA_BLOCK_BYTES);
	assert_int_equal(recorder_bytes(&recorder, 0, geo.data_off),
			 copy_bytes + supers[0]);
	assert_int_equal(rig_table_current(rig), !current_copy);
	recorder_free(&recorder);
}

static void a_round_writes_each_block_once_and_never_the_current_copy(void **state)
{
	struct rig *rig = *state;
	u64 random = 7;
	int round;

	aged_open(rig, &random);
	aged_run(rig, slots_nr(rig), &random);
	/* Go on to the beginning of a round. */
	while (rig->region->sweep.blocks_left != rig->region->geo.table_blocks)
		aged_run(rig, 1, &random);
	for (round = 0; round < 4; round++)
		check_round(rig, &random);
}

static void rounds_begin_with_another_block_after_each_attach(void **state)
{
	struct rig *rig = *state;
	u64 seen = 0, attach;

	rig_open(rig);
	for (attach = 0; attach < 100; attach++) {
		u64 first = psw_table_first_block(rig->region->geo.table_blocks,
						  attach);

		assert_in_range(first, 0, rig->region->geo.table_blocks - 1);
		seen |= 1ull << first;
	}
	assert_int_equal(seen, (1ull << rig->region->geo.table_blocks) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(the_sweep_is_called_once_per_table_block_of_stores),
		rig_test(a_round_takes_as_many_stores_as_there_are_slots),
		rig_test_closed(a_region_without_callbacks_works),
		cold_test(a_delayed_sweep_passes_each_block_once),
		cold_test(hot_slots_are_marked_busy_and_cold_slots_are_not),
		cold_test(a_clean_detach_leaves_no_marks_and_adds_no_wear),
		cold_test(a_round_writes_each_block_once_and_never_the_current_copy),
		cold_test(rounds_begin_with_another_block_after_each_attach),
	};

	return rig_main("sweep", tests);
}
