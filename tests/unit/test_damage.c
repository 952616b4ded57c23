// SPDX-License-Identifier: GPL-2.0
/*
 * test_damage.c - slots, bad-slot list and slot table on a medium that fails
 */
#include "rig.h"

/* Slots. */

static void lose_page(struct rig *rig, u64 offset, bool poison)
{
	u8 *slot = rig_slot_addr(rig, rig_slot_of(rig, offset));

	if (poison)
		shim_pmem_poison(slot + 1000, 256);
	else
		slot[1000] ^= 4;
}

static void check_loss(struct rig *rig, bool poison)
{
	u32 free_nr, slot;

	assert_int_equal(rig_store(rig, 1, 1), 0);
	assert_int_equal(rig_store(rig, 2, 2), 0);
	free_nr = rig_free_nr(rig);
	slot = rig_slot_of(rig, 1);
	lose_page(rig, 1, poison);

	rig_assert_fails(rig, 1, -EIO);
	assert_true(shim_log_has(poison ? "cannot be read" :
				 "has a wrong checksum"));
	assert_true(shim_log_has("page 1 of area 65535 is lost"));
	shim_log_clear();
	rig_assert_fails(rig, 1, -EIO);
	assert_true(shim_log_empty());
	rig_assert_holds(rig, 2, 2);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOADS), 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 2);
	assert_int_equal(atomic_read(&rig->region->slots.bad_nr), 1);
	assert_int_equal(rig->region->slots.info[slot].state, PSW_SLOT_BAD);
	assert_int_equal(rig_free_nr(rig), free_nr);
	shim_pmem_heal();
	rig_assert_fails(rig, 1, -EIO);
}

static void a_slot_that_cannot_be_read_loses_its_page_and_is_retired(void **state)
{
	check_loss(*state, true);
}

static void a_slot_with_other_bytes_loses_its_page_and_is_retired(void **state)
{
	check_loss(*state, false);
}

/* A second read of the slot would return the page. */
static void a_slot_that_cannot_be_read_is_not_read_again(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(rig_store(rig, 1, 1), 0);
	lose_page(rig, 1, true);
	shim_pmem_heal_after_read();
	rig_assert_fails(rig, 1, -EIO);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 1);
}

static void a_page_that_changes_while_it_is_loaded_is_read_again(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(rig_store(rig, 2, 2), 0);
	shim_pmem_disturb();
	rig_assert_holds(rig, 2, 2);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 0);
}

static void lost_pages_are_counted_while_they_are_held(void **state)
{
	struct rig *rig = *state;
	u64 offset;

	for (offset = 0; offset < 4; offset++) {
		assert_int_equal(rig_store(rig, offset, offset), 0);
		lose_page(rig, offset, offset & 1);
		rig_assert_fails(rig, offset, -EIO);
		rig_assert_fails(rig, offset, -EIO);
		assert_int_equal(rig_stat(rig, PSW_STAT_PAGES_LOST), offset + 1);
	}
	psw_invalidate_page(rig->area, 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES_LOST), 3);
	assert_int_equal(rig_store(rig, 1, 1), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES_LOST), 2);
	assert_int_equal(rig_store_zero(rig, 2), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES_LOST), 1);
	psw_invalidate_area(rig->area);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES_LOST), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 4);
}

static void a_lost_page_stays_lost_until_it_is_invalidated(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(rig_store(rig, 1, 1), 0);
	lose_page(rig, 1, true);
	rig_assert_fails(rig, 1, -EIO);
	psw_invalidate_page(rig->area, 1);
	rig_assert_fails(rig, 1, -ENOENT);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
	assert_int_equal(rig_store(rig, 1, 2), 0);
	rig_assert_holds(rig, 1, 2);
}

static void a_lost_page_can_be_stored_again(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(rig_store(rig, 1, 1), 0);
	lose_page(rig, 1, false);
	rig_assert_fails(rig, 1, -EIO);
	assert_int_equal(rig_store(rig, 1, 2), 0);
	rig_assert_holds(rig, 1, 2);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 1);
}

static void a_retired_slot_is_never_used_again(void **state)
{
	struct rig *rig = *state;
	u64 offset, held;
	u32 slot;

	assert_int_equal(rig_store(rig, 1, 1), 0);
	slot = rig_slot_of(rig, 1);
	lose_page(rig, 1, true);
	rig_assert_fails(rig, 1, -EIO);
	for (offset = 2; !rig_store(rig, offset, offset); offset++)
		assert_int_not_equal(rig_slot_of(rig, offset), slot);
	held = offset - 2;
	assert_int_equal(held, rig->region->geo.slots_nr - 1);
}

static void retired_slots_stay_retired_after_close_and_after_power_loss(void **state)
{
	struct rig *rig = *state;
	u32 first, second;

	assert_int_equal(rig_store(rig, 1, 1), 0);
	assert_int_equal(rig_store(rig, 2, 2), 0);
	first = rig_slot_of(rig, 1);
	second = rig_slot_of(rig, 2);
	lose_page(rig, 1, true);
	rig_assert_fails(rig, 1, -EIO);
	rig_lose_power(rig);
	rig_open(rig);
	assert_int_equal(rig->region->slots.info[first].state, PSW_SLOT_BAD);
	assert_int_equal(rig->region->bad_nr, 1);
	psw_badlist_retire(rig->region, second, PSW_MEDIA_BAD_CHECKSUM);
	/* Slots that are on the list already are not added again. */
	psw_badlist_retire(rig->region, second, PSW_MEDIA_BAD_CHECKSUM);
	psw_badlist_retire(rig->region, first, PSW_MEDIA_BAD_CHECKSUM);
	assert_int_equal(rig->region->bad_nr, 2);
	assert_int_equal(rig_close(rig), 0);
	rig_open(rig);
	assert_int_equal(rig->region->slots.info[first].state, PSW_SLOT_BAD);
	assert_int_equal(rig->region->slots.info[second].state, PSW_SLOT_BAD);
	assert_int_equal(atomic_read(&rig->region->slots.bad_nr), 2);
}

static void without_verification_a_load_returns_what_is_there(void **state)
{
	struct rig *rig = *state;
	struct page_buffer page, expected;

	rig->options.verify = false;
	rig_open(rig);
	assert_int_equal(rig_store(rig, 1, 1), 0);
	lose_page(rig, 1, false);
	page_fill(&expected, 1, 1);
	((u8 *)&expected)[1000] ^= 4;
	assert_int_equal(psw_load(rig->area, 1, &page), 0);
	assert_memory_equal(&page, &expected, sizeof(page));
	/* Poison is found without a checksum. */
	lose_page(rig, 1, true);
	rig_assert_fails(rig, 1, -EIO);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 1);
}

static void a_move_leaves_a_damaged_page_for_a_load_to_find(void **state)
{
	struct rig *rig = *state;
	u64 stores;
	u32 whole, i;

	rig->options.wl_gap = 2;
	rig->options.wl_rate = 1;
	rig_open(rig);
	assert_int_equal(rig_store(rig, 1, 1), 0);
	assert_int_equal(rig_store(rig, 2, 2), 0);
	assert_int_equal(rig_store(rig, 4, 4), 0);
	whole = rig_slot_of(rig, 4);
	lose_page(rig, 1, false);
	lose_page(rig, 2, true);
	for (stores = 0; stores < 6ull * rig->region->geo.slots_nr; stores++)
		assert_int_equal(rig_store(rig, 3, stores), 0);
	for (i = 0; i < 2 * rig->region->geo.slots_nr; i++) {
		assert_int_equal(rig_store(rig, 3, i), 0);
		psw_sweep_run(rig->region);
	}
	/* Pages do move: the undamaged page from the same time has moved. */
	assert_int_not_equal(rig_slot_of(rig, 4), whole);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 0);
	rig_assert_fails(rig, 1, -EIO);
	rig_assert_fails(rig, 2, -EIO);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 2);
	rig_assert_holds(rig, 3, i - 1);
	rig_assert_holds(rig, 4, 4);
}

static void a_cold_page_moves_to_a_worn_slot(void **state)
{
	struct rig *rig = *state;
	u64 stores;
	u32 before;

	rig->options.wl_gap = 2;
	rig->options.wl_rate = 1;
	rig_open(rig);
	assert_int_equal(rig_store(rig, 1, 1), 0);
	before = rig_slot_of(rig, 1);
	for (stores = 0; stores < 6ull * rig->region->geo.slots_nr; stores++) {
		assert_int_equal(rig_store(rig, 3, stores), 0);
		psw_sweep_run(rig->region);
	}
	assert_int_not_equal(rig_slot_of(rig, 1), before);
	assert_true(rig_stat(rig, PSW_STAT_MOVES) > 0);
	rig_assert_holds(rig, 1, 1);
	assert_int_equal(rig_free_nr(rig), rig->region->geo.slots_nr - 2);
}

/* Ranges known to be bad. */

static void known_bad_ranges_retire_each_slot_they_touch(void **state)
{
	struct rig *rig = *state;
	struct psw_geometry geo = rig_geometry(rig);
	u32 slot;

	rig->bad_off = geo.data_off + 10 * 4096 + 512;
	rig->bad_bytes = 3 * 4096;
	rig_open(rig);
	for (slot = 0; slot < 20; slot++)
		assert_int_equal(rig->region->slots.info[slot].state,
				 slot >= 10 && slot <= 13 ? PSW_SLOT_BAD :
							PSW_SLOT_FREE);
	assert_int_equal(atomic_read(&rig->region->slots.bad_nr), 4);
	assert_int_equal(rig_close(rig), 0);

	rig->bad_bytes = 0;
	rig_open(rig);
	assert_int_equal(atomic_read(&rig->region->slots.bad_nr), 4);
}

static void a_bad_range_into_the_superblock_retires_the_last_slot_alone(void **state)
{
	struct rig *rig = *state;
	struct psw_geometry geo = rig_geometry(rig);

	rig_open(rig);
	rig->bad_off = geo.super_off[1] - 1;
	rig->bad_bytes = 4096;
	rig->bad_stamp += 2;
	psw_sweep_run(rig->region);
	assert_int_equal(atomic_read(&rig->region->slots.bad_nr), 1);
	assert_int_equal(rig->region->slots.info[geo.slots_nr - 1].state,
			 PSW_SLOT_BAD);
}

static void a_region_that_is_bad_all_over_is_refused(void **state)
{
	struct rig *rig = *state;

	rig->bad_off = 2 << 20;
	rig->bad_bytes = rig_geometry(rig).super_off[1] - rig->bad_off;
	assert_int_equal(rig_try_open(rig), -ENOSPC);
	assert_true(shim_log_has("too few are left"));
	assert_int_equal(shim_alloc_live(), 0);
}

/* The bad-slot list. */

static struct psw_media_bad *bad_entry(struct rig *rig, u32 index)
{
	struct psw_geometry geo = rig_geometry(rig);

	return (void *)((char *)rig->pmem.addr + geo.bad_off +
			index * sizeof(struct psw_media_bad));
}

static void slots_retired_beyond_a_full_bad_list_are_marked_in_the_table(void **state)
{
	struct rig *rig = *state;
	u32 room = rig->region->geo.bad_blocks * PSW_MEDIA_BAD_PER_BLOCK;
	u32 slot;

	for (slot = 0; slot < room + 5; slot++)
		psw_badlist_retire(rig->region, slot, PSW_MEDIA_BAD_CHECKSUM);
	assert_int_equal(rig->region->bad_nr, room);
	assert_int_equal(atomic_read(&rig->region->slots.bad_nr), room + 5);
	assert_int_equal(rig_checkpoint(rig), 0);
	rig_lose_power(rig);
	rig_open(rig);
	assert_int_equal(atomic_read(&rig->region->slots.bad_nr), room + 5);
}

static void a_damaged_bad_entry_is_logged_and_skipped(void **state)
{
	struct rig *rig = *state;

	psw_badlist_retire(rig->region, 5, PSW_MEDIA_BAD_CHECKSUM);
	psw_badlist_retire(rig->region, 6, PSW_MEDIA_BAD_CHECKSUM);
	psw_badlist_retire(rig->region, 7, PSW_MEDIA_BAD_CHECKSUM);
	rig_lose_power(rig);
	bad_entry(rig, 1)->slot = cpu_to_le64(1ull << 40);
	rig_open(rig);
	assert_true(shim_log_has("1 entries of the bad-slot list are damaged"));
	assert_int_equal(rig->region->slots.info[5].state, PSW_SLOT_BAD);
	assert_int_equal(rig->region->slots.info[6].state, PSW_SLOT_FREE);
	assert_int_equal(rig->region->slots.info[7].state, PSW_SLOT_BAD);
	/* New entries follow the damaged one. */
	psw_badlist_retire(rig->region, 8, PSW_MEDIA_BAD_CHECKSUM);
	assert_int_equal(le64_to_cpu(bad_entry(rig, 3)->slot), 8);
}

static void an_unreadable_bad_list_is_logged_and_the_region_opens(void **state)
{
	struct rig *rig = *state;
	u32 room = rig->region->geo.bad_blocks * PSW_MEDIA_BAD_PER_BLOCK;

	assert_int_equal(rig_close(rig), 0);
	shim_pmem_poison(bad_entry(rig, 0), room * sizeof(struct psw_media_bad));
	rig_open(rig);
	assert_true(shim_log_has("bad-slot list are damaged"));
	assert_int_equal(rig_store(rig, 1, 1), 0);
	lose_page(rig, 1, false);
	rig_assert_fails(rig, 1, -EIO);
	assert_int_equal(atomic_read(&rig->region->slots.bad_nr), 1);
}

/* Table blocks. */

static char *table_block(struct rig *rig, int copy, u64 index)
{
	return (char *)rig_table_block(rig, copy, index);
}

/* Write both copies of the table, the second one last, and close. */
static u64 close_with_two_tables(struct rig *rig)
{
	u64 offset, wear;

	for (offset = 0; offset < 1000; offset++)
		assert_int_equal(rig_store(rig, offset, offset), 0);
	assert_int_equal(rig_checkpoint(rig), 0);
	for (offset = 0; offset < 1000; offset++)
		assert_int_equal(rig_store(rig, offset, offset), 0);
	wear = rig_wear_sum(rig);
	assert_int_equal(rig_close(rig), 0);
	shim_log_clear();
	return wear;
}

static void a_table_block_damaged_in_the_old_copy_costs_nothing(void **state)
{
	struct rig *rig = *state;
	u64 wear = close_with_two_tables(rig);

	table_block(rig, 0, 1)[100] ^= 1;
	rig_open(rig);
	assert_true(shim_log_has("1 blocks of the slot table are damaged"));
	assert_int_equal(rig_wear_sum(rig), wear);
}

static void a_table_block_damaged_in_the_new_copy_costs_a_round(void **state)
{
	struct rig *rig = *state;
	u64 wear = close_with_two_tables(rig);

	shim_pmem_poison(table_block(rig, 1, 1) + 256, 1);
	rig_open(rig);
	assert_true(shim_log_has("1 blocks of the slot table are damaged"));
	assert_in_range(rig_wear_sum(rig), wear - 1000, wear);
	shim_pmem_heal();

	/* The next two checkpoints write both copies again. */
	assert_int_equal(rig_checkpoint(rig), 0);
	assert_int_equal(rig_checkpoint(rig), 0);
	assert_int_equal(rig_close(rig), 0);
	shim_log_clear();
	rig_open(rig);
	assert_true(shim_log_empty());
}

static void a_table_that_was_never_written_is_no_damage(void **state)
{
	struct rig *rig = *state;

	/* Bytes from before the format. */
	memset(table_block(rig, 0, 0), 0x5a, 4096 * 6);
	rig_open(rig);
	assert_true(shim_log_empty());
	assert_int_equal(rig_wear_sum(rig), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(a_slot_that_cannot_be_read_loses_its_page_and_is_retired),
		rig_test(a_slot_with_other_bytes_loses_its_page_and_is_retired),
		rig_test(a_slot_that_cannot_be_read_is_not_read_again),
		rig_test(a_page_that_changes_while_it_is_loaded_is_read_again),
		rig_test(lost_pages_are_counted_while_they_are_held),
		rig_test(a_lost_page_stays_lost_until_it_is_invalidated),
		rig_test(a_lost_page_can_be_stored_again),
		rig_test(a_retired_slot_is_never_used_again),
		rig_test(retired_slots_stay_retired_after_close_and_after_power_loss),
		rig_test_closed(without_verification_a_load_returns_what_is_there),
		rig_test_closed(a_move_leaves_a_damaged_page_for_a_load_to_find),
		rig_test_closed(a_cold_page_moves_to_a_worn_slot),
		rig_test_closed(known_bad_ranges_retire_each_slot_they_touch),
		rig_test_closed(a_bad_range_into_the_superblock_retires_the_last_slot_alone),
		rig_test_closed(a_region_that_is_bad_all_over_is_refused),
		rig_test(slots_retired_beyond_a_full_bad_list_are_marked_in_the_table),
		rig_test(a_damaged_bad_entry_is_logged_and_skipped),
		rig_test(an_unreadable_bad_list_is_logged_and_the_region_opens),
		rig_test(a_table_block_damaged_in_the_old_copy_costs_nothing),
		rig_test(a_table_block_damaged_in_the_new_copy_costs_a_round),
		rig_test_closed(a_table_that_was_never_written_is_no_damage),
	};

	return rig_main("damage", tests);
}
