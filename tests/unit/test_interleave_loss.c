// SPDX-License-Identifier: GPL-2.0
/*
 * test_interleave_loss.c - the verdict that a page is lost, in every order of steps
 *
 * The slot of a damaged page is the only free slot. So a page that is stored anew
 * while a load gives its verdict goes to the same slot. See test_interleave.c.
 */
#include <load.h>
#include "interleave.h"

/* Result of the last store_p_anew(). */
static int stored;

/* Slot of P before the threads begin. */
static u32 damaged_slot;

/* Next cold page to drop, where a loss has retired the only free slot. */
static u64 spare;

static void store_p_in_the_last_free_slot(struct rig *rig)
{
	psw_invalidate_page(rig->area, PAGE_P);
	while (!rig_free_nr(rig))
		psw_invalidate_page(rig->area, spare++);
	assert_int_equal(rig_store(rig, PAGE_P, 0), 0);
	assert_int_equal(rig_free_nr(rig), 0);
	damaged_slot = rig_slot_of(rig, PAGE_P);
	loaded.error = 1;
	stored = 1;
}

static void prepare_flipped(struct rig *rig)
{
	store_p_in_the_last_free_slot(rig);
	*(u8 *)rig_slot_addr(rig, rig_slot_of(rig, PAGE_P)) ^= 1;
}

static void prepare_unreadable(struct rig *rig)
{
	store_p_in_the_last_free_slot(rig);
	shim_pmem_poison(rig_slot_addr(rig, rig_slot_of(rig, PAGE_P)), 8);
}

/* The medium heals when it is written. */
static void store_p_anew(struct rig *rig)
{
	psw_invalidate_page(rig->area, PAGE_P);
	shim_pmem_heal();
	stored = rig_store(rig, PAGE_P, 1);
}

/* A verdict before the new store retires the slot, and then the region is full. */
static const char *check_loss_and_store(struct rig *rig)
{
	const char *wrong = NULL;
	struct page_buffer page;

	if (loaded.error && loaded.error != -EIO && loaded.error != -ENOENT)
		return "a load failed";
	if (!loaded.error && !page_is(&loaded.page, PAGE_P, 1))
		return "the damaged page was returned";
	if (!stored)
		wrong = check_p(rig, 1, 1);
	else if (psw_load(rig->area, PAGE_P, &page) != -ENOENT)
		wrong = "a rejected page can be loaded";
	return wrong ? wrong : check_sums(rig);
}

static void scrub_p(struct rig *rig)
{
	loaded.error = psw_page_check(rig->region, damaged_slot, &loaded.page);
}

static const char *check_one_loss(struct rig *rig)
{
	struct page_buffer page;

	if (loaded.error != -EIO)
		return "a load found no loss";
	if (psw_load(rig->area, PAGE_P, &page) != -EIO)
		return "the page is not lost";
	if (rig_stat(rig, PSW_STAT_PAGES_LOST) != 1)
		return "one page was lost twice";
	return check_sums(rig);
}

static void scrub_quietly(struct rig *rig)
{
	struct page_buffer page;

	psw_page_check(rig->region, damaged_slot, &page);
}

static void explore_loss(struct rig *rig, bool verify,
			 const struct schedule *schedule)
{
	u64 offset;

	rig->options.verify = verify;
	rig->options.wear_mode = PSW_WEAR_DYNAMIC;
	interleave_open(rig);
	spare = COLD_PAGE;
	for (offset = COLD_PAGE; rig_free_nr(rig) > 1; offset++)
		assert_int_equal(rig_store(rig, offset, offset), 0);
	assert_true(schedule_explore(rig, schedule, 2, 1) > 100);
	/* Without losses the test would show nothing. */
	assert_true(rig_stat(rig, PSW_STAT_LOST) > 10);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST),
			 atomic_read(&rig->region->slots.bad_nr));
}

static void a_page_stored_anew_in_the_same_slot_is_not_lost(void **state)
{
	static const struct schedule schedule = {
		prepare_flipped, { load_p, store_p_anew }, check_loss_and_store
	};

	explore_loss(*state, true, &schedule);
}

static void a_page_stored_anew_after_a_failed_read_is_not_lost(void **state)
{
	static const struct schedule schedule = {
		prepare_unreadable, { load_p, store_p_anew }, check_loss_and_store
	};

	explore_loss(*state, false, &schedule);
}

static void a_page_stored_anew_while_it_is_scrubbed_is_not_lost(void **state)
{
	static const struct schedule schedule = {
		prepare_flipped, { scrub_p, store_p_anew }, check_loss_and_store
	};

	explore_loss(*state, true, &schedule);
}

static void a_load_and_a_scrub_lose_a_page_once(void **state)
{
	static const struct schedule schedule = {
		prepare_flipped, { load_p, scrub_quietly }, check_one_loss
	};

	explore_loss(*state, true, &schedule);
}

static void prepare_stored(struct rig *rig)
{
	assert_int_equal(rig_store(rig, PAGE_P, 0), 0);
	damaged_slot = rig_slot_of(rig, PAGE_P);
}

/* As a load does whose page is invalidated before its verdict. */
static void free_p_while_held(struct rig *rig)
{
	assert_true(psw_slot_hold(&rig->region->slots, damaged_slot));
	psw_invalidate_page(rig->area, PAGE_P);
	psw_slot_release(&rig->region->slots, damaged_slot, false);
}

static void doom_slot_of_p(struct rig *rig)
{
	psw_slot_doom(&rig->region->slots, damaged_slot);
}

static const char *check_retired(struct rig *rig)
{
	if (!psw_slot_is_bad(&rig->region->slots, damaged_slot))
		return "the slot is not retired";
	return check_sums(rig);
}

static void a_slot_freed_while_it_is_held_is_retired_once(void **state)
{
	static const struct schedule schedule = {
		prepare_stored, { free_p_while_held, doom_slot_of_p }, check_retired
	};
	struct rig *rig = *state;
	unsigned long orders;

	interleave_open(rig);
	orders = schedule_explore(rig, &schedule, 3, 1);
	assert_true(orders > 20);
	assert_int_equal(atomic_read(&rig->region->slots.bad_nr), orders);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		interleave_test(a_page_stored_anew_in_the_same_slot_is_not_lost),
		interleave_test(a_page_stored_anew_after_a_failed_read_is_not_lost),
		interleave_test(a_page_stored_anew_while_it_is_scrubbed_is_not_lost),
		interleave_test(a_load_and_a_scrub_lose_a_page_once),
		interleave_test(a_slot_freed_while_it_is_held_is_retired_once),
	};

	return rig_main("interleave loss", tests);
}
