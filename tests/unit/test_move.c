// SPDX-License-Identifier: GPL-2.0
/*
 * test_move.c - what a move does to pages and slots
 */
#include "cold.h"

static bool one_move_is_made(struct rig *rig)
{
	return steer_one_move(rig, rig_slot_of(rig, COLD_PAGE));
}

static void a_damaged_page_gets_no_valid_checksum_from_a_move(void **state)
{
	struct rig *rig = *state;
	u32 cold_slot;
	u8 *byte;

	open_with_cold_slots(rig, 1);
	cold_slot = rig_slot_of(rig, COLD_PAGE);
	byte = (u8 *)rig_slot_addr(rig, cold_slot) + 1234;

	*byte ^= 4;
	assert_false(one_move_is_made(rig));
	*byte ^= 4;
	shim_pmem_poison(byte, 1);
	assert_false(one_move_is_made(rig));
	shim_pmem_heal();
	assert_int_equal(rig_slot_of(rig, COLD_PAGE), cold_slot);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 0);

	/* Without the damage the page moves. */
	assert_true(one_move_is_made(rig));
	cold_slot = rig_slot_of(rig, COLD_PAGE);
	*((u8 *)rig_slot_addr(rig, cold_slot) + 1234) ^= 4;
	assert_false(one_move_is_made(rig));
	rig_assert_fails(rig, COLD_PAGE, -EIO);
	assert_int_equal(slot_at(rig, cold_slot)->state, PSW_SLOT_BAD);
}

/**
 * struct oracle - what pages must hold
 * @version: version of each page; 0 if it is not stored
 * @pages: number of pages
 * @random: state of the random numbers
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

	/* Most pages are cold. */
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

/* Run random operations on a region that is up to @percent full. */
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

static void pages_survive_moves_in_random_streams(void **state)
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

	/* run_oracle() fails if a store is rejected. */
	for (percent = 98; percent <= 100; percent++) {
		format_region(rig->pmem.addr, PSW_REGION_BYTES_MIN);
		run_oracle(rig, percent, percent, 60000);
		psw_slots_scan(&rig->region->slots, &wear, 0, NULL, 0);
		assert_true(rig_stat(rig, PSW_STAT_MOVES) > 1000);
		/* Without moves the most worn slot would have ten times the mean. */
		assert_true(wear.max < 2 * wear.sum / wear.slots_nr);
		assert_int_equal(rig_close(rig), 0);
	}
}

static void retired_slots_are_never_used_again(void **state)
{
	struct rig *rig = *state;
	u32 retired[40], wear[40];
	u64 stores, random = 5;
	unsigned int i, run;

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
	/* Now the slots could be written and read again. */
	shim_pmem_heal();

	for (run = 0; run < 3; run++) {
		for (stores = 0; stores < 10000; stores++) {
			assert_int_equal(rig_store(rig, random_below(&random, 300),
						   stores), 0);
			rig_work(rig);
		}
		assert_true(run || rig_stat(rig, PSW_STAT_MOVES) > 100);
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
		cold_test(a_damaged_page_gets_no_valid_checksum_from_a_move),
		cold_test(pages_survive_moves_in_random_streams),
		cold_test(a_full_region_is_levelled_and_rejects_nothing),
		cold_test(retired_slots_are_never_used_again),
	};

	return rig_main("move", tests);
}
