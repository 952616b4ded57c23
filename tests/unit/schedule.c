// SPDX-License-Identifier: GPL-2.0
/*
 * schedule.c - two threads on a region, in every order of their steps
 *
 * Only one of the two threads runs at a time. It may be switched at each step. A
 * step begins at each access that is marked in the source (READ_ONCE, xchg, ...)
 * and in the middle of each copy by the shim.
 */
#include <pthread.h>
#include "schedule.h"

#define SWITCHES_MAX	3u

/**
 * struct turn - which thread runs, and when that changes
 * @lock: guards the other fields
 * @changed: signalled when @thread changes
 * @thread: number of the thread that runs
 * @done: the threads that have finished
 * @switch_at: steps that a thread takes before each switch
 * @switches_nr: number of switches to make
 * @switched: number of switches made
 * @steps: steps since the last switch
 */
static struct turn {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int thread;
	bool done[2];
	unsigned int switch_at[SWITCHES_MAX];
	unsigned int switches_nr;
	unsigned int switched;
	unsigned int steps;
} turn = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.changed = PTHREAD_COND_INITIALIZER,
};

/* Number of the calling thread; -1 in threads that are not scheduled. */
static __thread int self = -1;

static struct rig *turn_rig;
static const struct schedule *turn_schedule;

static void turn_wait(void)
{
	while (turn.thread != self)
		pthread_cond_wait(&turn.changed, &turn.lock);
}

static void turn_step(void)
{
	if (self < 0)
		return;
	pthread_mutex_lock(&turn.lock);
	if (turn.switched < turn.switches_nr && !turn.done[!self] &&
	    turn.steps++ == turn.switch_at[turn.switched]) {
		turn.switched++;
		turn.steps = 0;
		turn.thread = !self;
		pthread_cond_broadcast(&turn.changed);
		turn_wait();
	}
	pthread_mutex_unlock(&turn.lock);
}

/* The thread waits for the other one, which must run now. That is no switch. */
static void turn_relax(void)
{
	pthread_mutex_lock(&turn.lock);
	if (!turn.done[!self]) {
		turn.thread = !self;
		pthread_cond_broadcast(&turn.changed);
		turn_wait();
	}
	pthread_mutex_unlock(&turn.lock);
}

static void turn_end(void)
{
	pthread_mutex_lock(&turn.lock);
	turn.done[self] = true;
	turn.thread = !self;
	turn.steps = 0;
	pthread_cond_broadcast(&turn.changed);
	pthread_mutex_unlock(&turn.lock);
}

static void *turn_thread(void *argument)
{
	self = (int)(long)argument;
	pthread_mutex_lock(&turn.lock);
	turn_wait();
	pthread_mutex_unlock(&turn.lock);
	turn_schedule->thread[self](turn_rig);
	turn_end();
	return NULL;
}

static void turn_reset(const unsigned int *switch_at, unsigned int switches_nr)
{
	turn.thread = 0;
	turn.done[0] = false;
	turn.done[1] = false;
	memcpy(turn.switch_at, switch_at, switches_nr * sizeof(*switch_at));
	turn.switches_nr = switches_nr;
	turn.switched = 0;
	turn.steps = 0;
}

/* Run the threads in one order. Return: number of switches that were made. */
static unsigned int schedule_run(const unsigned int *switch_at,
				 unsigned int switches_nr)
{
	pthread_t thread[2];
	const char *wrong;
	long i;

	turn_schedule->prepare(turn_rig);
	turn_reset(switch_at, switches_nr);
	shim_delay_hook(turn_step);
	shim_relax_hook(turn_relax);
	for (i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, turn_thread,
						(void *)i), 0);
	for (i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	shim_relax_hook(NULL);
	shim_delay_hook(NULL);

	wrong = turn_schedule->check(turn_rig);
	if (wrong)
		fail_msg("%s, after switches at steps %u, %u, %u (%u of them)",
			 wrong, switches_nr > 0 ? switch_at[0] : 0,
			 switches_nr > 1 ? switch_at[1] : 0,
			 switches_nr > 2 ? switch_at[2] : 0, switches_nr);
	return turn.switched;
}

unsigned long schedule_explore(struct rig *rig, const struct schedule *schedule,
			       unsigned int depth, unsigned int stride)
{
	unsigned int at[SWITCHES_MAX] = {};
	unsigned long orders = 0;
	unsigned int level = 0;

	turn_rig = rig;
	turn_schedule = schedule;
	for (;;) {
		orders++;
		if (schedule_run(at, level + 1) <= level) {
			/* The thread ended before this switch: vary the one before. */
			if (!level)
				break;
			level--;
			at[level] += level ? stride : 1;
		} else if (level + 1 < depth) {
			at[++level] = 0;
		} else {
			at[level] += level ? stride : 1;
		}
	}
	print_message("# %lu orders\n", orders);
	return orders;
}
