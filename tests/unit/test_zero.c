// SPDX-License-Identifier: GPL-2.0
/*
 * test_zero.c - zero pages, which are kept in the index alone
 */
#include "rig.h"

static void a_page_of_zeros_is_recognised(void **state)
{
	struct page_buffer page;

	page_same(&page, 0);
	assert_true(psw_page_is_zero(&page));
}

static void one_bit_anywhere_makes_a_page_not_zero(void **state)
{
	struct page_buffer page;
	unsigned int i;

	page_same(&page, 0);
	for (i = 0; i < PAGE_WORDS; i++) {
		page.word[i] = 1ull << i % 64;
		assert_false(psw_page_is_zero(&page));
		page.word[i] = 0;
	}
}

static void zero_pages_take_no_slot_and_no_wear(void **state)
{
	struct rig *rig = *state;
	u32 free_nr = rig_free_nr(rig);
	u64 offset;

	for (offset = 0; offset < 3000; offset++)
		assert_int_equal(rig_store_zero(rig, offset), 0);
	for (offset = 0; offset < 3000; offset++)
		rig_assert_holds_zero(rig, offset);
	assert_int_equal(rig_free_nr(rig), free_nr);
	assert_int_equal(rig_wear_sum(rig), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_ZERO_PAGES), 3000);
	assert_int_equal(rig_stat(rig, PSW_STAT_STORES), 3000);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 3000);
	assert_int_equal(rig_stat(rig, PSW_STAT_SLOT_WRITES), 0);
}

static void a_zero_page_over_a_stored_one_frees_its_slot(void **state)
{
	struct rig *rig = *state;
	u32 free_nr = rig_free_nr(rig);

	assert_int_equal(rig_store(rig, 1, 1), 0);
	assert_int_equal(rig_store_zero(rig, 1), 0);
	rig_assert_holds_zero(rig, 1);
	assert_int_equal(rig_free_nr(rig), free_nr);
	assert_int_equal(rig_store(rig, 1, 2), 0);
	rig_assert_holds(rig, 1, 2);
	assert_int_equal(rig_free_nr(rig), free_nr - 1);
}

static void load_after_invalidate_of_a_zero_page_misses(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(rig_store_zero(rig, 1), 0);
	psw_invalidate_page(rig->area, 1);
	rig_assert_fails(rig, 1, -ENOENT);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
}

static void without_the_option_zero_pages_take_slots(void **state)
{
	struct rig *rig = *state;

	rig->options.zero_pages = false;
	rig_open(rig);
	assert_int_equal(rig_store_zero(rig, 1), 0);
	rig_assert_holds_zero(rig, 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_ZERO_PAGES), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_SLOT_WRITES), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_of_zeros_is_recognised),
		cmocka_unit_test(one_bit_anywhere_makes_a_page_not_zero),
		rig_test(zero_pages_take_no_slot_and_no_wear),
		rig_test(a_zero_page_over_a_stored_one_frees_its_slot),
		rig_test(load_after_invalidate_of_a_zero_page_misses),
		rig_test_closed(without_the_option_zero_pages_take_slots),
	};

	return rig_main("zero", tests);
}
