// SPDX-License-Identifier: GPL-2.0
/*
 * test_layout_geometry.c - where everything in a region of a given size is
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_in_a_region_overlaps_or_leaves_the_device),
		cmocka_unit_test(tables_and_lists_have_room_for_every_slot),
		cmocka_unit_test(a_region_laid_out_at_its_own_size_is_the_same),
		cmocka_unit_test(a_device_below_the_least_size_has_no_geometry),
	};

	return rig_main("geometry", tests);
}
