// SPDX-License-Identifier: GPL-2.0
/*
 * wearstat.c - wear statistics of slots seen once each, in constant memory
 *
 * Levelled wear lies in a narrow band whose place is not known beforehand. So
 * the bins are a ring that covers the band seen so far, one wear value wide at
 * first; when the band outgrows the ring, neighbouring bins are merged.
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

/* Makes the ring reach to the bin of @wear. */
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

/**
 * wearstat_add() - count slots
 * @stat: zeroed before the first
 * @wear: wear of each
 * @slots_nr: how many slots of this wear, at least one
 */
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

/**
 * wearstat_mean() - mean wear of the slots counted; 0 without any
 * @stat: the statistics
 */
double wearstat_mean(const struct wearstat *stat)
{
	return stat->slots_nr ? (double)stat->sum / (double)stat->slots_nr : 0.0;
}

/**
 * wearstat_rows() - the histogram in few rows of equal width
 * @stat: the statistics
 * @row: filled in, least wear first
 * @rows_max: room in @row
 *
 * Return: rows filled in.
 */
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
