// SPDX-License-Identifier: GPL-2.0
/*
 * test_wl.c - which pages are moved, when, and what they are afterwards
 *
 * What may happen while a page is on the move is in test_midmove.c.
 */
#include "cold.h"

/* When pages are moved */

/* A least-worn slot of those that were not written in this round. */
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

/* With one move allowed, one is made exactly if the gap is there: is it? */
static bool run_once(struct rig *rig, u32 gap, u32 pages)
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

static void a_page_moves_as_soon_as_the_gap_is_there_and_no_sooner(void **state)
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
		hammer(rig, RATE);
		for (step = 0; step < 80; step++) {
			hammer(rig, slots_nr(rig) / 5);
			steer_rounds(rig, step % 5 == 0);
			moves += run_once(rig, gaps[i], 300);
		}
		assert_in_range(moves, 10, 79);
		assert_int_equal(rig_stat(rig, PSW_STAT_MOVES), moves);
		assert_cold(rig, 300);
		assert_int_equal(rig_close(rig), 0);
	}
}

static void there_is_at_most_one_move_for_each_rate_of_stores(void **state)
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
		hammer(rig, random_below(&random, 60));
		/* Whether it was asked to or not. */
		if (random_next(&random) % 4)
			moves += psw_sweep_run(rig->region);
		/*
		 * So it is over any stretch, but for a round of stores that no page
		 * was found for, and those that the sweep had not seen yet.
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

static void moves_that_nobody_made_in_time_are_forgotten(void **state)
{
	struct rig *rig = *state;

	rig->options.wl_gap = 1;
	rig->options.wl_rate = 10;
	rig_open(rig);
	store_cold(rig, 1000);
	hammer(rig, 2 * slots_nr(rig));
	psw_sweep_run(rig->region);
	assert_true(rig->region->wl.planned);
	hammer(rig, 40000);
	/*
	 * 4000 were due: those of a round are made, and those of the round before
	 * that found no page, and the others never.
	 */
	assert_in_range(psw_sweep_run(rig->region), 1, 2 * slots_nr(rig) / 10);
	assert_int_equal(psw_sweep_run(rig->region), 0);
}

static void a_sweep_that_was_kept_away_goes_past_each_block_once(void **state)
{
	struct rig *rig = *state;
	u64 before;

	rig_open(rig);
	hammer(rig, 20 * slots_nr(rig));
	before = rig_stat(rig, PSW_STAT_META_BYTES);
	psw_sweep_run(rig->region);
	/* And once to the superblock, of which it need not write all. */
	assert_int_equal((rig_stat(rig, PSW_STAT_META_BYTES) - before) /
			 PSW_MEDIA_BLOCK_BYTES, rig->region->geo.table_blocks);
	assert_int_equal(rig->region->rounds, 1);
}

static void nothing_moves_where_all_pages_are_written_equally_often(void **state)
{
	struct rig *rig = *state;
	u64 random = 2;
	u32 stores, pages;

	rig->options.wl_gap = 0;
	rig->options.wl_rate = 0;
	rig_open(rig);
	pages = slots_nr(rig) * 9 / 10;
	/* For so long that a slot may be worn by more than the gap. */
	for (stores = 0; stores < 100 * slots_nr(rig); stores++) {
		assert_int_equal(rig_store(rig, random_below(&random, pages),
					   stores), 0);
		assert_int_equal(psw_sweep_run(rig->region), 0);
	}
	assert_in_range(rig->region->rounds, 99, 100);
	assert_true(rig->region->wl.planned);
}

static void nothing_moves_between_slots_of_the_same_wear(void **state)
{
	struct rig *rig = *state;
	u32 offset;

	rig->options.wl_gap = 1;
	rig_open(rig);
	store_cold(rig, slots_nr(rig));
	for (offset = 500; offset < slots_nr(rig); offset++)
		psw_invalidate_page(rig->area, COLD_PAGE + offset);
	/* Every slot was written once, and the pages are old. */
	steer_rounds(rig, 100);
	for (offset = 0; offset < slots_nr(rig);
	     offset += PSW_MEDIA_ENTRIES_PER_BLOCK)
		assert_int_equal(steer_one_move(rig, offset), 0);
	assert_cold(rig, 500);
}

static void a_page_that_came_in_this_round_stays_where_it_is(void **state)
{
	struct rig *rig = *state;
	u64 offset = OTHER_PAGE;
	u32 cold_slot;

	open_with_cold_slots(rig, 1);
	/* Put another page in the place of the one that lags. */
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

/* By the rate alone, so whatever the load. */
static void moves_of_a_life_are_few_young_and_old(void **state)
{
	struct rig *rig = *state;
	double moves = 0;
	u32 age;

	rig->options.wl_rate = 0;
	rig_open(rig);
	for (age = 0; age < 20000; age += 10) {
		rig->region->wear_mean = age;
		psw_wl_plan(rig->region);
		moves += 10.0 / rig->region->wl.pace;
		assert_true(age != 990 || moves <= 0.01 * 1000);
	}
	assert_true(moves <= 0.005 * age);
}

/* What else there is than static levelling */

static void nothing_moves_unless_levelling_is_static(void **state)
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

/* Write the slots below @slots_nr_worn often and the others once, and open again. */
static void open_worn_below(struct rig *rig, u32 slots_nr_worn)
{
	u32 offset;

	rig->options.wear_mode = PSW_WEAR_DYNAMIC;
	rig_open(rig);
	for (offset = 0; offset < slots_nr(rig); offset++)
		assert_int_equal(rig_store(rig, offset, 0), 0);
	for (offset = 0; offset < slots_nr_worn; offset++)
		psw_invalidate_page(rig->area, offset);
	hammer(rig, 20 * slots_nr_worn);
	assert_int_equal(rig_close(rig), 0);
	rig_open(rig);
}

static void dynamic_levelling_takes_a_least_worn_slot(void **state)
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

/* What a move does to pages and slots */

static bool run_with_one_move_allowed(struct rig *rig)
{
	return steer_one_move(rig, rig_slot_of(rig, COLD_PAGE));
}

static void a_damaged_page_is_not_sealed_anew_by_a_move(void **state)
{
	struct rig *rig = *state;
	u32 cold_slot;
	u8 *byte;

	open_with_cold_slots(rig, 1);
	cold_slot = rig_slot_of(rig, COLD_PAGE);
	byte = (u8 *)rig_slot_addr(rig, cold_slot) + 1234;

	*byte ^= 4;
	assert_false(run_with_one_move_allowed(rig));
	*byte ^= 4;
	shim_pmem_poison(byte, 1);
	assert_false(run_with_one_move_allowed(rig));
	shim_pmem_heal();
	assert_int_equal(rig_slot_of(rig, COLD_PAGE), cold_slot);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 0);

	/* But for the damage it would have moved. */
	assert_true(run_with_one_move_allowed(rig));
	cold_slot = rig_slot_of(rig, COLD_PAGE);
	*((u8 *)rig_slot_addr(rig, cold_slot) + 1234) ^= 4;
	assert_false(run_with_one_move_allowed(rig));
	rig_assert_fails(rig, COLD_PAGE, -EIO);
	assert_int_equal(slot_at(rig, cold_slot)->state, PSW_SLOT_BAD);
}

/**
 * struct oracle - what pages must hold
 * @version: of each page; 0 if it is not there
 * @pages: how many may be there
 * @random: the stream of choices
 */
struct oracle {
	u64 version[PSW_REGION_BYTES_MIN / PSW_MEDIA_SLOT_BYTES];
	u64 pages;
	u64 random;
};

static void oracle_step(struct oracle *oracle, struct rig *rig, u64 version)
{
	u64 offset = random_below(&oracle->random, oracle->pages);
	u64 choice = random_below(&oracle->random, 100);

	/* Most pages stay for long. */
	if (random_next(&oracle->random) % 200)
		offset %= 1 + oracle->pages / 20;
	if (choice < 60) {
		assert_int_equal(rig_store(rig, offset, version), 0);
		oracle->version[offset] = version;
	} else if (choice < 70) {
		psw_invalidate_page(rig->area, offset);
		oracle->version[offset] = 0;
	} else if (oracle->version[offset]) {
		rig_assert_holds(rig, offset, oracle->version[offset]);
	} else {
		rig_assert_fails(rig, offset, -ENOENT);
	}
	rig_work(rig);
}

/* A stream of random steps in a region that may be @percent full. */
static void run_oracle(struct rig *rig, u64 seed, u32 percent, u64 steps)
{
	struct oracle *oracle = calloc(1, sizeof(*oracle));
	u64 step, offset;

	oracle->random = seed;
	rig->options.wl_gap = 2;
	rig->options.wl_rate = 10;
	rig_open(rig);
	oracle->pages = psw_region_capacity(rig->region) * (u64)percent / 100;
	for (offset = 0; offset < oracle->pages; offset++) {
		assert_int_equal(rig_store(rig, offset, offset + 1), 0);
		oracle->version[offset] = offset + 1;
	}
	for (step = 0; step < steps; step++)
		oracle_step(oracle, rig, oracle->pages + step + 1);
	for (offset = 0; offset < oracle->pages; offset++)
		if (oracle->version[offset])
			rig_assert_holds(rig, offset, oracle->version[offset]);
	free(oracle);
}

static void pages_survive_being_moved_in_random_streams(void **state)
{
	struct rig *rig = *state;
	u64 seed;

	for (seed = 1; seed <= 4; seed++) {
		shim_cpus(1 + seed % 3, seed % 2);
		format_region(rig->pmem.addr, PSW_REGION_BYTES_MIN);
		run_oracle(rig, seed, 60 + 10 * seed, 40000);
		assert_true(rig_stat(rig, PSW_STAT_MOVES) > 500);
		assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 0);
		assert_int_equal(rig_wear_sum(rig),
				 rig_stat(rig, PSW_STAT_SLOT_WRITES));
		assert_int_equal(rig_close(rig), 0);
	}
}

static void a_full_region_is_levelled_and_rejects_nothing(void **state)
{
	struct rig *rig = *state;
	struct psw_wear wear;
	u32 percent;

	/* Every store is looked at: run_oracle() lets none be rejected. */
	for (percent = 98; percent <= 100; percent++) {
		format_region(rig->pmem.addr, PSW_REGION_BYTES_MIN);
		run_oracle(rig, percent, percent, 60000);
		psw_slots_scan(&rig->region->slots, &wear, 0, NULL, 0);
		assert_true(rig_stat(rig, PSW_STAT_MOVES) > 1000);
		/* Hot pages alone would wear a few slots ten times as much. */
		assert_true(wear.max < 2 * wear.sum / wear.slots_nr);
		assert_int_equal(rig_close(rig), 0);
	}
}

static void retired_slots_never_come_back(void **state)
{
	struct rig *rig = *state;
	u32 retired[40], wear[40];
	u64 stores, random = 5;
	unsigned int i, life;

	rig->options.wl_gap = 1;
	rig->options.wl_rate = 10;
	rig_open(rig);
	store_cold(rig, 1000);
	for (i = 0; i < ARRAY_SIZE(retired); i++) {
		retired[i] = rig_slot_of(rig, COLD_PAGE + 25 * i);
		wear[i] = slot_at(rig, retired[i])->wear;
		shim_pmem_poison(rig_slot_addr(rig, retired[i]), 1);
		rig_assert_fails(rig, COLD_PAGE + 25 * i, -EIO);
	}
	/* They could be written and read again. */
	shim_pmem_heal();

	for (life = 0; life < 3; life++) {
		for (stores = 0; stores < 10000; stores++) {
			assert_int_equal(rig_store(rig, random_below(&random, 300),
						   stores), 0);
			rig_work(rig);
		}
		assert_true(life || rig_stat(rig, PSW_STAT_MOVES) > 100);
		for (i = 0; i < ARRAY_SIZE(retired); i++) {
			assert_int_equal(slot_at(rig, retired[i])->state,
					 PSW_SLOT_BAD);
			assert_int_equal(slot_at(rig, retired[i])->wear, wear[i]);
		}
		assert_int_equal(rig_close(rig), 0);
		rig_open(rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cold_test(a_page_moves_as_soon_as_the_gap_is_there_and_no_sooner),
		cold_test(there_is_at_most_one_move_for_each_rate_of_stores),
		cold_test(moves_of_a_life_are_few_young_and_old),
		cold_test(moves_that_nobody_made_in_time_are_forgotten),
		cold_test(a_sweep_that_was_kept_away_goes_past_each_block_once),
		cold_test(nothing_moves_where_all_pages_are_written_equally_often),
		cold_test(nothing_moves_between_slots_of_the_same_wear),
		cold_test(a_page_that_came_in_this_round_stays_where_it_is),
		cold_test(nothing_moves_unless_levelling_is_static),
		cold_test(dynamic_levelling_takes_a_least_worn_slot),
		cold_test(a_damaged_page_is_not_sealed_anew_by_a_move),
		cold_test(pages_survive_being_moved_in_random_streams),
		cold_test(a_full_region_is_levelled_and_rejects_nothing),
		cold_test(retired_slots_never_come_back),
	};

	return rig_main("level", tests);
}
