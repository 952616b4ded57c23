// SPDX-License-Identifier: GPL-2.0
/*
 * test_layout_super.c - checksum, validity and choice of superblocks
 */
#include "rig.h"

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

	for (a = PSW_SUPER_OK; a <= PSW_SUPER_INCOMPAT; a++)
		for (b = a + 1; b <= PSW_SUPER_INCOMPAT + 1; b++)
			assert_string_not_equal(psw_super_status_text(a),
						psw_super_status_text(b));
}

/* What psw_super_choose() must answer, if both copies have magic and one seed. */
static int expected_choice(enum psw_super_status first, enum psw_super_status second,
			   int newer)
{
	if (first >= PSW_SUPER_VERSION || second >= PSW_SUPER_VERSION)
		return -1;
	if (first == PSW_SUPER_OK)
		return second == PSW_SUPER_OK ? newer : 0;
	return first == PSW_SUPER_CHECKSUM && second == PSW_SUPER_OK ? 1 : -1;
}

static void the_valid_superblock_with_the_higher_sequence_is_chosen(void **state)
{
	struct psw_media_super super[2];
	const struct psw_media_super *const copies[2] = { &super[0], &super[1] };
	int first, second, newer;

	for (first = 0; first <= PSW_SUPER_INCOMPAT; first++)
		for (second = 0; second <= PSW_SUPER_INCOMPAT; second++)
			for (newer = 0; newer < 2; newer++) {
				enum psw_super_status status[2] = { first, second };

				format_super(&super[0], RIG_BYTES, 7 + !newer);
				format_super(&super[1], RIG_BYTES, 7 + newer);
				if (first == PSW_SUPER_FOREIGN)
					super[0].magic[0] = 0;
				assert_int_equal(psw_super_choose(status, copies),
						 expected_choice(first, second,
								 newer));
			}
}

static void of_two_equal_sequences_the_later_update_is_current(void **state)
{
	struct psw_media_super super[2];
	const struct psw_media_super *const copies[2] = { &super[0], &super[1] };
	enum psw_super_status status[2] = { PSW_SUPER_OK, PSW_SUPER_OK };
	int copy;

	for (copy = 0; copy < 2; copy++) {
		format_super(&super[0], RIG_BYTES, PSW_COUNTER_MAX);
		format_super(&super[1], RIG_BYTES, PSW_COUNTER_MAX);
		assert_int_equal(psw_super_choose(status, copies), 0);
		super[copy].meta_bytes = cpu_to_le64(4096);
		assert_int_equal(psw_super_choose(status, copies), copy);
	}
}

static void a_counter_stays_at_its_limit(void **state)
{
	struct psw_media_super super;

	assert_int_equal(psw_counter_next(1), 2);
	assert_int_equal(psw_counter_next(PSW_COUNTER_MAX - 1), PSW_COUNTER_MAX);
	assert_int_equal(psw_counter_next(PSW_COUNTER_MAX), PSW_COUNTER_MAX);
	format_super(&super, RIG_BYTES, PSW_COUNTER_MAX);
	assert_int_equal(check_super(&super), PSW_SUPER_OK);
	format_super(&super, RIG_BYTES, PSW_COUNTER_MAX + 1);
	assert_int_equal(check_super(&super), PSW_SUPER_GEOMETRY);
}

static void a_secondary_of_another_seed_is_stale(void **state)
{
	struct psw_media_super super[2];
	const struct psw_media_super *const copies[2] = { &super[0], &super[1] };
	enum psw_super_status status[2] = { PSW_SUPER_OK, PSW_SUPER_OK };

	format_super(&super[0], RIG_BYTES, 7);
	format_super(&super[1], RIG_BYTES, 8);
	super[1].table_seed ^= 1;
	assert_int_equal(psw_super_choose(status, copies), 0);
	assert_int_equal(status[0], PSW_SUPER_OK);
	assert_int_equal(status[1], PSW_SUPER_STALE);
}

/* Any byte of the magic but zeros, and any other change, is of somebody else. */
static void only_a_primary_as_a_format_leaves_it_lets_the_secondary_serve(void **state)
{
	struct psw_media_super super[2], whole;
	const struct psw_media_super *const copies[2] = { &super[0], &super[1] };
	enum psw_super_status status[2] = { PSW_SUPER_FOREIGN, PSW_SUPER_OK };
	int halves;
	size_t at;

	format_super(&super[1], RIG_BYTES, 1);
	format_super(&whole, RIG_BYTES, 2);
	for (halves = 0; halves < 3; halves++) {
		super[0] = whole;
		if (halves != 1)
			memset(super[0].magic, 0, 8);
		if (halves != 2)
			memset(super[0].magic + 8, 0, 8);
		assert_int_equal(psw_super_choose(status, copies), 1);
		for (at = 0; at < sizeof(*super); at++) {
			u8 *byte = (u8 *)&super[0] + at;

			*byte ^= 0x80;
			assert_int_equal(psw_super_choose(status, copies), -1);
			*byte ^= 0x80;
		}
	}
	super[1].table_seed ^= 1;
	assert_int_equal(psw_super_choose(status, copies), -1);
}

static void a_partition_table_or_a_swap_area_under_our_magic_is_noticed(void **state)
{
	struct psw_media_super super;
	struct psw_geometry geo;
	u8 *byte = (u8 *)&super;

	format_super(&super, RIG_BYTES, 1);
	byte[510] = 0x55;
	assert_int_equal(psw_super_check(&super, 0, 0, RIG_BYTES, &geo),
			 PSW_SUPER_CHECKSUM);
	byte[511] = 0xaa;
	assert_int_equal(psw_super_check(&super, 0, 0, RIG_BYTES, &geo),
			 PSW_SUPER_OVERWRITTEN);
	format_super(&super, RIG_BYTES, 1);
	memcpy(byte + 4086, "SWAPSPACE2", 10);
	assert_int_equal(psw_super_check(&super, 0, 0, RIG_BYTES, &geo),
			 PSW_SUPER_OVERWRITTEN);
}

static void a_refusal_says_the_gravest_reason(void **state)
{
	static const enum psw_super_status cases[][3] = {
		{ PSW_SUPER_FOREIGN, PSW_SUPER_FOREIGN, PSW_SUPER_FOREIGN },
		{ PSW_SUPER_FOREIGN, PSW_SUPER_OK, PSW_SUPER_OVERWRITTEN },
		{ PSW_SUPER_OVERWRITTEN, PSW_SUPER_OK, PSW_SUPER_OVERWRITTEN },
		{ PSW_SUPER_FOREIGN, PSW_SUPER_CHECKSUM, PSW_SUPER_CHECKSUM },
		{ PSW_SUPER_OK, PSW_SUPER_VERSION, PSW_SUPER_VERSION },
		{ PSW_SUPER_INCOMPAT, PSW_SUPER_OK, PSW_SUPER_INCOMPAT },
		{ PSW_SUPER_TRUNCATED, PSW_SUPER_FOREIGN, PSW_SUPER_TRUNCATED },
		{ PSW_SUPER_GEOMETRY, PSW_SUPER_OK, PSW_SUPER_GEOMETRY },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(psw_super_refusal(cases[i]), cases[i][2]);
	assert_non_null(strstr(psw_super_advice(PSW_SUPER_TRUNCATED), "size back"));
	assert_non_null(strstr(psw_super_advice(PSW_SUPER_VERSION), "use the version"));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
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
		cmocka_unit_test(of_two_equal_sequences_the_later_update_is_current),
		cmocka_unit_test(a_counter_stays_at_its_limit),
		cmocka_unit_test(a_secondary_of_another_seed_is_stale),
		cmocka_unit_test(only_a_primary_as_a_format_leaves_it_lets_the_secondary_serve),
		cmocka_unit_test(a_partition_table_or_a_swap_area_under_our_magic_is_noticed),
		cmocka_unit_test(a_refusal_says_the_gravest_reason),
		cmocka_unit_test(a_misplaced_superblock_is_refused),
	};

	return rig_main("super", tests);
}
