// SPDX-License-Identifier: GPL-2.0
/*
 * stats.c - the counters of a region
 */
#include <linux/kernel.h>
#include "stats.h"

/**
 * psw_stat_sum() - add up a counter over all CPUs
 * @stats: the counters
 * @stat: which one
 *
 * Context: any.
 * Return: the sum; exact when nothing else runs, and never below zero.
 */
u64 psw_stat_sum(struct psw_stats __percpu *stats, enum psw_stat stat)
{
	s64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(stats, cpu)->count[stat]);
	/* A page that is dropped meanwhile may be counted out and not in. */
	return max_t(s64, sum, 0);
}
