// SPDX-License-Identifier: GPL-2.0
/*
 * test_threads.c - many threads on one region
 *
 * Each page holds its offset and a version. So a load can tell a page that it did
 * not ask for, and a mix of two pages. Most tests leave few slots free, so that
 * slots are reused while slow readers still read them.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include "steer.h"

#define THREADS		4u
#define HOT_PAGES	40u
#define COLD_PAGE	100000ull
#define RATE		16u
#define MOVES		501u

/**
 * struct threads - threads at work on a region
 * @rig: the region
 * @foreign: a foreign swap area of the region, or NULL
 * @steps: operations of each thread
 * @moves: pages that must have moved before a thread ends
 * @hot: number of pages that all threads use
 * @stop: tells helpers to end
 * @version: the newest version of a page
 * @wrong: the first error, or NULL
 * @stores: stores that were accepted
 * @loads: loads that returned a page
 * @rejects: stores that were rejected
 * @dead: the device is being removed
 */
struct threads {
	struct rig *rig;
	struct psw_area *foreign;
	unsigned int steps;
	unsigned int moves;
	unsigned int hot;
	bool stop;
	u64 version;
	const char *wrong;
	u64 stores;
	u64 loads;
	u64 rejects;
	bool dead;
};

/* Versions are higher than those of the cold pages. */
#define THREADS_INIT(of)	{ .rig = (of), .steps = 15000, .hot = HOT_PAGES, \
			  .version = 2 * COLD_PAGE }

struct worker {
	struct threads *threads;
	unsigned int id;
	u64 random;
	pthread_t thread;
};

static void threads_fail(struct threads *threads, const char *what)
{
	const char *none = NULL;

	__atomic_compare_exchange_n(&threads->wrong, &none, what, false,
				    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* The number of a page, unique over both areas. */
static u64 page_id(const struct threads *threads, const struct psw_area *area, u64 offset)
{
	return (area == threads->foreign ? 1ull << 40 : 0) + offset;
}

static void worker_store(struct worker *worker, struct psw_area *area, u64 offset)
{
	struct threads *threads = worker->threads;
	u64 id = page_id(threads, area, offset);
	struct page_buffer buffer;
	int err;

	if (random_next(&worker->random) % 8 == 0)
		page_same(&buffer, 0);
	else
		page_fill(&buffer, id,
			  __atomic_add_fetch(&threads->version, 1, __ATOMIC_RELAXED));
	err = psw_store(area, offset, &buffer, GFP_NOWAIT);
	__atomic_fetch_add(err ? &threads->rejects : &threads->stores, 1,
			   __ATOMIC_RELAXED);
	if (err && err != -ENOSPC && !READ_ONCE(threads->dead))
		threads_fail(threads, "a store failed for another reason than a full region");
}

static void worker_load(struct worker *worker, struct psw_area *area, u64 offset)
{
	struct threads *threads = worker->threads;
	u64 id = page_id(threads, area, offset);
	struct page_buffer buffer;
	u64 version;
	int err;

	page_fill(&buffer, ~0ull, 0);
	err = psw_load(area, offset, &buffer);
	if (err) {
		if (err != -ENOENT && !READ_ONCE(threads->dead))
			threads_fail(threads, "a page was lost on a good medium");
		if (!page_is_same(&buffer, 0))
			threads_fail(threads, "a failed load left bytes in the destination");
		return;
	}
	__atomic_fetch_add(&threads->loads, 1, __ATOMIC_RELAXED);
	if (psw_page_is_zero(&buffer))
		return;
	if (!page_whole(&buffer, id, &version)) {
		threads_fail(threads, buffer.word[0] == id ?
			   "a mix of two pages" : "another page");
	} else if (version > __atomic_load_n(&threads->version, __ATOMIC_RELAXED)) {
		threads_fail(threads, "a version that was never stored");
	}
}

/*
 * How many pages move while the threads run depends on the scheduler. The threads go on
 * until enough pages have moved, within bounds.
 */
static bool worker_has_done(const struct threads *threads, unsigned int steps)
{
	return steps >= 40 * threads->steps ||
	       (steps >= threads->steps &&
		rig_stat(threads->rig, PSW_STAT_MOVES) >= threads->moves);
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	struct threads *threads = worker->threads;
	unsigned int step;

	for (step = 0; !worker_has_done(threads, step); step++) {
		u64 offset = random_below(&worker->random, threads->hot);
		struct psw_area *area = threads->rig->area;
		u64 choice = random_below(&worker->random, 100);

		if (threads->foreign && random_next(&worker->random) & 1)
			area = threads->foreign;
		if (choice < 40)
			worker_store(worker, area, offset);
		else if (choice < 80)
			worker_load(worker, area, offset);
		else if (choice < 90)
			worker_load(worker, threads->rig->area, COLD_PAGE +
				  random_below(&worker->random, 1000));
		else
			psw_invalidate_page(area, offset);
	}
	return NULL;
}

static bool threads_go_on(struct threads *threads)
{
	sched_yield();
	return !READ_ONCE(threads->stop);
}

static void *checkpoint_repeatedly(void *argument)
{
	struct worker *worker = argument;
	struct psw_wear wear;

	do {
		if (rig_checkpoint(worker->threads->rig) &&
		    !READ_ONCE(worker->threads->dead))
			threads_fail(worker->threads, "a checkpoint failed");
		psw_region_wear(worker->threads->rig->region, &wear);
		psw_slots_free_nr(&worker->threads->rig->region->slots);
	} while (threads_go_on(worker->threads));
	return NULL;
}

static void *sweep_repeatedly(void *argument)
{
	struct worker *worker = argument;

	do
		steer_eagerly(worker->threads->rig, RATE);
	while (threads_go_on(worker->threads));
	return NULL;
}

static void *invalidate_area_repeatedly(void *argument)
{
	struct worker *worker = argument;

	do
		psw_invalidate_area(worker->threads->rig->area);
	while (threads_go_on(worker->threads));
	return NULL;
}

/* Run THREADS workers. The helpers run until the workers have ended. */
static void threads_run(struct threads *threads, void *(*main_work)(void *),
		     void *(*const helpers[])(void *))
{
	struct worker worker[THREADS + 4] = {};
	unsigned int i, workers_nr = THREADS;

	for (i = 0; i < THREADS || helpers[i - THREADS]; i++) {
		worker[i].threads = threads;
		worker[i].id = i;
		worker[i].random = i * 7919;
		assert_int_equal(pthread_create(&worker[i].thread, NULL,
						i < THREADS ? main_work :
						helpers[i - THREADS],
						&worker[i]), 0);
		workers_nr = i + 1;
	}
	for (i = 0; i < THREADS; i++)
		pthread_join(worker[i].thread, NULL);
	WRITE_ONCE(threads->stop, true);
	for (; i < workers_nr; i++)
		pthread_join(worker[i].thread, NULL);
	if (threads->wrong)
		fail_msg("%s", threads->wrong);
}

/* Store cold pages until only @left slots are free. */
static void fill_until(struct rig *rig, u32 left)
{
	u64 offset = COLD_PAGE;

	while (rig_free_nr(rig) > left) {
		assert_int_equal(rig_store(rig, offset, offset), 0);
		offset++;
	}
}

static void check_cold(struct rig *rig)
{
	u64 offset = COLD_PAGE;
	u64 pages_nr = rig_stat(rig, PSW_STAT_PAGES);

	for (; pages_nr--; offset++)
		rig_assert_holds(rig, offset, offset);
}

/* Once no thread runs, all counters must be exact. */
static void check_idle(struct threads *threads, u64 cold)
{
	struct rig *rig = threads->rig;
	u64 offset;

	for (offset = 0; offset < threads->hot; offset++)
		psw_invalidate_page(rig->area, offset);
	if (threads->foreign)
		psw_invalidate_area(threads->foreign);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), cold);
	check_cold(rig);
	psw_invalidate_area(rig->area);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_STORES), threads->stores + cold);
	assert_int_equal(rig_free_nr(rig), rig->region->geo.slots_nr);
	assert_int_equal(rig_wear_sum(rig), rig_stat(rig, PSW_STAT_SLOT_WRITES));
}

static int threads_setup(void **state)
{
	int err = rig_setup_closed(state);

	shim_cpus(3, true);
	shim_delay_set(50);
	return err;
}

static int threads_teardown(void **state)
{
	int err;

	shim_delay_set(0);
	err = rig_teardown(state);
	shim_cpus(2, false);
	return err;
}

#define threads_test(test)	\
	cmocka_unit_test_setup_teardown(test, threads_setup, threads_teardown)

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
	fill_until(rig, left);
	cold = rig_stat(rig, PSW_STAT_PAGES);
	threads_run(&threads, work, helpers);
	assert_true(threads.loads > 0 && threads.stores > 0);
	/* Without moves the test would show nothing. */
	assert_true(rig_stat(rig, PSW_STAT_MOVES) >= threads.moves);
	check_idle(&threads, cold);
	psw_area_unbind(threads.foreign);
	psw_area_destroy(threads.foreign);
}

static void *(*const without_helpers[])(void *) = { NULL };
static void *(*const with_checkpoints[])(void *) = { checkpoint_repeatedly, NULL };
static void *(*const with_moves[])(void *) = {
	checkpoint_repeatedly, sweep_repeatedly, NULL
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

static void areas_can_be_invalidated_while_pages_are_stored(void **state)
{
	static void *(*const helpers[])(void *) = {
		invalidate_area_repeatedly, checkpoint_repeatedly,
		sweep_repeatedly, NULL
	};
	struct rig *rig = *state;
	struct threads threads = THREADS_INIT(rig);
	unsigned long live;

	rig->options.wl_gap = 1;
	rig->options.wl_rate = RATE;
	rig_open(rig);
	live = shim_alloc_live();
	threads_run(&threads, work, helpers);
	check_idle(&threads, 0);
	assert_int_equal(shim_alloc_live(), live);
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

	for (step = 0; !worker_has_done(threads, step); step++) {
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
	fill_until(rig, HOT_PAGES * THREADS + 200);
	cold = rig_stat(rig, PSW_STAT_PAGES);
	threads_run(&threads, use_own_pages, with_moves);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), cold);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 0);
	assert_true(rig_stat(rig, PSW_STAT_MOVES) >= threads.moves);
	check_cold(rig);
}

/* While the region is closing, it must not hold a page. */
static void *quiesce_repeatedly(void *argument)
{
	struct worker *worker = argument;
	struct threads *threads = worker->threads;
	struct psw_region *region = threads->rig->region;

	do {
		if (psw_region_quiesce(region))
			continue;
		if (psw_region_stat(region, PSW_STAT_PAGES))
			threads_fail(threads, "a closing region holds a page");
		sched_yield();
		if (psw_region_stat(region, PSW_STAT_PAGES))
			threads_fail(threads, "a page was stored while the region is closing");
		psw_region_resume(region);
	} while (threads_go_on(threads));
	return NULL;
}

static void *store_and_invalidate(void *argument)
{
	struct worker *worker = argument;
	struct page_buffer buffer;
	unsigned int step;

	page_fill(&buffer, worker->id, 0);
	for (step = 0; step < worker->threads->steps; step++) {
		if (!psw_store(worker->threads->rig->area, worker->id, &buffer,
			       GFP_NOWAIT))
			psw_invalidate_page(worker->threads->rig->area, worker->id);
		if (step % 4 == 0)
			sched_yield();
	}
	return NULL;
}

static void no_page_is_stored_after_quiesce(void **state)
{
	static void *(*const helpers[])(void *) = { quiesce_repeatedly, NULL };
	struct rig *rig = *state;
	struct threads threads = THREADS_INIT(rig);

	rig_open(rig);
	threads_run(&threads, store_and_invalidate, helpers);
	assert_int_equal(psw_region_quiesce(rig->region), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
	assert_int_equal(rig_free_nr(rig), rig->region->geo.slots_nr);
}

/* Remove the device. From then on the mapping must not be accessed. */
static void *remove_device(void *argument)
{
	struct worker *worker = argument;
	struct threads *threads = worker->threads;

	while (__atomic_load_n(&threads->stores, __ATOMIC_RELAXED) < 3000 &&
	       threads_go_on(threads))
		;
	WRITE_ONCE(threads->dead, true);
	kill_dax(&threads->rig->dax);
	if (mprotect(threads->rig->pmem.addr, threads->rig->pmem.bytes, PROT_NONE))
		threads_fail(threads, "mprotect failed");
	return NULL;
}

static void the_medium_is_not_touched_after_device_removal(void **state)
{
	static void *(*const helpers[])(void *) = {
		remove_device, checkpoint_repeatedly, sweep_repeatedly, NULL
	};
	struct rig *rig = *state;
	struct threads threads = THREADS_INIT(rig);

	rig->options.wl_gap = 1;
	rig->options.wl_rate = RATE;
	rig_open(rig);
	fill_until(rig, 200);
	threads_run(&threads, work, helpers);
	psw_invalidate_area(rig->area);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
	assert_int_equal(rig_free_nr(rig), rig->region->geo.slots_nr);
	assert_true(rig_stat(rig, PSW_STAT_REJECT_CLOSING) > 0);
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
		threads_test(areas_can_be_invalidated_while_pages_are_stored),
		threads_test(each_thread_loads_what_it_stored_last),
		threads_test(no_page_is_stored_after_quiesce),
		threads_test(the_medium_is_not_touched_after_device_removal),
	};

	return rig_main("threads", tests);
}
