// SPDX-License-Identifier: GPL-2.0
/*
 * test_fill.c - same-filled pages and the words they are made of
 */
#include <linux/hash.h>
#include "rig.h"

static void a_page_of_equal_words_is_recognised(void **state)
{
	struct page_buffer page;
	u64 word;

	page_same(&page, 0);
	assert_true(psw_page_is_filled(&page, &word));
	assert_int_equal(word, 0);
	page_same(&page, 0x1122334455667788);
	assert_true(psw_page_is_filled(&page, &word));
	assert_int_equal(word, 0x1122334455667788);
}

static void one_other_word_anywhere_makes_a_page_not_filled(void **state)
{
	struct page_buffer page;
	unsigned int i;
	u64 word;

	page_same(&page, 5);
	for (i = 0; i < PAGE_WORDS; i++) {
		page.word[i] ^= 1ull << i % 64;
		assert_false(psw_page_is_filled(&page, &word));
		page.word[i] = 5;
	}
}

static void same_filled_pages_take_no_slot_and_no_wear(void **state)
{
	struct rig *rig = *state;
	u32 free_nr = rig_free_nr(rig);
	u64 page;

	for (page = 0; page < 3000; page++)
		assert_int_equal(rig_store_same(rig, page, page % 5), 0);
	for (page = 0; page < 3000; page++)
		rig_assert_holds_same(rig, page, page % 5);
	assert_int_equal(rig_free_nr(rig), free_nr);
	assert_int_equal(rig_wear_sum(rig), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_SAME_FILLED), 3000);
	assert_int_equal(rig_stat(rig, PSW_STAT_STORES), 3000);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 3000);
	assert_int_equal(rig_stat(rig, PSW_STAT_SLOT_WRITES), 0);
}

static void a_same_filled_page_over_a_stored_one_frees_its_slot(void **state)
{
	struct rig *rig = *state;
	u32 free_nr = rig_free_nr(rig);

	assert_int_equal(rig_store(rig, 1, 1), 0);
	assert_int_equal(rig_store_same(rig, 1, 9), 0);
	rig_assert_holds_same(rig, 1, 9);
	assert_int_equal(rig_free_nr(rig), free_nr);
	assert_int_equal(rig_store(rig, 1, 2), 0);
	rig_assert_holds(rig, 1, 2);
	assert_int_equal(rig_free_nr(rig), free_nr - 1);
}

static void more_words_than_there_is_room_for_are_stored_in_slots(void **state)
{
	const u64 words = 4 * PSW_FILL_SETS * PSW_FILL_WAYS;
	struct rig *rig = *state;
	u64 page, in_slots;

	/* Words of one set and of all sets: either way some find no room. */
	for (page = 0; page < words && page < 3000; page++)
		assert_int_equal(rig_store_same(rig, page, page + 1), 0);
	in_slots = rig_stat(rig, PSW_STAT_SLOT_WRITES);
	assert_true(in_slots > 0);
	assert_true(rig_stat(rig, PSW_STAT_SAME_FILLED) <=
		    PSW_FILL_SETS * PSW_FILL_WAYS);
	assert_int_equal(rig_stat(rig, PSW_STAT_SAME_FILLED) + in_slots, page);
	while (page--)
		rig_assert_holds_same(rig, page, page + 1);
}

static void a_word_is_forgotten_with_its_last_page(void **state)
{
	struct rig *rig = *state;
	u64 word = 1, page;

	/* Nine words of one set: room for eight. */
	for (page = 0; page < PSW_FILL_WAYS; word++)
		if (hash_64(word, 7) == 3)
			assert_int_equal(rig_store_same(rig, page++, word), 0);
	while (hash_64(word, 7) != 3)
		word++;
	assert_int_equal(rig_store_same(rig, 100, word), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_SLOT_WRITES), 1);

	psw_invalidate_page(rig->area, 2);
	assert_int_equal(rig_store_same(rig, 101, word), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_SLOT_WRITES), 1);
	rig_assert_holds_same(rig, 100, word);
	rig_assert_holds_same(rig, 101, word);
}

static void a_word_lives_as_long_as_one_page_of_it(void **state)
{
	struct psw_fills *fills = malloc(sizeof(*fills));
	u32 first, again, other;

	psw_fills_init(fills);
	assert_int_equal(psw_fill_get(fills, 0), PSW_FILL_ZERO);
	first = psw_fill_get(fills, 42);
	assert_int_not_equal(first, PSW_FILL_ZERO);
	assert_int_not_equal(first, PSW_FILL_NONE);
	again = psw_fill_get(fills, 42);
	assert_int_equal(again, first);
	other = psw_fill_get(fills, 43);
	assert_int_not_equal(other, first);
	psw_fill_put(fills, first);
	assert_int_equal(psw_fill_word(fills, first), 42);
	assert_int_equal(psw_fill_get(fills, 42), first);
	psw_fill_put(fills, first);
	psw_fill_put(fills, again);
	assert_int_equal(fills->fill[first].pages, 0);
	assert_int_equal(fills->fill[other].pages, 1);
	psw_fill_put(fills, PSW_FILL_ZERO);
	assert_int_equal(psw_fill_word(fills, PSW_FILL_ZERO), 0);
	free(fills);
}

static void all_words_of_a_set_have_numbers_of_their_own(void **state)
{
	struct psw_fills *fills = malloc(sizeof(*fills));
	u32 number[PSW_FILL_WAYS];
	unsigned int i, j;
	u64 last = 0, word = 1;

	psw_fills_init(fills);
	for (i = 0; i < PSW_FILL_WAYS; word++) {
		if (hash_64(word, 7) != 127)
			continue;
		number[i] = psw_fill_get(fills, word);
		assert_in_range(number[i], 1, PSW_FILL_SETS * PSW_FILL_WAYS);
		for (j = 0; j < i; j++)
			assert_int_not_equal(number[i], number[j]);
		last = word;
		i++;
	}
	while (hash_64(word, 7) != 127)
		word++;
	assert_int_equal(psw_fill_get(fills, word), PSW_FILL_NONE);
	psw_fill_put(fills, number[4]);
	/* Room for another is no reason to have a word twice. */
	assert_int_equal(psw_fill_get(fills, last), number[PSW_FILL_WAYS - 1]);
	assert_int_equal(psw_fill_get(fills, word), number[4]);
	free(fills);
}

static void invalidate_area_forgets_the_words(void **state)
{
	struct rig *rig = *state;
	u64 page;
	unsigned int i;

	for (page = 0; page < 500; page++)
		assert_int_equal(rig_store_same(rig, page, page / 3), 0);
	psw_invalidate_area(rig->area);
	for (i = 1; i < ARRAY_SIZE(rig->region->fills.fill); i++)
		assert_int_equal(rig->region->fills.fill[i].pages, 0);
}

static void without_the_option_same_filled_pages_take_slots(void **state)
{
	struct rig *rig = *state;

	rig->options.same_filled = false;
	rig_open(rig);
	assert_int_equal(rig_store_same(rig, 1, 0), 0);
	rig_assert_holds_same(rig, 1, 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_SAME_FILLED), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_SLOT_WRITES), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_of_equal_words_is_recognised),
		cmocka_unit_test(one_other_word_anywhere_makes_a_page_not_filled),
		rig_test(same_filled_pages_take_no_slot_and_no_wear),
		rig_test(a_same_filled_page_over_a_stored_one_frees_its_slot),
		rig_test(more_words_than_there_is_room_for_are_stored_in_slots),
		rig_test(a_word_is_forgotten_with_its_last_page),
		cmocka_unit_test(a_word_lives_as_long_as_one_page_of_it),
		cmocka_unit_test(all_words_of_a_set_have_numbers_of_their_own),
		rig_test(invalidate_area_forgets_the_words),
		rig_test_closed(without_the_option_same_filled_pages_take_slots),
	};

	return rig_main("fill", tests);
}
