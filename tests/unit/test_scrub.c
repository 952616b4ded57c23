// SPDX-License-Identifier: GPL-2.0
/*
 * test_scrub.c - the pass that reads all slots in use
 */
#include "rig.h"

#define PAGES_NR	300u

static void damage(struct rig *rig, u64 offset, bool poison)
{
	u8 *slot = rig_slot_addr(rig, rig_slot_of(rig, offset));

	if (poison)
		shim_pmem_poison(slot + 1000, 256);
	else
		slot[1000] ^= 4;
}

static void store_pages(struct rig *rig)
{
	u64 offset;

	for (offset = 0; offset < PAGES_NR; offset++)
		assert_int_equal(rig_store(rig, offset, offset), 0);
}

/* Make a whole pass. Return: number of runs. */
static unsigned int scrub(struct rig *rig, u32 slots_max)
{
	unsigned int runs = 1;

	psw_scrub_start(rig->region);
	while (psw_scrub_run(rig->region, slots_max))
		runs++;
	assert_false(psw_scrub_is_running(rig->region));
	return runs;
}

static void check_losses(struct rig *rig, u64 lost)
{
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES_LOST), lost);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), lost);
	assert_int_equal(psw_region_bad_nr(rig->region), lost);
}

static void a_scrub_finds_each_damaged_page_before_a_load_does(void **state)
{
	struct rig *rig = *state;
	u64 offset;

	store_pages(rig);
	for (offset = 0; offset < PAGES_NR; offset += 7)
		damage(rig, offset, offset & 1);
	scrub(rig, 1000);
	assert_true(shim_log_has("page 7 of area 65535 is lost"));
	assert_true(shim_log_has("scrub done: 300 slots read, 43 pages found lost"));
	check_losses(rig, 43);
	assert_int_equal(rig_stat(rig, PSW_STAT_SCRUB_SLOTS), PAGES_NR);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOADS), 0);

	shim_pmem_heal();
	for (offset = 0; offset < PAGES_NR; offset++)
		if (offset % 7)
			rig_assert_holds(rig, offset, offset);
		else
			rig_assert_fails(rig, offset, -EIO);
	check_losses(rig, 43);
}

static void a_scrub_without_checksums_finds_slots_that_cannot_be_read(void **state)
{
	struct rig *rig = *state;

	rig->options.verify = false;
	rig_open(rig);
	store_pages(rig);
	damage(rig, 10, false);
	damage(rig, 20, true);
	scrub(rig, 1000);
	check_losses(rig, 1);
	rig_assert_fails(rig, 20, -EIO);
}

static void a_scrub_reads_slots_in_use_alone(void **state)
{
	struct rig *rig = *state;

	store_pages(rig);
	assert_int_equal(rig_store_zero(rig, 0), 0);
	psw_invalidate_page(rig->area, 1);
	damage(rig, 2, true);
	rig_assert_fails(rig, 2, -EIO);
	scrub(rig, 1000);
	assert_int_equal(rig_stat(rig, PSW_STAT_SCRUB_SLOTS), PAGES_NR - 3);
	check_losses(rig, 1);
}

static void a_scrub_reads_the_pages_of_all_swap_areas(void **state)
{
	struct rig *rig = *state;
	struct psw_area *foreign = psw_area_create(3);
	struct page_buffer page;
	u64 offset;

	assert_true(psw_area_bind(foreign, rig->region));
	store_pages(rig);
	for (offset = 0; offset < 50; offset++) {
		page_fill(&page, offset, offset);
		assert_int_equal(psw_store(foreign, offset, &page, GFP_NOWAIT), 0);
	}
	scrub(rig, 1000);
	assert_int_equal(rig_stat(rig, PSW_STAT_SCRUB_SLOTS), PAGES_NR + 50);
	psw_area_unbind(foreign);
	psw_area_destroy(foreign);
}

static void a_run_reads_no_more_slots_than_it_may(void **state)
{
	struct rig *rig = *state;
	u64 before = 0;
	bool more = true;

	store_pages(rig);
	psw_scrub_start(rig->region);
	while (more) {
		more = psw_scrub_run(rig->region, 11);
		assert_true(rig_stat(rig, PSW_STAT_SCRUB_SLOTS) <= before + 11);
		before = rig_stat(rig, PSW_STAT_SCRUB_SLOTS);
	}
	assert_int_equal(before, PAGES_NR);
}

static void a_pass_that_is_stopped_reads_no_more(void **state)
{
	struct rig *rig = *state;

	store_pages(rig);
	psw_scrub_start(rig->region);
	assert_true(psw_scrub_run(rig->region, 100));
	assert_true(psw_scrub_is_running(rig->region));
	psw_scrub_stop(rig->region);
	assert_false(psw_scrub_is_running(rig->region));
	assert_false(psw_scrub_run(rig->region, 100));
	assert_int_equal(rig_stat(rig, PSW_STAT_SCRUB_SLOTS), 100);
	assert_true(shim_log_has("scrub stopped: 100 slots read"));

	/* The next pass begins at the first slot. */
	scrub(rig, 100);
	assert_int_equal(rig_stat(rig, PSW_STAT_SCRUB_SLOTS), 100 + PAGES_NR);
}

static void a_start_while_a_pass_is_under_way_does_not_begin_again(void **state)
{
	struct rig *rig = *state;

	store_pages(rig);
	psw_scrub_start(rig->region);
	assert_true(psw_scrub_run(rig->region, 100));
	scrub(rig, 100);
	assert_int_equal(rig_stat(rig, PSW_STAT_SCRUB_SLOTS), PAGES_NR);
}

static void a_pass_ends_when_the_device_is_removed(void **state)
{
	struct rig *rig = *state;

	store_pages(rig);
	psw_scrub_start(rig->region);
	assert_true(psw_scrub_run(rig->region, 100));
	kill_dax(&rig->dax);
	assert_false(psw_scrub_run(rig->region, 100));
	assert_false(psw_scrub_is_running(rig->region));
	assert_true(shim_log_has("as the device was removed: 100 slots read"));
	check_losses(rig, 0);
}

static unsigned int due_calls;

static void count_due(void *context)
{
	due_calls++;
}

static void a_start_says_that_there_is_work(void **state)
{
	struct rig *rig = *state;

	due_calls = 0;
	rig->options.scrub_due = count_due;
	rig_open(rig);
	assert_false(psw_scrub_run(rig->region, 1));
	assert_int_equal(due_calls, 0);
	psw_scrub_start(rig->region);
	assert_int_equal(due_calls, 1);
	assert_false(psw_scrub_run(rig->region, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(a_scrub_finds_each_damaged_page_before_a_load_does),
		rig_test_closed(a_scrub_without_checksums_finds_slots_that_cannot_be_read),
		rig_test(a_scrub_reads_slots_in_use_alone),
		rig_test(a_scrub_reads_the_pages_of_all_swap_areas),
		rig_test(a_run_reads_no_more_slots_than_it_may),
		rig_test(a_pass_that_is_stopped_reads_no_more),
		rig_test(a_start_while_a_pass_is_under_way_does_not_begin_again),
		rig_test(a_pass_ends_when_the_device_is_removed),
		rig_test_closed(a_start_says_that_there_is_work),
	};

	return rig_main("scrub", tests);
}
