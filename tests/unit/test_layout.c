// SPDX-License-Identifier: GPL-2.0
/*
 * test_layout.c - geometry, superblock, table blocks and bad-slot entries
 */
#include "rig.h"

#define MIB	(1ull << 20)
#define TIB	(1ull << 40)

/* Call @check for many sizes: aligned, unaligned, limits and random ones. */
static void for_each_size(void (*check)(u64 bytes))
{
	static const u64 edges[] = {
		PSW_REGION_BYTES_MIN, 16 * MIB, 16 * MIB + 1, 16 * MIB + 4095, 16 * MIB + 4096,
		18 * MIB - 1, 18 * MIB, 1008 * MIB, 1024 * MIB - 4096,
		3 * TIB + 12345, 8 * TIB - 4096, 8 * TIB, 8 * TIB + 8192,
		9 * TIB, 64 * TIB,
	};
	u64 random = 1;
	u64 bytes;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(edges); i++)
		check(edges[i]);
	for (bytes = PSW_REGION_BYTES_MIN; bytes <= 64 * TIB; bytes += bytes / 7 + 4096)
		check(bytes);
	for (bytes = 8 * TIB; bytes < 8 * TIB + 100 * MIB; bytes += MIB / 2)
		check(bytes);
	for (i = 0; i < 2000; i++)
		check(PSW_REGION_BYTES_MIN + random_below(&random, 64 * TIB));
}

static void check_geometry_order(u64 bytes)
{
	struct psw_geometry geo;
	u64 table_bytes;

	assert_true(psw_geometry_init(&geo, bytes));
	table_bytes = geo.table_blocks * PSW_MEDIA_BLOCK_BYTES;
	assert_int_equal(geo.super_off[0], 0);
	assert_int_equal(geo.table_off[0], PSW_MEDIA_BLOCK_BYTES);
	assert_int_equal(geo.table_off[1], geo.table_off[0] + table_bytes);
	assert_int_equal(geo.bad_off, geo.table_off[1] + table_bytes);
	assert_true(geo.bad_off + geo.bad_blocks * PSW_MEDIA_BLOCK_BYTES <=
		    geo.data_off);
	assert_int_equal(geo.data_off % PSW_MEDIA_DATA_ALIGN, 0);
	assert_int_equal(geo.data_off + geo.slots_nr * PSW_MEDIA_SLOT_BYTES,
			 geo.super_off[1]);
	assert_int_equal(geo.super_off[1] + PSW_MEDIA_BLOCK_BYTES,
			 geo.region_bytes);
	assert_true(geo.region_bytes <= bytes);
}

static void check_geometry_room(u64 bytes)
{
	struct psw_geometry geo;

	assert_true(psw_geometry_init(&geo, bytes));
	assert_true(geo.slots_nr > 0 && geo.slots_nr <= PSW_SLOTS_NR_MAX);
	assert_true(geo.table_blocks * PSW_MEDIA_ENTRIES_PER_BLOCK >=
		    geo.slots_nr);
	assert_true((geo.table_blocks - 1) * PSW_MEDIA_ENTRIES_PER_BLOCK <
		    geo.slots_nr);
	assert_true(geo.bad_blocks * PSW_MEDIA_BAD_PER_BLOCK >=
		    geo.slots_nr / 4096);
	assert_true(geo.bad_blocks * PSW_MEDIA_BAD_PER_BLOCK >= 1024);
	if (geo.slots_nr < PSW_SLOTS_NR_MAX)
		assert_true(bytes - geo.region_bytes < PSW_MEDIA_BLOCK_BYTES);
}

static void check_geometry_again(u64 bytes)
{
	struct psw_geometry geo, again;

	assert_true(psw_geometry_init(&geo, bytes));
	assert_true(psw_geometry_init(&again, geo.region_bytes));
	assert_memory_equal(&geo, &again, sizeof(geo));
	assert_int_equal(psw_super_secondary_off(NULL, bytes), geo.super_off[1]);
}

static void nothing_in_a_region_overlaps_or_leaves_the_device(void **state)
{
	for_each_size(check_geometry_order);
}

static void tables_and_lists_have_room_for_every_slot(void **state)
{
	for_each_size(check_geometry_room);
}

static void a_region_laid_out_at_its_own_size_is_the_same(void **state)
{
	for_each_size(check_geometry_again);
}

static void a_device_below_the_least_size_has_no_geometry(void **state)
{
	struct psw_geometry geo;

	assert_false(psw_geometry_init(&geo, 0));
	assert_false(psw_geometry_init(&geo, PSW_REGION_BYTES_MIN - 1));
	assert_true(psw_geometry_init(&geo, PSW_REGION_BYTES_MIN));
	assert_int_equal(psw_super_secondary_off(NULL, PSW_REGION_BYTES_MIN - 1),
			 0);
}

static void crc32c_gives_the_standard_check_value(void **state)
{
	/* The check value that catalogues of CRCs list. */
	assert_int_equal(psw_crc32c(~0u, "123456789", 9) ^ ~0u, 0xe3069283);
}

static void a_checksum_takes_its_own_field_as_zero(void **state)
{
	struct psw_media_super super;
	u32 with_field;

	format_super(&super, RIG_BYTES, 1);
	with_field = psw_super_checksum(&super);
	super.checksum = 0;
	assert_int_equal(psw_crc32c(~0u, &super, sizeof(super)), with_field);
}

static enum psw_super_status check_super(struct psw_media_super *super)
{
	struct psw_geometry geo;

	psw_super_seal(super);
	return psw_super_check(super, 0, 0, RIG_BYTES, &geo);
}

static void a_fresh_superblock_is_valid(void **state)
{
	struct psw_media_super super;
	struct psw_geometry geo, expected;

	format_super(&super, RIG_BYTES, 1);
	assert_int_equal(psw_super_check(&super, 0, 0, RIG_BYTES, &geo),
			 PSW_SUPER_OK);
	psw_geometry_init(&expected, RIG_BYTES);
	assert_memory_equal(&geo, &expected, sizeof(geo));
	assert_int_equal(psw_super_check(&super, 0, 0, 2 * RIG_BYTES, &geo),
			 PSW_SUPER_OK);
}

static void any_flipped_bit_invalidates_a_superblock(void **state)
{
	struct psw_media_super super;
	struct psw_geometry geo;
	unsigned int bit;

	format_super(&super, RIG_BYTES, 1);
	for (bit = 0; bit < sizeof(super) * 8; bit++) {
		enum psw_super_status status;

		((u8 *)&super)[bit / 8] ^= 1 << bit % 8;
		status = psw_super_check(&super, 0, 0, RIG_BYTES, &geo);
		assert_int_equal(status, bit < PSW_MEDIA_MAGIC_BYTES * 8 ?
					 PSW_SUPER_FOREIGN : PSW_SUPER_CHECKSUM);
		((u8 *)&super)[bit / 8] ^= 1 << bit % 8;
	}
}

static void a_superblock_of_another_version_is_reported(void **state)
{
	struct psw_media_super super;

	format_super(&super, RIG_BYTES, 1);
	super.version = cpu_to_le32(PSW_MEDIA_VERSION + 1);
	super.region_bytes = 0;
	assert_int_equal(check_super(&super), PSW_SUPER_VERSION);
	super.version = 0;
	assert_int_equal(check_super(&super), PSW_SUPER_VERSION);
}

static void unknown_incompat_bits_are_refused_and_compat_bits_are_not(void **state)
{
	struct psw_media_super super;
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		format_super(&super, RIG_BYTES, 1);
		super.compat = cpu_to_le64(1ull << bit);
		assert_int_equal(check_super(&super), PSW_SUPER_OK);
		super.incompat = cpu_to_le64(1ull << bit);
		assert_int_equal(check_super(&super), PSW_SUPER_INCOMPAT);
	}
}

static void a_region_larger_than_the_device_is_truncated(void **state)
{
	struct psw_media_super super;
	struct psw_geometry geo;

	format_super(&super, RIG_BYTES, 1);
	assert_int_equal(psw_super_check(&super, 0, 0, RIG_BYTES - 1, &geo),
			 PSW_SUPER_TRUNCATED);
	super.region_bytes = cpu_to_le64(~0ull);
	assert_int_equal(check_super(&super), PSW_SUPER_TRUNCATED);
}

static void every_wrong_geometry_field_is_noticed(void **state)
{
	/* From block_bytes up to table_seed, in units of 32 bits. */
	const size_t first = offsetof(struct psw_media_super, block_bytes);
	const size_t end = offsetof(struct psw_media_super, table_seed);
	struct psw_media_super super;
	size_t at;

	for (at = first; at < end; at += sizeof(u32)) {
		enum psw_super_status status;

		format_super(&super, RIG_BYTES, 1);
		--*(u32 *)((u8 *)&super + at);
		status = check_super(&super);
		if (at - offsetof(struct psw_media_super, region_bytes) < 8)
			assert_true(status == PSW_SUPER_GEOMETRY ||
				    status == PSW_SUPER_TRUNCATED);
		else
			assert_int_equal(status, PSW_SUPER_GEOMETRY);
	}
}

static void an_unknown_state_is_refused(void **state)
{
	struct psw_media_super super;

	format_super(&super, RIG_BYTES, 1);
	super.state = cpu_to_le32(PSW_MEDIA_STATE_ATTACHED);
	assert_int_equal(check_super(&super), PSW_SUPER_OK);
	super.state = 0;
	assert_int_equal(check_super(&super), PSW_SUPER_GEOMETRY);
	super.state = cpu_to_le32(3);
	assert_int_equal(check_super(&super), PSW_SUPER_GEOMETRY);
}

static void every_status_has_a_distinct_text(void **state)
{
	int a, b;

	for (a = PSW_SUPER_OK; a <= PSW_SUPER_GEOMETRY; a++)
		for (b = a + 1; b <= PSW_SUPER_GEOMETRY + 1; b++)
			assert_string_not_equal(psw_super_status_text(a),
						psw_super_status_text(b));
}

static void the_valid_superblock_with_the_higher_sequence_is_chosen(void **state)
{
	struct psw_media_super super[2];
	const struct psw_media_super *const copies[2] = { &super[0], &super[1] };
	enum psw_super_status status[2];
	int first, second;

	for (first = 0; first <= PSW_SUPER_GEOMETRY; first++) {
		for (second = 0; second <= PSW_SUPER_GEOMETRY; second++) {
			int newer;

			status[0] = first;
			status[1] = second;
			for (newer = 0; newer < 2; newer++) {
				int expected = newer;

				format_super(&super[0], RIG_BYTES, 7 + !newer);
				format_super(&super[1], RIG_BYTES, 7 + newer);
				if (first != PSW_SUPER_OK)
					expected = 1;
				else if (second != PSW_SUPER_OK)
					expected = 0;
				if (first != PSW_SUPER_OK &&
				    second != PSW_SUPER_OK)
					expected = -1;
				assert_int_equal(psw_super_choose(status, copies),
						 expected);
			}
		}
	}
}

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

static void a_misplaced_superblock_is_refused(void **state)
{
	struct psw_media_super super;
	struct psw_geometry geo;
	u64 secondary_off = psw_super_secondary_off(NULL, RIG_BYTES);

	format_super(&super, RIG_BYTES, 1);
	assert_int_equal(psw_super_check(&super, 1, secondary_off, RIG_BYTES,
					 &geo), PSW_SUPER_OK);
	assert_int_equal(psw_super_check(&super, 0, secondary_off, RIG_BYTES,
					 &geo), PSW_SUPER_GEOMETRY);
	assert_int_equal(psw_super_check(&super, 1, 0, RIG_BYTES, &geo),
			 PSW_SUPER_GEOMETRY);
	assert_int_equal(psw_super_secondary_off(&geo, 2 * RIG_BYTES),
			 secondary_off);
}

static void any_flipped_bit_invalidates_a_bad_entry(void **state)
{
	struct psw_media_bad bad = {
		.slot = cpu_to_le64(17),
		.reason = cpu_to_le32(PSW_MEDIA_BAD_CHECKSUM),
	};
	struct psw_geometry geo;
	unsigned int bit;

	psw_geometry_init(&geo, RIG_BYTES);
	psw_bad_seal(&bad, SEED);
	assert_true(psw_bad_check(&bad, &geo, SEED));
	assert_false(psw_bad_check(&bad, &geo, SEED + 1));
	for (bit = 0; bit < sizeof(bad) * 8; bit++) {
		((u8 *)&bad)[bit / 8] ^= 1 << bit % 8;
		assert_false(psw_bad_check(&bad, &geo, SEED));
		((u8 *)&bad)[bit / 8] ^= 1 << bit % 8;
	}
}

static void a_bad_entry_beyond_the_last_slot_is_invalid(void **state)
{
	struct psw_media_bad bad = { .reason = cpu_to_le32(1) };
	struct psw_geometry geo;

	psw_geometry_init(&geo, RIG_BYTES);
	bad.slot = cpu_to_le64(geo.slots_nr);
	psw_bad_seal(&bad, SEED);
	assert_false(psw_bad_check(&bad, &geo, SEED));
	bad.slot = cpu_to_le64(geo.slots_nr - 1);
	psw_bad_seal(&bad, SEED);
	assert_true(psw_bad_check(&bad, &geo, SEED));
}

static void only_zeros_end_the_bad_slot_list(void **state)
{
	struct psw_media_bad bad = {};

	assert_true(psw_bad_is_end(&bad));
	/* An entry of slot 0 is not the end. */
	bad.reason = cpu_to_le32(PSW_MEDIA_BAD_UNREADABLE);
	psw_bad_seal(&bad, SEED);
	assert_false(psw_bad_is_end(&bad));
	bad.reason = 0;
	assert_false(psw_bad_is_end(&bad));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_in_a_region_overlaps_or_leaves_the_device),
		cmocka_unit_test(tables_and_lists_have_room_for_every_slot),
		cmocka_unit_test(a_region_laid_out_at_its_own_size_is_the_same),
		cmocka_unit_test(a_device_below_the_least_size_has_no_geometry),
		cmocka_unit_test(crc32c_gives_the_standard_check_value),
		cmocka_unit_test(a_checksum_takes_its_own_field_as_zero),
		cmocka_unit_test(a_fresh_superblock_is_valid),
		cmocka_unit_test(any_flipped_bit_invalidates_a_superblock),
		cmocka_unit_test(a_superblock_of_another_version_is_reported),
		cmocka_unit_test(unknown_incompat_bits_are_refused_and_compat_bits_are_not),
		cmocka_unit_test(a_region_larger_than_the_device_is_truncated),
		cmocka_unit_test(every_wrong_geometry_field_is_noticed),
		cmocka_unit_test(an_unknown_state_is_refused),
		cmocka_unit_test(every_status_has_a_distinct_text),
		cmocka_unit_test(the_valid_superblock_with_the_higher_sequence_is_chosen),
		cmocka_unit_test(any_flipped_bit_invalidates_a_table_block),
		cmocka_unit_test(a_table_block_is_valid_in_its_own_place_only),
		cmocka_unit_test(a_table_block_of_generation_zero_was_never_written),
		cmocka_unit_test(the_entries_of_all_table_blocks_are_the_slots),
		cmocka_unit_test(the_valid_table_block_with_the_higher_generation_is_chosen),
		cmocka_unit_test(a_block_without_a_valid_copy_is_lost_if_a_copy_was_written),
		cmocka_unit_test(a_checkpoint_goes_to_the_older_copy_with_a_new_generation),
		cmocka_unit_test(a_misplaced_superblock_is_refused),
		cmocka_unit_test(any_flipped_bit_invalidates_a_bad_entry),
		cmocka_unit_test(a_bad_entry_beyond_the_last_slot_is_invalid),
		cmocka_unit_test(only_zeros_end_the_bad_slot_list),
	};

	return rig_main("layout", tests);
}
