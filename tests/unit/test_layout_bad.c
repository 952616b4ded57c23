// SPDX-License-Identifier: GPL-2.0
/*
 * test_layout_bad.c - validity of the entries of the bad-slot list
 */
#include "rig.h"

#define SEED	0x1234567890abcdefull

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

	assert_true(psw_bad_is_empty(&bad));
	/* An entry of slot 0 is not the end. */
	bad.reason = cpu_to_le32(PSW_MEDIA_BAD_UNREADABLE);
	psw_bad_seal(&bad, SEED);
	assert_false(psw_bad_is_empty(&bad));
	bad.reason = 0;
	assert_false(psw_bad_is_empty(&bad));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_flipped_bit_invalidates_a_bad_entry),
		cmocka_unit_test(a_bad_entry_beyond_the_last_slot_is_invalid),
		cmocka_unit_test(only_zeros_end_the_bad_slot_list),
	};

	return rig_main("bad", tests);
}
