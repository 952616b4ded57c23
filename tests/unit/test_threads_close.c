// SPDX-License-Identifier: GPL-2.0
/*
 * test_threads_close.c - invalidation, quiesce and device removal in many threads
 */
#include <sched.h>
#include <sys/mman.h>
#include "threads.h"

static void *invalidate_area_repeatedly(void *argument)
{
	struct worker *worker = argument;

	do
		psw_invalidate_area(worker->threads->rig->area);
	while (threads_go_on(worker->threads));
	return NULL;
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
	threads_run(&threads, worker_run, helpers);
	threads_check_idle(&threads, 0);
	assert_int_equal(shim_alloc_live(), live);
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
	threads_fill(rig, 200);
	threads_run(&threads, worker_run, helpers);
	psw_invalidate_area(rig->area);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
	assert_int_equal(rig_free_nr(rig), rig->region->geo.slots_nr);
	assert_true(rig_stat(rig, PSW_STAT_REJECT_CLOSING) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		threads_test(areas_can_be_invalidated_while_pages_are_stored),
		threads_test(no_page_is_stored_after_quiesce),
		threads_test(the_medium_is_not_touched_after_device_removal),
	};

	return rig_main("threads close", tests);
}
