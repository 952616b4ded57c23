// SPDX-License-Identifier: GPL-2.0
/*
 * test_area.c - swap areas: their pages, and the region they are bound to
 */
#include "rig.h"

static void invalidate_area_drops_all_pages_and_their_index(void **state)
{
	struct rig *rig = *state;
	unsigned long live = shim_alloc_live();
	u32 free_nr = rig_free_nr(rig);
	u64 offset;

	for (offset = 0; offset < 1000; offset++)
		assert_int_equal(rig_store(rig, offset * 1777, offset), 0);
	assert_true(shim_alloc_live() > live);
	psw_invalidate_area(rig->area);
	assert_int_equal(shim_alloc_live(), live);
	assert_int_equal(rig_free_nr(rig), free_nr);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_INVALIDATES), 1000);
	for (offset = 0; offset < 1000; offset++)
		rig_assert_fails(rig, offset * 1777, -ENOENT);

	assert_int_equal(rig_store(rig, 1777, 9), 0);
	rig_assert_holds(rig, 1777, 9);
}

static struct psw_area *foreign_area(struct rig *rig, u16 number)
{
	struct psw_area *area = psw_area_create(number);

	assert_non_null(area);
	assert_true(psw_area_bind(area, rig->region));
	return area;
}

static void pages_of_several_areas_do_not_mix(void **state)
{
	struct rig *rig = *state;
	struct psw_area *disk = rig->area;
	struct psw_area *areas[3];
	u64 offset;
	int i;

	areas[0] = disk;
	areas[1] = foreign_area(rig, 0);
	areas[2] = foreign_area(rig, 31);
	for (i = 0; i < 3; i++) {
		rig->area = areas[i];
		for (offset = 0; offset < 50; offset++)
			assert_int_equal(rig_store(rig, offset, 100 * i + offset), 0);
	}
	for (i = 0; i < 3; i++) {
		rig->area = areas[i];
		for (offset = 0; offset < 50; offset++)
			rig_assert_holds(rig, offset, 100 * i + offset);
	}
	psw_invalidate_area(areas[1]);
	rig->area = areas[1];
	rig_assert_fails(rig, 7, -ENOENT);
	rig->area = areas[2];
	rig_assert_holds(rig, 7, 207);
	psw_invalidate_page(areas[2], 7);
	rig->area = disk;
	rig_assert_holds(rig, 7, 7);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 50 + 49);

	for (i = 1; i < 3; i++) {
		psw_area_unbind(areas[i]);
		psw_area_destroy(areas[i]);
	}
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 50);
}

static void an_area_is_bound_to_one_region_at_a_time(void **state)
{
	struct rig *rig = *state;
	struct psw_area *area = foreign_area(rig, 3);
	struct rig other;

	rig_create(&other, RIG_BYTES);
	rig_open(&other);
	assert_true(psw_area_bind(area, rig->region));
	assert_false(psw_area_bind(area, other.region));
	assert_ptr_equal(psw_region_area(rig->region, 3), area);
	assert_null(psw_region_area(other.region, 3));
	psw_area_unbind(area);
	assert_null(psw_region_area(rig->region, 3));
	assert_true(psw_area_bind(area, other.region));
	psw_area_unbind(area);
	psw_area_destroy(area);
	assert_int_equal(rig_close(&other), 0);
	rig_destroy(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(invalidate_area_drops_all_pages_and_their_index),
		rig_test(pages_of_several_areas_do_not_mix),
		rig_test(an_area_is_bound_to_one_region_at_a_time),
	};

	return rig_main("area", tests);
}
