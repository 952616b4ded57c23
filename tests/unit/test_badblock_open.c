// SPDX-License-Identifier: GPL-2.0
/*
 * test_badblock_open.c - ranges that become known to be bad while the region is open
 */
#include <linux/rcupdate.h>
#include <load.h>
#include "cold.h"

/* The device learns that @slots_nr slots from @slot on are bad, each in one sector. */
static void learn_bad(struct rig *rig, u32 slot, u32 slots_nr)
{
	rig->bad_off = psw_slot_off(&rig->region->geo, slot) + 512;
	rig->bad_bytes = (slots_nr - 1) * PSW_MEDIA_SLOT_BYTES + 512;
	shim_pmem_poison((char *)rig->pmem.addr + rig->bad_off, rig->bad_bytes);
	rig->bad_stamp += 2;
}

static u32 bad_nr(const struct rig *rig)
{
	return atomic_read(&rig->region->slots.bad_nr);
}

static void free_slots_in_a_new_bad_range_are_not_taken(void **state)
{
	struct rig *rig = *state;
	u32 slots_nr = rig->region->geo.slots_nr;
	u64 offset = 0;

	/* Two of the slots are in magazines, the others in the free list. */
	assert_int_equal(rig_store(rig, offset, offset), 0);
	learn_bad(rig, rig_slot_of(rig, offset) + 1, 40);
	for (offset = 1; !rig_store(rig, offset, offset); offset++)
		;
	assert_int_equal(offset, slots_nr - 40);
	assert_int_equal(bad_nr(rig), 40);
	assert_int_equal(rig_free_nr(rig), 0);
	assert_true(rig->sweep_calls > 0);
	while (offset--)
		rig_assert_holds(rig, offset, offset);
}

static void retired_slots_are_dropped_from_their_lists(void **state)
{
	struct rig *rig = *state;
	u64 offset = 0;

	/* Some of the slots are in a magazine, others in the free list. */
	assert_int_equal(rig_store(rig, offset, offset), 0);
	learn_bad(rig, rig_slot_of(rig, offset) + 1, 40);
	psw_sweep_run(rig->region);
	for (offset = 1; !rig_store(rig, offset, offset); offset++)
		;
	assert_int_equal(offset, rig->region->geo.slots_nr - 40);
	assert_int_equal(rig_free_nr(rig), 0);
	assert_int_equal(bad_nr(rig), 40);
	while (offset--)
		rig_assert_holds(rig, offset, offset);
}

static void the_sweep_retires_free_slots_in_a_new_bad_range(void **state)
{
	struct rig *rig = *state;
	u32 free_nr, slot;

	assert_int_equal(rig_store(rig, 1, 1), 0);
	slot = rig_slot_of(rig, 1) + 1;
	free_nr = rig_free_nr(rig);
	learn_bad(rig, slot, 40);
	psw_sweep_run(rig->region);
	assert_int_equal(bad_nr(rig), 40);
	assert_int_equal(rig_free_nr(rig), free_nr - 40);
	rig_lose_power(rig);

	/* They are on the list, so they stay retired if the device forgets them. */
	rig->bad_bytes = 0;
	rig_open(rig);
	assert_int_equal(bad_nr(rig), 40);
	assert_int_equal(slot_at(rig, slot)->state, PSW_SLOT_BAD);
}

static void pages_in_a_new_bad_range_are_lost_without_a_read(void **state)
{
	struct rig *rig = *state;
	unsigned long reads = shim_pmem_poison_reads();
	u32 slot;

	assert_int_equal(rig_store(rig, 1, 1), 0);
	assert_int_equal(rig_store(rig, 2, 2), 0);
	slot = rig_slot_of(rig, 1);
	learn_bad(rig, slot, 1);
	psw_sweep_run(rig->region);
	assert_true(shim_log_has("is in a bad block of the device: page 1 of area 65535 is lost"));
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 1);
	assert_int_equal(slot_at(rig, slot)->state, PSW_SLOT_BAD);
	rig_assert_fails(rig, 1, -EIO);
	rig_assert_holds(rig, 2, 2);
	assert_int_equal(shim_pmem_poison_reads(), reads);

	/* The page can be stored again, in another slot. */
	assert_int_equal(rig_store(rig, 1, 3), 0);
	rig_assert_holds(rig, 1, 3);
	assert_int_equal(bad_nr(rig), 1);
}

static void a_load_before_the_sweep_does_not_read_a_bad_range(void **state)
{
	struct rig *rig = *state;
	unsigned long reads = shim_pmem_poison_reads();
	u32 slot;

	assert_int_equal(rig_store(rig, 1, 1), 0);
	slot = rig_slot_of(rig, 1);
	learn_bad(rig, slot, 1);
	rig_assert_fails(rig, 1, -EIO);
	assert_int_equal(slot_at(rig, slot)->state, PSW_SLOT_BAD);
	assert_int_equal(shim_pmem_poison_reads(), reads);
}

/*
 * Store page 1 in a slot that the sweep dooms after the store has taken it, and before
 * the page is there. Return: the slot.
 */
static u32 store_in_a_doomed_slot(struct rig *rig)
{
	u32 slot = psw_slot_alloc(&rig->region->slots);
	struct page_buffer page;
	u32 *entry;

	learn_bad(rig, slot, 1);
	assert_false(psw_slot_doom(&rig->region->slots, slot));
	assert_int_equal(rig_store_zero(rig, 1), 0);
	page_fill(&page, 1, 1);
	psw_slot_write(rig->area, 1, slot, &page);
	rcu_read_lock();
	entry = psw_index_find(rig->area, 1);
	assert_int_equal(xchg(entry, psw_entry_of_slot(slot)), PSW_ENTRY_ZERO);
	rcu_read_unlock();
	assert_int_equal(slot_at(rig, slot)->state, PSW_SLOT_DOOMED);
	return slot;
}

/* The sweep may wait for a grace period meanwhile, so the load must not wait for it. */
static void a_load_from_a_doomed_slot_loses_the_page_and_ends(void **state)
{
	struct rig *rig = *state;
	u32 slot = store_in_a_doomed_slot(rig);

	rig_assert_fails(rig, 1, -EIO);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 1);
	assert_int_equal(slot_at(rig, slot)->state, PSW_SLOT_BAD);
	assert_int_equal(bad_nr(rig), 1);
	/* The second pass of the sweep finds nothing more to do. */
	psw_sweep_run(rig->region);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 1);
	assert_int_equal(bad_nr(rig), 1);
}

static void a_scrub_of_a_doomed_slot_loses_the_page_and_ends(void **state)
{
	struct rig *rig = *state;
	u32 slot = store_in_a_doomed_slot(rig);
	struct page_buffer page;

	assert_int_equal(psw_page_check(rig->region, slot, &page), -EIO);
	assert_int_equal(slot_at(rig, slot)->state, PSW_SLOT_BAD);
	assert_int_equal(psw_page_check(rig->region, slot, &page), -ENOENT);
	rig_assert_fails(rig, 1, -EIO);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 1);
}

static void a_page_that_is_being_stored_is_not_forgotten(void **state)
{
	struct rig *rig = *state;
	u32 slot = psw_slot_alloc(&rig->region->slots);
	u32 *entry;

	/* The sweep finds the slot used, and no page in it. */
	learn_bad(rig, slot, 1);
	psw_sweep_run(rig->region);
	assert_int_equal(bad_nr(rig), 0);

	/* A store that ends after all replaces it. */
	assert_int_equal(rig_store_zero(rig, 1), 0);
	rcu_read_lock();
	entry = psw_index_find(rig->area, 1);
	*entry = psw_entry_of_slot(slot);
	rcu_read_unlock();
	assert_int_equal(rig_store(rig, 1, 1), 0);
	assert_int_equal(bad_nr(rig), 1);
	assert_int_equal(slot_at(rig, slot)->state, PSW_SLOT_BAD);
	rig_assert_holds(rig, 1, 1);
}

static void a_page_does_not_move_out_of_a_new_bad_range(void **state)
{
	struct rig *rig = *state;
	unsigned long reads = shim_pmem_poison_reads();
	u32 slot;

	open_with_cold_slots(rig, 20);
	slot = rig_slot_of(rig, COLD_PAGE);
	learn_bad(rig, slot, 1);
	steer_one_move(rig, slot);
	rig_assert_fails(rig, COLD_PAGE, -EIO);
	assert_int_equal(slot_at(rig, slot)->state, PSW_SLOT_BAD);
	assert_int_equal(shim_pmem_poison_reads(), reads);
}

static void the_wear_of_retired_slots_does_not_hold_the_floor_back(void **state)
{
	struct rig *rig = *state;
	u32 slots_nr, slot;
	u64 stores;

	rig_open(rig);
	slots_nr = rig->region->geo.slots_nr;
	/* One slot is retired in the free list. The others go on to be worn. */
	learn_bad(rig, slots_nr - 1, 1);
	psw_sweep_run(rig->region);
	shim_pmem_heal();
	for (stores = 0; stores < 3ull * slots_nr; stores++) {
		assert_int_equal(rig_store(rig, 1, stores), 0);
		rig_work(rig);
	}
	for (slot = 0; slot < slots_nr - 1; slot++)
		assert_in_range(slot_at(rig, slot)->wear, 2, 4);
	assert_int_equal(slot_at(rig, slots_nr - 1)->wear, 0);
	rig_assert_holds(rig, 1, stores - 1);
}

/* Round by round, the floor passes the wear of a slot that is retired in the list. */
static void a_retired_slot_is_not_the_most_worn_one(void **state)
{
	struct rig *rig = *state;
	struct psw_slots *slots;
	u32 slot, free_nr;

	for (slot = 0; slot < rig->region->slots.slots_nr; slot++)
		rig_set_wear(rig, slot, slot == 7 ? 20 : 100);
	assert_int_equal(rig_close(rig), 0);
	rig_open(rig);
	slots = &rig->region->slots;
	assert_int_equal(psw_slots_most_worn(slots), 100);
	learn_bad(rig, 7, 1);
	psw_sweep_run(rig->region);
	psw_slots_raise_floor(slots, 100);
	free_nr = rig_free_nr(rig);
	assert_int_equal(psw_slots_most_worn(slots), 100);
	assert_int_equal(rig_free_nr(rig), free_nr);
	slot = psw_slot_alloc_most_worn(slots, 100);
	assert_int_not_equal(slot, PSW_SLOT_NONE);
	psw_slot_free(slots, slot);
	assert_int_equal(rig_free_nr(rig), free_nr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(free_slots_in_a_new_bad_range_are_not_taken),
		rig_test(retired_slots_are_dropped_from_their_lists),
		rig_test(the_sweep_retires_free_slots_in_a_new_bad_range),
		rig_test(pages_in_a_new_bad_range_are_lost_without_a_read),
		rig_test(a_load_before_the_sweep_does_not_read_a_bad_range),
		rig_test(a_load_from_a_doomed_slot_loses_the_page_and_ends),
		rig_test(a_scrub_of_a_doomed_slot_loses_the_page_and_ends),
		rig_test(a_page_that_is_being_stored_is_not_forgotten),
		cold_test(a_page_does_not_move_out_of_a_new_bad_range),
		rig_test(a_retired_slot_is_not_the_most_worn_one),
		cold_test(the_wear_of_retired_slots_does_not_hold_the_floor_back),
	};

	return rig_main("badblock open", tests);
}
