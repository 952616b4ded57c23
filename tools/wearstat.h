/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wearstat.h - the distribution of wear over the slots
 */
#ifndef PSW_TOOLS_WEARSTAT_H
#define PSW_TOOLS_WEARSTAT_H

#include <linux/types.h>

#define WEARSTAT_BINS	1024u

struct wearstat {
	__u64 slots_nr;
	__u64 sum;			/* of wear */
	__u32 min;
	__u32 max;
	unsigned int shift;		/* wear w is in bin w >> shift */
	__u64 first;			/* lowest bin in use */
	__u64 last;			/* highest bin in use */
	__u64 bin[WEARSTAT_BINS];	/* slots; bin b is at b modulo WEARSTAT_BINS */
};

/* A row of the histogram. */
struct wearstat_row {
	__u64 from;	/* least wear */
	__u64 to;	/* most wear */
	__u64 slots_nr;
};

void wearstat_add(struct wearstat *stat, __u32 wear, __u64 slots_nr);
double wearstat_mean(const struct wearstat *stat);
unsigned int wearstat_rows(const struct wearstat *stat, struct wearstat_row *row,
			   unsigned int rows_max);

#endif /* PSW_TOOLS_WEARSTAT_H */
