/* SPDX-License-Identifier: GPL-2.0 */
/*
 * workload.h - built-in workloads: which pages are stored, and how often
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include "machine.h"

/**
 * struct workload - a built-in workload
 * @name: name of the workload
 * @text: description, on one line
 * @fill: pages in use, as a share of the capacity of the store
 * @hot: hot pages, as a share of the pages in use; 0 for a single page. The other
 *	pages are cold: they are stored once
 * @skew: exponent of the Zipf distribution of the hot pages; 0 for uniform
 * @phase: rounds after which other pages become hot; 0 for never
 * @reboot: rounds after which the machine reboots; 0 for never
 * @unclean: rounds after which the machine loses power; 0 for never
 */
struct workload {
	const char *name;
	const char *text;
	double fill;
	double hot;
	double skew;
	unsigned int phase;
	unsigned int reboot;
	unsigned int unclean;
};

extern const struct workload workloads[];
extern const unsigned int workloads_nr;

/**
 * workload_run() - run a workload until a line of the medium is worn out
 * @workload: the workload
 * @machine: the machine that runs it
 * @endurance: number of writes that wear a line out
 * @seed: of the random numbers
 */
void workload_run(const struct workload *workload, struct machine *machine,
		  u32 endurance, u64 seed);

#endif /* WORKLOAD_H */
