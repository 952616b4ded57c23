// SPDX-License-Identifier: GPL-2.0
/*
 * test_layout_table.c - validity and choice of the blocks of the slot table
 */
#include "rig.h"

#define MIB	(1ull << 20)
#define TIB	(1ull << 40)
#define SEED	0x1234567890abcdefull

static void make_block(struct psw_media_table_block *block,
		       const struct psw_geometry *geo, u64 index)
{
	u64 random = index + 1;
	unsigned int i;

	memset(block, 0, sizeof(*block));
	for (i = 0; i < psw_table_entries_nr(geo->slots_nr, index); i++)
		block->entry[i].wear = cpu_to_le32(random_next(&random));
	psw_table_block_seal(block, geo, SEED, index, 5);
}

static void any_flipped_bit_invalidates_a_table_block(void **state)
{
	struct psw_media_table_block block;
	struct psw_geometry geo;
	unsigned int bit;

	psw_geometry_init(&geo, RIG_BYTES);
	make_block(&block, &geo, 3);
	assert_true(psw_table_block_check(&block, &geo, SEED, 3));
	for (bit = 0; bit < sizeof(block) * 8; bit++) {
		((u8 *)&block)[bit / 8] ^= 1 << bit % 8;
		assert_false(psw_table_block_check(&block, &geo, SEED, 3));
		((u8 *)&block)[bit / 8] ^= 1 << bit % 8;
	}
}

static void a_table_block_is_valid_in_its_own_place_only(void **state)
{
	struct psw_media_table_block block;
	struct psw_geometry geo, other;

	psw_geometry_init(&geo, RIG_BYTES);
	psw_geometry_init(&other, RIG_BYTES + MIB);
	make_block(&block, &geo, geo.table_blocks - 1);
	assert_true(psw_table_block_check(&block, &geo, SEED,
					  geo.table_blocks - 1));
	assert_false(psw_table_block_check(&block, &geo, SEED, 0));
	assert_false(psw_table_block_check(&block, &geo, SEED + 1,
					   geo.table_blocks - 1));
	assert_false(psw_table_block_check(&block, &other, SEED,
					   geo.table_blocks - 1));
}

static void a_table_block_of_generation_zero_was_never_written(void **state)
{
	struct psw_media_table_block block = {};
	struct psw_geometry geo;

	psw_geometry_init(&geo, RIG_BYTES);
	assert_false(psw_table_block_check(&block, &geo, SEED, 0));
	psw_table_block_seal(&block, &geo, SEED, 0, 0);
	assert_false(psw_table_block_check(&block, &geo, SEED, 0));
}

static void the_entries_of_all_table_blocks_are_the_slots(void **state)
{
	static const u64 sizes[] = { PSW_REGION_BYTES_MIN, 17 * MIB, 1024 * MIB, 9 * TIB };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct psw_geometry geo;
		u64 index, sum = 0;

		psw_geometry_init(&geo, sizes[i]);
		for (index = 0; index < geo.table_blocks; index++)
			sum += psw_table_entries_nr(geo.slots_nr, index);
		assert_int_equal(sum, geo.slots_nr);
	}
}

static void the_valid_table_block_with_the_higher_generation_is_chosen(void **state)
{
	static const struct {
		bool valid[2];
		u64 generation[2];
		enum psw_table_source chosen;
	} cases[] = {
		{ { false, false }, { 9, 9 }, PSW_TABLE_UNWRITTEN },
		{ { true, false }, { 1, 9 }, 0 },
		{ { false, true }, { 9, 1 }, 1 },
		{ { true, true }, { 3, 2 }, 0 },
		{ { true, true }, { 2, 3 }, 1 },
		{ { true, true }, { 3, 3 }, 0 },
		{ { true, true }, { 0xffffffff, 0x100000000 }, 1 },
	};
	struct psw_media_super super = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct psw_media_table_block block[2] = {};
		const struct psw_media_table_block *const copies[2] = {
			&block[0], &block[1]
		};

		block[0].generation = cpu_to_le64(cases[i].generation[0]);
		block[1].generation = cpu_to_le64(cases[i].generation[1]);
		assert_int_equal(psw_table_block_choose(&super, cases[i].valid,
							copies),
				 cases[i].chosen);
	}
}

static void a_block_without_a_valid_copy_is_lost_if_a_copy_was_written(void **state)
{
	static const bool valid[2] = { false, false };
	struct psw_media_table_block block[2] = {};
	const struct psw_media_table_block *const copies[2] = {
		&block[0], &block[1]
	};
	int written;

	for (written = 0; written < 4; written++) {
		struct psw_media_super super = {};

		super.table_generation[0] = cpu_to_le64(written & 1);
		super.table_generation[1] = cpu_to_le64(written & 2);
		assert_int_equal(psw_table_block_choose(&super, valid, copies),
				 written ? PSW_TABLE_LOST : PSW_TABLE_UNWRITTEN);
	}
}

static void a_checkpoint_goes_to_the_older_copy_with_a_new_generation(void **state)
{
	static const struct {
		u64 generation[2];
		u64 newest;
		int copy;
		u64 next;
	} cases[] = {
		{ { 0, 0 }, 0, 0, 1 },
		{ { 1, 0 }, 1, 1, 2 },
		{ { 1, 2 }, 2, 0, 3 },
		{ { 3, 2 }, 7, 1, 8 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct psw_media_super super = {};

		super.table_generation[0] = cpu_to_le64(cases[i].generation[0]);
		super.table_generation[1] = cpu_to_le64(cases[i].generation[1]);
		assert_int_equal(psw_table_next_copy(&super), cases[i].copy);
		assert_int_equal(psw_table_current_copy(&super), !cases[i].copy);
		assert_int_equal(psw_table_next_generation(&super,
							   cases[i].newest),
				 cases[i].next);
	}
	assert_int_equal(psw_table_newest_generation(5, 4), 5);
	assert_int_equal(psw_table_newest_generation(5, 6), 6);
	assert_int_equal(psw_table_newest_generation(5, PSW_GENERATION_MAX),
			 PSW_GENERATION_MAX);
	assert_int_equal(psw_table_newest_generation(5, PSW_GENERATION_MAX + 1),
			 5);
}

static void wear_is_limited_by_the_totals(void **state)
{
	static const struct {
		u64 rounds;
		u64 attachments;
		u32 limit;
	} cases[] = {
		{ 0, 0, PSW_WEAR_SPREAD },
		{ 10, 0, 11 * PSW_WEAR_SPREAD },
		{ 10, 5, 16 * PSW_WEAR_SPREAD },
		{ 1ull << 40, 0, PSW_WEAR_MAX },
		{ 0, ~0ull, PSW_WEAR_MAX },
		{ (1u << 24) - 2, 0, PSW_WEAR_MAX - PSW_WEAR_SPREAD },
		{ (1u << 24) - 1, 0, PSW_WEAR_MAX },
	};
	struct psw_media_entry entry = { .wear = cpu_to_le32(1000) };
	struct psw_media_super super;
	struct psw_geometry geo;
	unsigned int i;

	psw_geometry_init(&geo, RIG_BYTES);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		format_super(&super, RIG_BYTES, 1);
		super.slot_writes = cpu_to_le64(cases[i].rounds * geo.slots_nr);
		super.attach_generation = cpu_to_le64(cases[i].attachments);
		assert_int_equal(psw_wear_limit(&super, &geo), cases[i].limit);
	}
	assert_int_equal(psw_entry_wear(&entry, 1001), 1000);
	assert_int_equal(psw_entry_wear(&entry, 999), 999);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_flipped_bit_invalidates_a_table_block),
		cmocka_unit_test(a_table_block_is_valid_in_its_own_place_only),
		cmocka_unit_test(a_table_block_of_generation_zero_was_never_written),
		cmocka_unit_test(the_entries_of_all_table_blocks_are_the_slots),
		cmocka_unit_test(the_valid_table_block_with_the_higher_generation_is_chosen),
		cmocka_unit_test(a_block_without_a_valid_copy_is_lost_if_a_copy_was_written),
		cmocka_unit_test(a_checkpoint_goes_to_the_older_copy_with_a_new_generation),
		cmocka_unit_test(wear_is_limited_by_the_totals),
	};

	return rig_main("table", tests);
}
