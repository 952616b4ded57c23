// SPDX-License-Identifier: GPL-2.0
/*
 * test_threads.c - many threads on one region
 *
 * Pages say their number and version, so a load can tell a page that is not the
 * one it asked for, or is put together of two. Most tests leave so few slots
 * free that a slot is written anew while slow readers are still at it.
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
 * struct crew - threads at work on a region
 * @rig: the region
 * @foreign: a second area of it; or NULL
 * @steps: operations each thread does
 * @moves: pages that must have been moved before a thread is done
 * @hot: pages they fight for
 * @stop: for the threads that go on until the others are done
 * @version: the last version given out
 * @wrong: what was wrong first; NULL if nothing
 * @stores: stores accepted
 * @loads: loads that gave a page
 * @rejects: stores rejected
 * @dead: the device is going
 */
struct crew {
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

/* Versions go on behind those of the cold pages. */
#define CREW(of)	{ .rig = (of), .steps = 15000, .hot = HOT_PAGES, \
			  .version = 2 * COLD_PAGE }

struct worker {
	struct crew *crew;
	unsigned int id;
	u64 random;
	pthread_t thread;
};

static void crew_wrong(struct crew *crew, const char *what)
{
	const char *none = NULL;

	__atomic_compare_exchange_n(&crew->wrong, &none, what, false,
				    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* What identifies a page over all areas. */
static u64 page_id(const struct crew *crew, const struct psw_area *area, u64 offset)
{
	return (area == crew->foreign ? 1ull << 40 : 0) + offset;
}

static void crew_store(struct worker *worker, struct psw_area *area, u64 offset)
{
	struct crew *crew = worker->crew;
	u64 id = page_id(crew, area, offset);
	struct page_buffer buffer;
	int err;

	if (random_next(&worker->random) % 8 == 0)
		page_same(&buffer, 0);
	else
		page_fill(&buffer, id,
			  __atomic_add_fetch(&crew->version, 1, __ATOMIC_RELAXED));
	err = psw_store(area, offset, &buffer, GFP_NOWAIT);
	__atomic_fetch_add(err ? &crew->rejects : &crew->stores, 1,
			   __ATOMIC_RELAXED);
	if (err && err != -ENOSPC && !READ_ONCE(crew->dead))
		crew_wrong(crew, "a store failed, and not for want of room");
}

static void crew_load(struct worker *worker, struct psw_area *area, u64 offset)
{
	struct crew *crew = worker->crew;
	u64 id = page_id(crew, area, offset);
	struct page_buffer buffer;
	u64 version;
	int err;

	page_fill(&buffer, ~0ull, 0);
	err = psw_load(area, offset, &buffer);
	if (err) {
		if (err != -ENOENT && !READ_ONCE(crew->dead))
			crew_wrong(crew, "a page was lost though nothing failed");
		if (!page_is_same(&buffer, 0))
			crew_wrong(crew, "a failed load left bytes behind");
		return;
	}
	__atomic_fetch_add(&crew->loads, 1, __ATOMIC_RELAXED);
	if (psw_page_is_zero(&buffer))
		return;
	if (!page_whole(&buffer, id, &version)) {
		crew_wrong(crew, buffer.word[0] == id ?
			   "a page made of two" : "another page");
	} else if (version > __atomic_load_n(&crew->version, __ATOMIC_RELAXED)) {
		crew_wrong(crew, "a version that was never stored");
	}
}

/*
 * How fast the mover is beside the threads is chance: they wait for it, within
 * bounds.
 */
static bool crew_has_done(const struct crew *crew, unsigned int steps)
{
	return steps >= 40 * crew->steps ||
	       (steps >= crew->steps &&
		rig_stat(crew->rig, PSW_STAT_MOVES) >= crew->moves);
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	struct crew *crew = worker->crew;
	unsigned int step;

	for (step = 0; !crew_has_done(crew, step); step++) {
		u64 offset = random_below(&worker->random, crew->hot);
		struct psw_area *area = crew->rig->area;
		u64 choice = random_below(&worker->random, 100);

		if (crew->foreign && random_next(&worker->random) & 1)
			area = crew->foreign;
		if (choice < 40)
			crew_store(worker, area, offset);
		else if (choice < 80)
			crew_load(worker, area, offset);
		else if (choice < 90)
			crew_load(worker, crew->rig->area, COLD_PAGE +
				  random_below(&worker->random, 1000));
		else
			psw_invalidate_page(area, offset);
	}
	return NULL;
}

static bool crew_goes_on(struct crew *crew)
{
	sched_yield();
	return !READ_ONCE(crew->stop);
}

static void *checkpoint_all_the_time(void *argument)
{
	struct worker *worker = argument;
	struct psw_wear wear;

	do {
		if (rig_checkpoint(worker->crew->rig) &&
		    !READ_ONCE(worker->crew->dead))
			crew_wrong(worker->crew, "a checkpoint failed");
		psw_region_wear(worker->crew->rig->region, &wear);
		psw_slots_free_nr(&worker->crew->rig->region->slots);
	} while (crew_goes_on(worker->crew));
	return NULL;
}

static void *sweep_all_the_time(void *argument)
{
	struct worker *worker = argument;

	do
		steer_restlessly(worker->crew->rig, RATE);
	while (crew_goes_on(worker->crew));
	return NULL;
}

static void *invalidate_areas_all_the_time(void *argument)
{
	struct worker *worker = argument;

	do
		psw_invalidate_area(worker->crew->rig->area);
	while (crew_goes_on(worker->crew));
	return NULL;
}

/* Run the workers, with the helpers beside them until they are done. */
static void crew_run(struct crew *crew, void *(*main_work)(void *),
		     void *(*const helpers[])(void *))
{
	struct worker worker[THREADS + 4] = {};
	unsigned int i, workers_nr = THREADS;

	for (i = 0; i < THREADS || helpers[i - THREADS]; i++) {
		worker[i].crew = crew;
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
	WRITE_ONCE(crew->stop, true);
	for (; i < workers_nr; i++)
		pthread_join(worker[i].thread, NULL);
	if (crew->wrong)
		fail_msg("%s", crew->wrong);
}

/* Store cold pages until only @left slots are free. */
static void crowd(struct rig *rig, u32 left)
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

/* When all is quiet the sums must be right to the last page. */
static void check_quiet(struct crew *crew, u64 cold)
{
	struct rig *rig = crew->rig;
	u64 offset;

	for (offset = 0; offset < crew->hot; offset++)
		psw_invalidate_page(rig->area, offset);
	if (crew->foreign)
		psw_invalidate_area(crew->foreign);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), cold);
	check_cold(rig);
	psw_invalidate_area(rig->area);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_STORES), crew->stores + cold);
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
	struct crew crew = CREW(rig);
	u64 cold;

	crew.hot = hot;
	crew.moves = gap ? MOVES : 0;
	rig->options.verify = verify;
	rig->options.wl_gap = gap;
	rig->options.wl_rate = RATE;
	rig_open(rig);
	crew.foreign = psw_area_create(0);
	assert_true(psw_area_bind(crew.foreign, rig->region));
	crowd(rig, left);
	cold = rig_stat(rig, PSW_STAT_PAGES);
	crew_run(&crew, work, helpers);
	assert_true(crew.loads > 0 && crew.stores > 0);
	/* A mover that found nothing to do would prove nothing. */
	assert_true(rig_stat(rig, PSW_STAT_MOVES) >= crew.moves);
	check_quiet(&crew, cold);
	psw_area_unbind(crew.foreign);
	psw_area_destroy(crew.foreign);
}

static void *(*const no_helpers[])(void *) = { NULL };
static void *(*const checkpointer[])(void *) = { checkpoint_all_the_time, NULL };
static void *(*const mover[])(void *) = {
	checkpoint_all_the_time, sweep_all_the_time, NULL
};

static void loads_never_see_a_mix_while_slots_are_reused_at_once(void **state)
{
	run_on_few_slots(*state, false, HOT_PAGES, 6, 0, no_helpers);
}

static void loads_never_see_a_mix_with_the_cpus_own_copy(void **state)
{
	/* Its sums come from the instruction, as on most machines. */
	run_on_few_slots(*state, true, HOT_PAGES, 6, 0, no_helpers);
}

static void a_page_hammered_in_two_slots_is_never_a_mix_of_both(void **state)
{
	shim_cpu_generic(true);
	shim_delay_set(8);
	run_on_few_slots(*state, false, 1, 3, 0, no_helpers);
}

static void no_page_is_taken_for_lost_because_somebody_was_faster(void **state)
{
	shim_cpu_generic(true);
	run_on_few_slots(*state, true, HOT_PAGES, 6, 0, checkpointer);
}

static void a_region_that_is_full_now_and_then_keeps_its_sums(void **state)
{
	shim_cpu_generic(true);
	run_on_few_slots(*state, true, HOT_PAGES, HOT_PAGES / 2, 0, checkpointer);
}

static void a_busy_mover_is_seen_by_nobody(void **state)
{
	shim_cpu_generic(true);
	run_on_few_slots(*state, false, 20, 160, 1, mover);
}

static void a_busy_mover_makes_no_page_look_lost(void **state)
{
	shim_cpu_generic(true);
	run_on_few_slots(*state, true, HOT_PAGES, 400, 1, mover);
}

static void areas_may_go_while_pages_come(void **state)
{
	static void *(*const helpers[])(void *) = {
		invalidate_areas_all_the_time, checkpoint_all_the_time,
		sweep_all_the_time, NULL
	};
	struct rig *rig = *state;
	struct crew crew = CREW(rig);
	unsigned long live;

	rig->options.wl_gap = 1;
	rig->options.wl_rate = RATE;
	rig_open(rig);
	live = shim_alloc_live();
	crew_run(&crew, work, helpers);
	check_quiet(&crew, 0);
	assert_int_equal(shim_alloc_live(), live);
}

/* Each thread has pages of its own, that others only look at. */
static void *work_on_own_pages(void *argument)
{
	struct worker *worker = argument;
	struct crew *crew = worker->crew;
	struct psw_area *area = crew->rig->area;
	u64 held[HOT_PAGES] = {};
	struct page_buffer buffer;
	unsigned int step;

	for (step = 0; !crew_has_done(crew, step); step++) {
		u64 i = random_below(&worker->random, HOT_PAGES);
		u64 offset = i * THREADS + worker->id;
		u64 choice = random_below(&worker->random, 100);
		int err;

		if (choice < 40) {
			page_fill(&buffer, offset, step + 1);
			err = psw_store(area, offset, &buffer, GFP_NOWAIT);
			if (err && err != -ENOSPC)
				crew_wrong(crew, "a store failed");
			held[i] = err ? 0 : step + 1;
		} else if (choice < 70) {
			err = psw_load(area, offset, &buffer);
			if (err != (held[i] ? 0 : -ENOENT))
				crew_wrong(crew, "not what its owner stored last");
			if (!err && !page_is(&buffer, offset, held[i]))
				crew_wrong(crew, "a version that is not the last");
		} else if (choice < 75) {
			psw_invalidate_page(area, offset);
			held[i] = 0;
		} else {
			u64 version;

			offset = random_below(&worker->random, HOT_PAGES * THREADS);
			err = psw_load(area, offset, &buffer);
			if (!err && !page_whole(&buffer, offset, &version))
				crew_wrong(crew, "not a whole page");
			if (err && err != -ENOENT)
				crew_wrong(crew, "a page was lost");
		}
	}
	for (step = 0; step < HOT_PAGES; step++)
		psw_invalidate_page(area, step * THREADS + worker->id);
	return NULL;
}

static void each_thread_finds_what_it_stored_last(void **state)
{
	struct rig *rig = *state;
	struct crew crew = CREW(rig);
	u64 cold;

	shim_cpu_generic(true);
	crew.moves = MOVES;
	rig->options.wl_gap = 1;
	rig->options.wl_rate = RATE;
	rig_open(rig);
	crowd(rig, HOT_PAGES * THREADS + 200);
	cold = rig_stat(rig, PSW_STAT_PAGES);
	crew_run(&crew, work_on_own_pages, mover);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), cold);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 0);
	assert_true(rig_stat(rig, PSW_STAT_MOVES) >= crew.moves);
	check_cold(rig);
}

/* While no page may come in, none is there. */
static void *quiesce_now_and_then(void *argument)
{
	struct worker *worker = argument;
	struct crew *crew = worker->crew;
	struct psw_region *region = crew->rig->region;

	do {
		if (psw_region_quiesce(region))
			continue;
		if (psw_region_stat(region, PSW_STAT_PAGES))
			crew_wrong(crew, "pages in a region that is closing");
		sched_yield();
		if (psw_region_stat(region, PSW_STAT_PAGES))
			crew_wrong(crew, "a page came while the region is closing");
		psw_region_resume(region);
	} while (crew_goes_on(crew));
	return NULL;
}

static void *store_and_drop(void *argument)
{
	struct worker *worker = argument;
	struct page_buffer buffer;
	unsigned int step;

	page_fill(&buffer, worker->id, 0);
	for (step = 0; step < worker->crew->steps; step++) {
		if (!psw_store(worker->crew->rig->area, worker->id, &buffer,
			       GFP_NOWAIT))
			psw_invalidate_page(worker->crew->rig->area, worker->id);
		if (step % 4 == 0)
			sched_yield();
	}
	return NULL;
}

static void no_page_comes_in_after_quiesce(void **state)
{
	static void *(*const helpers[])(void *) = { quiesce_now_and_then, NULL };
	struct rig *rig = *state;
	struct crew crew = CREW(rig);

	rig_open(rig);
	crew_run(&crew, store_and_drop, helpers);
	assert_int_equal(psw_region_quiesce(rig->region), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
	assert_int_equal(rig_free_nr(rig), rig->region->geo.slots_nr);
}

/* The device goes, and from then on the mapping must not be touched. */
static void *take_the_device(void *argument)
{
	struct worker *worker = argument;
	struct crew *crew = worker->crew;

	while (__atomic_load_n(&crew->stores, __ATOMIC_RELAXED) < 3000 &&
	       crew_goes_on(crew))
		;
	WRITE_ONCE(crew->dead, true);
	kill_dax(&crew->rig->dax);
	if (mprotect(crew->rig->pmem.addr, crew->rig->pmem.bytes, PROT_NONE))
		crew_wrong(crew, "mprotect failed");
	return NULL;
}

static void nobody_touches_the_medium_after_the_device_was_removed(void **state)
{
	static void *(*const helpers[])(void *) = {
		take_the_device, checkpoint_all_the_time, sweep_all_the_time, NULL
	};
	struct rig *rig = *state;
	struct crew crew = CREW(rig);

	rig->options.wl_gap = 1;
	rig->options.wl_rate = RATE;
	rig_open(rig);
	crowd(rig, 200);
	crew_run(&crew, work, helpers);
	psw_invalidate_area(rig->area);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
	assert_int_equal(rig_free_nr(rig), rig->region->geo.slots_nr);
	assert_true(rig_stat(rig, PSW_STAT_REJECT_CLOSING) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		threads_test(loads_never_see_a_mix_while_slots_are_reused_at_once),
		threads_test(loads_never_see_a_mix_with_the_cpus_own_copy),
		threads_test(a_page_hammered_in_two_slots_is_never_a_mix_of_both),
		threads_test(no_page_is_taken_for_lost_because_somebody_was_faster),
		threads_test(a_region_that_is_full_now_and_then_keeps_its_sums),
		threads_test(a_busy_mover_is_seen_by_nobody),
		threads_test(a_busy_mover_makes_no_page_look_lost),
		threads_test(areas_may_go_while_pages_come),
		threads_test(each_thread_finds_what_it_stored_last),
		threads_test(no_page_comes_in_after_quiesce),
		threads_test(nobody_touches_the_medium_after_the_device_was_removed),
	};

	return rig_main("threads", tests);
}
