/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stats.h - the counters of a region
 *
 * Each CPU has its own counters; psw_stat_sum() adds them up. A counter of one
 * CPU may be below zero, as a page may be counted in on one CPU and out on
 * another. The sum is exact when nothing else runs.
 */
#ifndef PSW_STATS_H
#define PSW_STATS_H

#include <linux/percpu.h>
#include <linux/types.h>

enum psw_stat {
	PSW_STAT_STORES,	/* pages accepted */
	PSW_STAT_LOADS,		/* pages returned */
	PSW_STAT_INVALIDATES,	/* pages dropped on request */
	PSW_STAT_ZERO_PAGES,	/* zero pages accepted */
	PSW_STAT_LOST,		/* pages that the medium lost since attach */
	PSW_STAT_REJECT_FULL,	/* no free slot */
	PSW_STAT_REJECT_MEMORY,	/* no memory for the index */
	PSW_STAT_REJECT_COMPOUND, /* a huge page in one piece */
	PSW_STAT_REJECT_RANGE,	/* beyond the end of the index */
	PSW_STAT_REJECT_CLOSING, /* detaching, or the device was removed */
	PSW_STAT_PAGES,		/* pages held now */
	PSW_STAT_PAGES_LOST,	/* those of them that are lost */
	PSW_STAT_SLOT_WRITES,	/* pages written to slots since attach */
	PSW_STAT_MOVES,		/* those written by wear levelling */
	PSW_STAT_SCRUB_SLOTS,	/* slots read by scrub since attach */
	PSW_STAT_META_BYTES,	/* bytes of metadata written since attach */
	PSW_STATS_NR,
};

struct psw_stats {
	u64 count[PSW_STATS_NR];
};

static inline void psw_stat_add(struct psw_stats __percpu *stats,
				enum psw_stat stat, s64 delta)
{
	this_cpu_add(stats->count[stat], delta);
}

u64 psw_stat_sum(struct psw_stats __percpu *stats, enum psw_stat stat);

#endif /* PSW_STATS_H */
