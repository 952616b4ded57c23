// SPDX-License-Identifier: GPL-2.0
/*
 * test_wl.c - which pages wear levelling moves, and when
 */
#include "cold.h"

/* The least worn slot of those that were not written in this round. */
static u32 least_worn_cold(const struct rig *rig)
{
	u32 least = PSW_SLOT_NONE;
	u32 slot;

	for (slot = 0; slot < slots_nr(rig); slot++)
		if (slot_at(rig, slot)->state == PSW_SLOT_USED &&
		    slot_at(rig, slot)->round != (u8)rig->region->rounds &&
		    (least == PSW_SLOT_NONE ||
		     slot_at(rig, slot)->wear < slot_at(rig, least)->wear))
			least = slot;
	return least;
}

static void find_cold(struct rig *rig, u32 *slot, u32 pages)
{
	while (pages--)
		slot[pages] = rig_slot_of(rig, COLD_PAGE + pages);
}

/* With one move allowed, it is made if and only if the gap is reached. */
static bool move_is_made(struct rig *rig, u32 gap, u32 pages)
{
	u32 worn = psw_slots_most_worn(&rig->region->slots);
	u32 slot = least_worn_cold(rig);
	u32 least = slot_at(rig, slot)->wear;
	u32 before[300], after[300];
	u32 moved = 0, i;

	find_cold(rig, before, pages);
	assert_int_equal(steer_one_move(rig, slot), least + gap <= worn);
	find_cold(rig, after, pages);
	for (i = 0; i < pages; i++) {
		if (before[i] == after[i])
			continue;
		moved++;
		assert_int_equal(slot_at(rig, before[i])->state, PSW_SLOT_FREE);
		assert_int_equal(slot_at(rig, before[i])->wear, least);
		assert_int_equal(slot_at(rig, after[i])->wear, worn + 1);
	}
	assert_int_equal(moved, least + gap <= worn);
	return moved;
}

static void a_page_moves_when_the_gap_is_reached_and_not_before(void **state)
{
	static const u32 gaps[] = { 1, 3, 10 };
	struct rig *rig = *state;
	unsigned int i, step;

	for (i = 0; i < ARRAY_SIZE(gaps); i++) {
		u32 moves = 0;

		rig->options.wl_gap = gaps[i];
		format_region(rig->pmem.addr, PSW_REGION_BYTES_MIN);
		rig_open(rig);
		store_cold(rig, 300);
		store_hot(rig, RATE);
		for (step = 0; step < 80; step++) {
			store_hot(rig, slots_nr(rig) / 5);
			steer_rounds(rig, step % 5 == 0);
			moves += move_is_made(rig, gaps[i], 300);
		}
		assert_in_range(moves, 10, 79);
		assert_int_equal(rig_stat(rig, PSW_STAT_MOVES), moves);
		assert_cold(rig, 300);
		assert_int_equal(rig_close(rig), 0);
	}
}

static void the_rate_limits_the_moves(void **state)
{
	struct rig *rig = *state;
	u64 random = 1, moves = 0;
	s64 behind, most_behind = 0;
	unsigned int i;

	rig->options.wl_gap = 1;
	rig->options.wl_rate = 20;
	rig_open(rig);
	store_cold(rig, 1000);
	for (i = 0; i < 2000; i++) {
		store_hot(rig, random_below(&random, 60));
		/* Sweep at random times, whether the engine asks for it or not. */
		if (random_next(&random) % 4)
			moves += psw_sweep_run(rig->region);
		/*
		 * Unused credit is limited to one round of stores. Beyond it are
		 * only the stores since the last sweep.
		 */
		behind = rig->region->slots.taken - moves * 20;
		most_behind = max(most_behind, behind);
		assert_true(behind >= 0);
		assert_true(most_behind - behind <= slots_nr(rig) +
			    4 * PSW_MEDIA_ENTRIES_PER_BLOCK);
	}
	assert_int_equal(rig_stat(rig, PSW_STAT_MOVES), moves);
	assert_true(moves > 500);
	assert_cold(rig, 1000);
	assert_sound(rig, 1001);
}

static void unused_move_credit_is_limited(void **state)
{
	struct rig *rig = *state;

	rig->options.wl_gap = 1;
	rig->options.wl_rate = 10;
	rig_open(rig);
	store_cold(rig, 1000);
	store_hot(rig, 2 * slots_nr(rig));
	psw_sweep_run(rig->region);
	assert_true(rig->region->wl.planned);
	store_hot(rig, 40000);
	/*
	 * The stores allow 4000 moves, but at most those of this round and of
	 * the round before are made.
	 */
	assert_in_range(psw_sweep_run(rig->region), 1, 2 * slots_nr(rig) / 10);
	assert_int_equal(psw_sweep_run(rig->region), 0);
}

static void uniform_stores_cause_no_moves(void **state)
{
	struct rig *rig = *state;
	u64 random = 2;
	u32 stores, pages;

	rig->options.wl_gap = 0;
	rig->options.wl_rate = 0;
	rig_open(rig);
	pages = slots_nr(rig) * 9 / 10;
	/* Long enough for slots to be worn by more than the gap. */
	for (stores = 0; stores < 100 * slots_nr(rig); stores++) {
		assert_int_equal(rig_store(rig, random_below(&random, pages),
					   stores), 0);
		assert_int_equal(psw_sweep_run(rig->region), 0);
	}
	assert_in_range(rig->region->rounds, 99, 100);
	assert_true(rig->region->wl.planned);
}

static void no_page_moves_between_slots_of_equal_wear(void **state)
{
	struct rig *rig = *state;
	u32 offset;

	rig->options.wl_gap = 1;
	rig_open(rig);
	store_cold(rig, slots_nr(rig));
	for (offset = 500; offset < slots_nr(rig); offset++)
		psw_invalidate_page(rig->area, COLD_PAGE + offset);
	/* Every slot was written once, and the pages are cold. */
	steer_rounds(rig, 100);
	for (offset = 0; offset < slots_nr(rig);
	     offset += PSW_MEDIA_ENTRIES_PER_BLOCK)
		assert_int_equal(steer_one_move(rig, offset), 0);
	assert_cold(rig, 500);
}

static void a_page_stored_in_this_round_does_not_move(void **state)
{
	struct rig *rig = *state;
	u64 offset = OTHER_PAGE;
	u32 cold_slot;

	open_with_cold_slots(rig, 1);
	/* Store another page in the slot that lags. */
	cold_slot = rig_slot_of(rig, COLD_PAGE);
	psw_invalidate_page(rig->area, COLD_PAGE);
	do
		assert_int_equal(rig_store(rig, ++offset, 0), 0);
	while (rig_slot_of(rig, offset) != cold_slot);

	assert_int_equal(steer_one_move(rig, cold_slot), 0);
	steer_rounds(rig, 1);
	assert_int_equal(steer_one_move(rig, cold_slot), 1);
	assert_int_not_equal(rig_slot_of(rig, offset), cold_slot);
	rig_assert_holds(rig, offset, 0);
}

static void the_default_rate_limits_the_moves_at_every_age(void **state)
{
	struct rig *rig = *state;
	double moves = 0;
	u32 age;

	rig->options.wl_rate = 0;
	rig_open(rig);
	for (age = 0; age < 20000; age += 10) {
		moves += 10.0 / steer_pace_at(rig, age);
		assert_true(age != 990 || moves <= 0.01 * 1000);
	}
	assert_true(moves <= 0.005 * age);
}

/* Modes of wear levelling. */

static void pages_move_only_with_static_levelling(void **state)
{
	struct rig *rig = *state;
	enum psw_wear_mode mode;

	for (mode = PSW_WEAR_DYNAMIC; mode <= PSW_WEAR_STATIC; mode++) {
		bool is_static = mode == PSW_WEAR_STATIC;

		rig->options.wear_mode = mode;
		format_region(rig->pmem.addr, PSW_REGION_BYTES_MIN);
		open_with_cold_slots(rig, 300);
		assert_int_equal(steer_one_move(rig, rig_slot_of(rig, COLD_PAGE)),
				 is_static);
		assert_cold(rig, 300);
		assert_int_equal(rig_close(rig), 0);
	}
}

/* Write the slots below @slots_nr_worn often and the others once, then reopen. */
static void open_worn_below(struct rig *rig, u32 slots_nr_worn)
{
	u32 offset;

	rig->options.wear_mode = PSW_WEAR_DYNAMIC;
	rig_open(rig);
	for (offset = 0; offset < slots_nr(rig); offset++)
		assert_int_equal(rig_store(rig, offset, 0), 0);
	for (offset = 0; offset < slots_nr_worn; offset++)
		psw_invalidate_page(rig->area, offset);
	store_hot(rig, 20 * slots_nr_worn);
	assert_int_equal(rig_close(rig), 0);
	rig_open(rig);
}

static void dynamic_levelling_stores_to_the_least_worn_slots(void **state)
{
	struct rig *rig = *state;
	u32 offset;

	open_worn_below(rig, 700);
	for (offset = 0; offset < slots_nr(rig) - 700; offset++) {
		assert_int_equal(rig_store(rig, offset, 0), 0);
		assert_true(rig_slot_of(rig, offset) >= 700);
	}
	assert_int_equal(rig_store(rig, offset, 0), 0);
	assert_true(rig_slot_of(rig, offset) < 700);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cold_test(a_page_moves_when_the_gap_is_reached_and_not_before),
		cold_test(the_rate_limits_the_moves),
		cold_test(unused_move_credit_is_limited),
		cold_test(uniform_stores_cause_no_moves),
		cold_test(no_page_moves_between_slots_of_equal_wear),
		cold_test(a_page_stored_in_this_round_does_not_move),
		cold_test(the_default_rate_limits_the_moves_at_every_age),
		cold_test(pages_move_only_with_static_levelling),
		cold_test(dynamic_levelling_stores_to_the_least_worn_slots),
	};

	return rig_main("wl", tests);
}
