// SPDX-License-Identifier: GPL-2.0
/*
 * test_threads.c - store, load, invalidate and moves in many threads
 */
#include "threads.h"

static void run_on_few_slots(struct rig *rig, bool verify, u32 hot, u32 left,
			     u32 gap, void *(*const helpers[])(void *))
{
	struct threads threads = THREADS_INIT(rig);
	u64 cold;

	threads.hot = hot;
	threads.moves = gap ? MOVES : 0;
	rig->options.verify = verify;
	rig->options.wl_gap = gap;
	rig->options.wl_rate = RATE;
	rig_open(rig);
	threads.foreign = psw_area_create(0);
	assert_true(psw_area_bind(threads.foreign, rig->region));
	threads_fill(rig, left);
	cold = rig_stat(rig, PSW_STAT_PAGES);
	threads_run(&threads, worker_run, helpers);
	assert_true(threads.loads > 0 && threads.stores > 0);
	/* Without moves the test would show nothing. */
	assert_true(rig_stat(rig, PSW_STAT_MOVES) >= threads.moves);
	threads_check_idle(&threads, cold);
	psw_area_unbind(threads.foreign);
	psw_area_destroy(threads.foreign);
}

static void *(*const without_helpers[])(void *) = { NULL };
static void *(*const with_checkpoints[])(void *) = { checkpoint_repeatedly, NULL };
static void *(*const with_moves[])(void *) = {
	checkpoint_repeatedly, sweep_repeatedly, NULL
};
static void *(*const with_scrubs[])(void *) = {
	scrub_repeatedly, sweep_repeatedly, NULL
};

static void loads_never_mix_two_pages_while_slots_are_reused(void **state)
{
	run_on_few_slots(*state, false, HOT_PAGES, 6, 0, without_helpers);
}

static void loads_never_mix_two_pages_with_the_crc32_instruction(void **state)
{
	run_on_few_slots(*state, true, HOT_PAGES, 6, 0, without_helpers);
}

static void a_page_alternating_between_two_slots_is_never_a_mix(void **state)
{
	shim_cpu_generic(true);
	shim_delay_set(8);
	run_on_few_slots(*state, false, 1, 3, 0, without_helpers);
}

static void loads_overtaken_by_stores_report_no_loss(void **state)
{
	shim_cpu_generic(true);
	run_on_few_slots(*state, true, HOT_PAGES, 6, 0, with_checkpoints);
}

static void counters_stay_exact_in_a_region_that_is_full_at_times(void **state)
{
	shim_cpu_generic(true);
	run_on_few_slots(*state, true, HOT_PAGES, HOT_PAGES / 2, 0, with_checkpoints);
}

static void frequent_moves_change_no_page(void **state)
{
	shim_cpu_generic(true);
	run_on_few_slots(*state, false, 20, 160, 1, with_moves);
}

static void frequent_moves_make_no_page_look_lost(void **state)
{
	shim_cpu_generic(true);
	run_on_few_slots(*state, true, HOT_PAGES, 400, 1, with_moves);
}

static void a_scrub_finds_no_loss_while_pages_come_go_and_move(void **state)
{
	struct rig *rig = *state;

	shim_cpu_generic(true);
	run_on_few_slots(rig, true, HOT_PAGES, 400, 1, with_scrubs);
	assert_true(rig_stat(rig, PSW_STAT_SCRUB_SLOTS) > 100);
}

/* Each thread stores its own pages. Other threads only load them. */
static void *use_own_pages(void *argument)
{
	struct worker *worker = argument;
	struct threads *threads = worker->threads;
	struct psw_area *area = threads->rig->area;
	u64 held[HOT_PAGES] = {};
	struct page_buffer buffer;
	unsigned int step;

	for (step = 0; !worker_is_done(threads, step); step++) {
		u64 i = random_below(&worker->random, HOT_PAGES);
		u64 offset = i * THREADS + worker->id;
		u64 choice = random_below(&worker->random, 100);
		int err;

		if (choice < 40) {
			page_fill(&buffer, offset, step + 1);
			err = psw_store(area, offset, &buffer, GFP_NOWAIT);
			if (err && err != -ENOSPC)
				threads_fail(threads, "a store failed");
			held[i] = err ? 0 : step + 1;
		} else if (choice < 70) {
			err = psw_load(area, offset, &buffer);
			if (err != (held[i] ? 0 : -ENOENT))
				threads_fail(threads, "a load disagrees with the last store");
			if (!err && !page_is(&buffer, offset, held[i]))
				threads_fail(threads, "an old version of a page");
		} else if (choice < 75) {
			psw_invalidate_page(area, offset);
			held[i] = 0;
		} else {
			u64 version;

			offset = random_below(&worker->random, HOT_PAGES * THREADS);
			err = psw_load(area, offset, &buffer);
			if (!err && !page_whole(&buffer, offset, &version))
				threads_fail(threads, "not a whole page");
			if (err && err != -ENOENT)
				threads_fail(threads, "a page was lost");
		}
	}
	for (step = 0; step < HOT_PAGES; step++)
		psw_invalidate_page(area, step * THREADS + worker->id);
	return NULL;
}

static void each_thread_loads_what_it_stored_last(void **state)
{
	struct rig *rig = *state;
	struct threads threads = THREADS_INIT(rig);
	u64 cold;

	shim_cpu_generic(true);
	threads.moves = MOVES;
	rig->options.wl_gap = 1;
	rig->options.wl_rate = RATE;
	rig_open(rig);
	threads_fill(rig, HOT_PAGES * THREADS + 200);
	cold = rig_stat(rig, PSW_STAT_PAGES);
	threads_run(&threads, use_own_pages, with_moves);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), cold);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 0);
	assert_true(rig_stat(rig, PSW_STAT_MOVES) >= threads.moves);
	threads_check_cold(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		threads_test(loads_never_mix_two_pages_while_slots_are_reused),
		threads_test(loads_never_mix_two_pages_with_the_crc32_instruction),
		threads_test(a_page_alternating_between_two_slots_is_never_a_mix),
		threads_test(loads_overtaken_by_stores_report_no_loss),
		threads_test(counters_stay_exact_in_a_region_that_is_full_at_times),
		threads_test(frequent_moves_change_no_page),
		threads_test(frequent_moves_make_no_page_look_lost),
		threads_test(a_scrub_finds_no_loss_while_pages_come_go_and_move),
		threads_test(each_thread_loads_what_it_stored_last),
	};

	return rig_main("threads", tests);
}
