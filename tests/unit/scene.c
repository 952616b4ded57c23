// SPDX-License-Identifier: GPL-2.0
/*
 * scene.c - two actors on a region, in every order of their steps
 *
 * One of two threads runs at a time, and who goes on is decided at each step:
 * before each access that is marked in the source (READ_ONCE, xchg, ...), and in
 * the middle of each copy of the shim's.
 */
#include <pthread.h>
#include "scene.h"

#define CHANGES_MAX	3u

/**
 * struct stage - two actors, one of whom is on
 * @lock: guards the others
 * @changed: somebody else is on
 * @on: who
 * @done: who has finished
 * @change_at: after how many steps of whoever is on the other one goes on
 * @changes: how many of these there are
 * @change: how many have been made
 * @steps: of whoever is on, since the last change
 */
static struct stage {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int on;
	bool done[2];
	unsigned int change_at[CHANGES_MAX];
	unsigned int changes;
	unsigned int change;
	unsigned int steps;
} stage = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.changed = PTHREAD_COND_INITIALIZER,
};

static __thread int actor = -1;

static void stage_wait(void)
{
	while (stage.on != actor)
		pthread_cond_wait(&stage.changed, &stage.lock);
}

static void stage_step(void)
{
	if (actor < 0)
		return;
	pthread_mutex_lock(&stage.lock);
	if (stage.change < stage.changes && !stage.done[!actor] &&
	    stage.steps++ == stage.change_at[stage.change]) {
		stage.change++;
		stage.steps = 0;
		stage.on = !actor;
		pthread_cond_broadcast(&stage.changed);
		stage_wait();
	}
	pthread_mutex_unlock(&stage.lock);
}

static void stage_leave(void)
{
	pthread_mutex_lock(&stage.lock);
	stage.done[actor] = true;
	stage.on = !actor;
	stage.steps = 0;
	pthread_cond_broadcast(&stage.changed);
	pthread_mutex_unlock(&stage.lock);
}

static struct rig *scene_rig;
static const struct scene *scene;

static void *play(void *argument)
{
	actor = (int)(long)argument;
	pthread_mutex_lock(&stage.lock);
	stage_wait();
	pthread_mutex_unlock(&stage.lock);
	scene->act[actor](scene_rig);
	stage_leave();
	return NULL;
}

/* Play the scene in one order: how many changes there were occasion for. */
static unsigned int scene_play(const unsigned int *change_at,
			       unsigned int changes)
{
	pthread_t thread[2];
	const char *wrong;
	long i;

	scene->prepare(scene_rig);
	stage.on = 0;
	stage.done[0] = false;
	stage.done[1] = false;
	memcpy(stage.change_at, change_at, changes * sizeof(*change_at));
	stage.changes = changes;
	stage.change = 0;
	stage.steps = 0;

	shim_delay_hook(stage_step);
	for (i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, play,
						(void *)i), 0);
	for (i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	shim_delay_hook(NULL);

	wrong = scene->check(scene_rig);
	if (wrong)
		fail_msg("%s, after changes at steps %u, %u, %u (%u of them)",
			 wrong, changes > 0 ? change_at[0] : 0,
			 changes > 1 ? change_at[1] : 0,
			 changes > 2 ? change_at[2] : 0, changes);
	return stage.change;
}

/* All orders with @depth changes; of those after the first, every @stride-th. */
unsigned long scene_explore(struct rig *rig, const struct scene *of,
			    unsigned int depth, unsigned int stride)
{
	unsigned int at[CHANGES_MAX] = {};
	unsigned long orders = 0;
	unsigned int level = 0;

	scene_rig = rig;
	scene = of;
	for (;;) {
		orders++;
		if (scene_play(at, level + 1) <= level) {
			/* The actor was done before: one level up. */
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
