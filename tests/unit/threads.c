// SPDX-License-Identifier: GPL-2.0
/*
 * threads.c - threads at work on one region
 */
#include <sched.h>
#include "threads.h"

void threads_fail(struct threads *threads, const char *what)
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
bool worker_is_done(const struct threads *threads, unsigned int steps)
{
	return steps >= 40 * threads->steps ||
	       (steps >= threads->steps &&
		rig_stat(threads->rig, PSW_STAT_MOVES) >= threads->moves);
}

void *worker_run(void *argument)
{
	struct worker *worker = argument;
	struct threads *threads = worker->threads;
	unsigned int step;

	for (step = 0; !worker_is_done(threads, step); step++) {
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

bool threads_go_on(struct threads *threads)
{
	sched_yield();
	return !READ_ONCE(threads->stop);
}

void *checkpoint_repeatedly(void *argument)
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

void *sweep_repeatedly(void *argument)
{
	struct worker *worker = argument;

	do
		steer_eagerly(worker->threads->rig, RATE);
	while (threads_go_on(worker->threads));
	return NULL;
}

void *scrub_repeatedly(void *argument)
{
	struct worker *worker = argument;
	struct psw_region *region = worker->threads->rig->region;

	do {
		psw_scrub_start(region);
		while (psw_scrub_run(region, 50) && !READ_ONCE(worker->threads->stop))
			sched_yield();
	} while (threads_go_on(worker->threads));
	return NULL;
}

void threads_run(struct threads *threads, void *(*main_work)(void *),
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

void threads_fill(struct rig *rig, u32 left)
{
	u64 offset = COLD_PAGE;

	while (rig_free_nr(rig) > left) {
		assert_int_equal(rig_store(rig, offset, offset), 0);
		offset++;
	}
}

void threads_check_cold(struct rig *rig)
{
	u64 offset = COLD_PAGE;
	u64 pages_nr = rig_stat(rig, PSW_STAT_PAGES);

	for (; pages_nr--; offset++)
		rig_assert_holds(rig, offset, offset);
}

void threads_check_idle(struct threads *threads, u64 cold)
{
	struct rig *rig = threads->rig;
	u64 offset;

	for (offset = 0; offset < threads->hot; offset++)
		psw_invalidate_page(rig->area, offset);
	if (threads->foreign)
		psw_invalidate_area(threads->foreign);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), cold);
	threads_check_cold(rig);
	psw_invalidate_area(rig->area);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_STORES), threads->stores + cold);
	assert_int_equal(rig_free_nr(rig), rig->region->geo.slots_nr);
	assert_int_equal(rig_wear_sum(rig), rig_stat(rig, PSW_STAT_SLOT_WRITES));
}

int threads_setup(void **state)
{
	int err = rig_setup_closed(state);

	shim_cpus(3, true);
	shim_delay_set(50);
	return err;
}

int threads_teardown(void **state)
{
	int err;

	shim_delay_set(0);
	err = rig_teardown(state);
	shim_cpus(2, false);
	return err;
}
