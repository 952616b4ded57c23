/* SPDX-License-Identifier: GPL-2.0 */
/*
 * schedule.h - two threads on a region, in every order of their steps
 */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include "steer.h"

/**
 * struct schedule - what two threads do to a region
 * @prepare: brings the region to the state in which they begin
 * @thread: what each thread does
 * @check: what is wrong afterwards, or NULL
 */
struct schedule {
	void (*prepare)(struct rig *rig);
	void (*thread[2])(struct rig *rig);
	const char *(*check)(struct rig *rig);
};

/**
 * schedule_explore() - run two threads in many orders; fail if one is wrong
 * @rig: the region
 * @schedule: the threads
 * @depth: number of switches between the threads; at most 3
 * @stride: try every @stride-th step for each switch but the first
 *
 * Return: number of orders tried.
 */
unsigned long schedule_explore(struct rig *rig, const struct schedule *schedule,
			       unsigned int depth, unsigned int stride);

#endif /* SCHEDULE_H */
