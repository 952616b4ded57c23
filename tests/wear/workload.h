/* SPDX-License-Identifier: GPL-2.0 */
/*
 * workload.h - who swaps what, and how often
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include "machine.h"

/**
 * struct workload - a built-in workload
 * @name: what it is called
 * @text: what it does, in a line
 * @fill: share of the pages that the store can hold which are in use
 * @hot: share of those that are written again and again; the others are
 *	written once and stay; 0 is a single page
 * @skew: exponent of the Zipf distribution among the hot ones; 0 is uniform
 * @phase: rounds after which other pages become the hot ones; 0 is never
 * @reboot: rounds after which the machine reboots in order; 0 is never
 * @cut: rounds after which its power fails; 0 is never
 */
struct workload {
	const char *name;
	const char *text;
	double fill;
	double hot;
	double skew;
	unsigned int phase;
	unsigned int reboot;
	unsigned int cut;
};

extern const struct workload workloads[];
extern const unsigned int workloads_nr;

/**
 * workload_run() - have a machine swap until a line is worn out
 * @workload: how
 * @machine: the machine
 * @endurance: how many writes a line bears
 * @seed: of the random numbers
 */
void workload_run(const struct workload *workload, struct machine *machine,
		  u32 endurance, u64 seed);

#endif /* WORKLOAD_H */
