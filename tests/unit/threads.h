/* SPDX-License-Identifier: GPL-2.0 */
/*
 * threads.h - threads at work on one region
 *
 * Each page holds its offset and a version. So a load can tell a page that it did
 * not ask for, and a mix of two pages. Most tests leave few slots free, so that
 * slots are reused while slow readers still read them.
 */
#ifndef THREADS_H
#define THREADS_H

#include <pthread.h>
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

/**
 * struct worker - one of the threads
 * @threads: the others, and what they share
 * @id: number of the thread
 * @random: state of its random numbers
 * @thread: the thread
 */
struct worker {
	struct threads *threads;
	unsigned int id;
	u64 random;
	pthread_t thread;
};

/* Note an error; the first one fails the test. */
void threads_fail(struct threads *threads, const char *what);

/* Work of a helper is repeated until this is false. */
bool threads_go_on(struct threads *threads);

/*
 * Run THREADS workers, and helpers until the workers have ended. The list of
 * helpers ends with NULL.
 */
void threads_run(struct threads *threads, void *(*main_work)(void *),
		 void *(*const helpers[])(void *));

/* Whether a worker has made enough @steps, and enough pages have moved. */
bool worker_is_done(const struct threads *threads, unsigned int steps);

/* Work of a worker: store, load and invalidate at random. */
void *worker_run(void *argument);

/* Work of helpers. */
void *checkpoint_repeatedly(void *argument);
void *scrub_repeatedly(void *argument);
void *sweep_repeatedly(void *argument);

/* Store cold pages until only @left slots are free; check that loads return them. */
void threads_fill(struct rig *rig, u32 left);
void threads_check_cold(struct rig *rig);

/* Once no thread runs, all counters must be exact. @cold pages must be left. */
void threads_check_idle(struct threads *threads, u64 cold);

/* Fixture: a closed region, 3 CPUs, threads that are delayed at random. */
int threads_setup(void **state);
int threads_teardown(void **state);
#define threads_test(test)	\
	cmocka_unit_test_setup_teardown(test, threads_setup, threads_teardown)

#endif /* THREADS_H */
