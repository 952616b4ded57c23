// SPDX-License-Identifier: GPL-2.0
/*
 * wearstat.c - the distribution of wear, in constant memory
 *
 * Wear levelling keeps the wear of all slots in a narrow band, at a place that
 * is not known before. The bins are a ring over the band seen so far. At first
 * a bin holds one wear value. When the band outgrows the ring, pairs of bins
 * are merged.
 */
#include <string.h>

#include "wearstat.h"

static void coarsen(struct wearstat *stat)
{
	__u64 merged[WEARSTAT_BINS] = { 0 };
	__u64 b;

	for (b = stat->first; b <= stat->last; b++)
		merged[b / 2 % WEARSTAT_BINS] += stat->bin[b % WEARSTAT_BINS];
	memcpy(stat->bin, merged, sizeof(merged));
	stat->shift++;
	stat->first /= 2;
	stat->last /= 2;
}

/* Make the ring include the bin of @wear. */
static void extend(struct wearstat *stat, __u32 wear)
{
	__u64 first, last, b;

	for (;;) {
		b = wear >> stat->shift;
		first = b < stat->first ? b : stat->first;
		last = b > stat->last ? b : stat->last;
		if (last - first < WEARSTAT_BINS)
			break;
		coarsen(stat);
	}
	stat->first = first;
	stat->last = last;
}

/* @stat is zeroed before the first call; @slots_nr is at least 1. */
void wearstat_add(struct wearstat *stat, __u32 wear, __u64 slots_nr)
{
	if (!stat->slots_nr) {
		stat->min = wear;
		stat->max = wear;
		stat->first = wear;
		stat->last = wear;
	}
	if (wear < stat->min)
		stat->min = wear;
	if (wear > stat->max)
		stat->max = wear;
	extend(stat, wear);
	stat->bin[(wear >> stat->shift) % WEARSTAT_BINS] += slots_nr;
	stat->slots_nr += slots_nr;
	stat->sum += (__u64)wear * slots_nr;
}

/* 0 if there are no slots. */
double wearstat_mean(const struct wearstat *stat)
{
	return stat->slots_nr ? (double)stat->sum / (double)stat->slots_nr : 0.0;
}

/* Rows of equal width, least wear first. Returns how many of @rows_max are used. */
unsigned int wearstat_rows(const struct wearstat *stat, struct wearstat_row *row,
			   unsigned int rows_max)
{
	__u64 bins, step, b, i;
	unsigned int rows = 0;

	if (!stat->slots_nr)
		return 0;
	bins = stat->last - stat->first + 1;
	step = (bins + rows_max - 1) / rows_max;
	for (b = stat->first; b <= stat->last; b += step, rows++) {
		row[rows].from = b << stat->shift;
		row[rows].to = ((b + step) << stat->shift) - 1;
		row[rows].slots_nr = 0;
		for (i = b; i < b + step && i <= stat->last; i++)
			row[rows].slots_nr += stat->bin[i % WEARSTAT_BINS];
	}
	row[0].from = stat->min;
	row[rows - 1].to = stat->max;
	return rows;
}
