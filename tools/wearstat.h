/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wearstat.h - the distribution of wear over the slots
 */
#ifndef PSW_TOOLS_WEARSTAT_H
#define PSW_TOOLS_WEARSTAT_H

#include <linux/types.h>

#define WEARSTAT_BINS	1024u

/**
 * struct wearstat - what one pass over any number of slots keeps
 * @slots_nr: slots counted
 * @sum: of their wear
 * @min: least wear
 * @max: most wear
 * @shift: a bin holds 2^@shift wear values: that of wear w is w >> @shift
 * @first: lowest bin in use
 * @last: highest bin in use
 * @bin: slots by wear; bin b is at b modulo WEARSTAT_BINS
 */
struct wearstat {
	__u64 slots_nr;
	__u64 sum;
	__u32 min;
	__u32 max;
	unsigned int shift;
	__u64 first;
	__u64 last;
	__u64 bin[WEARSTAT_BINS];
};

/**
 * struct wearstat_row - one bar of a histogram
 * @from: least wear in it
 * @to: most wear in it
 * @slots_nr: slots
 */
struct wearstat_row {
	__u64 from;
	__u64 to;
	__u64 slots_nr;
};

void wearstat_add(struct wearstat *stat, __u32 wear, __u64 slots_nr);
double wearstat_mean(const struct wearstat *stat);
unsigned int wearstat_rows(const struct wearstat *stat, struct wearstat_row *row,
			   unsigned int rows_max);

#endif /* PSW_TOOLS_WEARSTAT_H */
