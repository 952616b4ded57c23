// SPDX-License-Identifier: GPL-2.0
/*
 * test_lost.c - blocks of the slot table that are valid in no copy
 */
#include "rig.h"

#define LOST_BLOCK	2u
#define LOST_SLOT	(LOST_BLOCK * PSW_MEDIA_ENTRIES_PER_BLOCK + 10)

static bool is_of_lost_block(u32 slot)
{
	return slot / PSW_MEDIA_ENTRIES_PER_BLOCK == LOST_BLOCK;
}

static void lose_block(struct rig *rig, u64 index)
{
	int copy;

	for (copy = 0; copy < 2; copy++)
		((char *)rig_table_block(rig, copy, index))[9] ^= 1;
}

/* Wear the slots differently, and close with both copies of the table written. */
static void close_worn(struct rig *rig)
{
	u32 slot;

	for (slot = 0; slot < rig->region->geo.slots_nr; slot++)
		rig_set_wear(rig, slot, is_of_lost_block(slot) ? 1000 : 40 + slot % 3);
	assert_int_equal(rig_close(rig), 0);
	shim_log_clear();
}

static void slots_of_a_lost_block_get_the_mean_wear_of_the_others(void **state)
{
	struct rig *rig = *state;
	u32 slot;

	close_worn(rig);
	lose_block(rig, LOST_BLOCK);
	rig_open(rig);
	assert_true(shim_log_has("1 blocks of the slot table are valid in no copy"));
	assert_true(shim_log_has("estimated as 40 page writes") ||
		    shim_log_has("estimated as 41 page writes"));
	for (slot = 0; slot < rig->region->geo.slots_nr; slot++)
		assert_in_range(rig->region->slots.info[slot].wear, 40, 42);
	assert_int_equal(atomic_read(&rig->region->slots.bad_nr), 0);
	assert_int_equal(rig_store(rig, 1, 1), 0);
	rig_assert_holds(rig, 1, 1);
}

static void the_next_detach_writes_a_lost_block_again(void **state)
{
	struct rig *rig = *state;

	close_worn(rig);
	lose_block(rig, LOST_BLOCK);
	rig_open(rig);
	assert_int_equal(rig_checkpoint(rig), 0);
	assert_int_equal(rig_close(rig), 0);
	shim_log_clear();
	rig_open(rig);
	assert_true(shim_log_empty());
}

static void a_table_without_a_valid_block_is_estimated_from_the_total(void **state)
{
	struct rig *rig = *state;
	u32 slots_nr = rig->region->geo.slots_nr;
	u64 index;

	while (rig_stat(rig, PSW_STAT_SLOT_WRITES) < 3 * slots_nr)
		rig_store_some(rig, 100, 1);
	assert_int_equal(rig_close(rig), 0);
	for (index = 0; index < rig_geometry(rig).table_blocks; index++)
		lose_block(rig, index);
	rig_open(rig);
	assert_int_equal(rig_wear_sum(rig), 3 * slots_nr);
}

static void a_retired_slot_of_a_lost_block_stays_retired_by_the_list(void **state)
{
	struct rig *rig = *state;

	psw_badlist_retire(rig->region, LOST_SLOT, PSW_MEDIA_BAD_CHECKSUM);
	close_worn(rig);
	lose_block(rig, LOST_BLOCK);
	rig_open(rig);
	assert_int_equal(atomic_read(&rig->region->slots.bad_nr), 1);
	assert_int_equal(rig->region->slots.info[LOST_SLOT].state, PSW_SLOT_BAD);
}

static void a_full_list_retires_all_slots_of_a_lost_block(void **state)
{
	struct rig *rig = *state;
	u32 room = rig->region->geo.bad_blocks * PSW_MEDIA_BAD_PER_BLOCK;
	u32 other = (LOST_BLOCK + 1) * PSW_MEDIA_ENTRIES_PER_BLOCK;
	u32 slot;

	/* The list names the slots behind the block, and LOST_SLOT no longer fits. */
	for (slot = 0; slot < room; slot++)
		psw_badlist_retire(rig->region, other + slot, PSW_MEDIA_BAD_CHECKSUM);
	psw_badlist_retire(rig->region, LOST_SLOT, PSW_MEDIA_BAD_CHECKSUM);
	close_worn(rig);
	lose_block(rig, LOST_BLOCK);
	rig_open(rig);
	assert_true(shim_log_has("the slots are retired, as the bad-slot list is full"));
	assert_int_equal(rig->region->slots.info[LOST_SLOT].state, PSW_SLOT_BAD);
	assert_int_equal(atomic_read(&rig->region->slots.bad_nr),
			 room + PSW_MEDIA_ENTRIES_PER_BLOCK);
	assert_int_equal(rig->region->slots.info[other - PSW_MEDIA_ENTRIES_PER_BLOCK - 1].state,
			 PSW_SLOT_FREE);
}

/* LOST_SLOT is in the list. Return: its entry, when the region is closed. */
static struct psw_media_bad *close_with_a_listed_slot(struct rig *rig)
{
	psw_badlist_retire(rig->region, LOST_SLOT, PSW_MEDIA_BAD_CHECKSUM);
	close_worn(rig);
	lose_block(rig, LOST_BLOCK);
	return (void *)((char *)rig->pmem.addr + rig_geometry(rig).bad_off);
}

static void assert_lost_block_is_retired(struct rig *rig)
{
	rig_open(rig);
	assert_true(shim_log_has("as the bad-slot list is full or damaged"));
	assert_int_equal(rig->region->slots.info[LOST_SLOT].state, PSW_SLOT_BAD);
	assert_int_equal(atomic_read(&rig->region->slots.bad_nr),
			 PSW_MEDIA_ENTRIES_PER_BLOCK);
}

static void a_damaged_list_retires_all_slots_of_a_lost_block(void **state)
{
	struct rig *rig = *state;

	close_with_a_listed_slot(rig)->checksum ^= 1;
	assert_lost_block_is_retired(rig);
}

static void an_unreadable_list_retires_all_slots_of_a_lost_block(void **state)
{
	struct rig *rig = *state;

	shim_pmem_poison(close_with_a_listed_slot(rig), sizeof(struct psw_media_bad));
	assert_lost_block_is_retired(rig);
	shim_pmem_heal();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(slots_of_a_lost_block_get_the_mean_wear_of_the_others),
		rig_test(the_next_detach_writes_a_lost_block_again),
		rig_test(a_table_without_a_valid_block_is_estimated_from_the_total),
		rig_test(a_retired_slot_of_a_lost_block_stays_retired_by_the_list),
		rig_test(a_full_list_retires_all_slots_of_a_lost_block),
		rig_test(a_damaged_list_retires_all_slots_of_a_lost_block),
		rig_test(an_unreadable_list_retires_all_slots_of_a_lost_block),
	};

	return rig_main("lost", tests);
}
