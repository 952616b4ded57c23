// SPDX-License-Identifier: GPL-2.0
/*
 * workload.c - built-in workloads: which pages are stored, and how often
 */
#include <err.h>
#include <math.h>
#include <stdlib.h>
#include "../unit/pattern.h"
#include "workload.h"

const struct workload workloads[] = {
	{ .name = "uniform-50", .fill = 0.50, .hot = 1.00,
	  .text = "half full, uniform stores" },
	{ .name = "uniform-90", .fill = 0.90, .hot = 1.00,
	  .text = "90 % full, uniform stores" },
	{ .name = "zipf", .fill = 0.90, .hot = 1.00, .skew = 0.99,
	  .text = "90 % full, Zipf distribution" },
	{ .name = "cold-80", .fill = 0.95, .hot = 0.158,
	  .text = "cold pages in 80 % of the store" },
	{ .name = "hammer", .fill = 0.90, .hot = 0,
	  .text = "90 % full, one hot page" },
	{ .name = "full-98", .fill = 0.98, .hot = 0.05,
	  .text = "98 % full, 5 % of the pages are hot" },
	{ .name = "phases", .fill = 0.90, .hot = 0.10, .phase = 100,
	  .text = "90 % full, another tenth is hot every 100 rounds" },
	{ .name = "zipf-reboots", .fill = 0.90, .hot = 1.00, .skew = 0.99,
	  .reboot = 100, .text = "as zipf, with a reboot every 100 rounds" },
	{ .name = "cold-80-unclean", .fill = 0.95, .hot = 0.158, .unclean = 500,
	  .text = "as cold-80, with a power loss every 500 rounds" },
	{ .name = "hammer-unclean", .fill = 0.90, .hot = 0, .unclean = 500, .reboot = 70,
	  .text = "as hammer, with a power loss every 500 rounds, a reboot every 70" },
};

const unsigned int workloads_nr = ARRAY_SIZE(workloads);

/**
 * struct hot - the choice of the next page to store
 * @random: state of the random numbers
 * @pages: number of pages in use; offsets begin with 1, after the swap header
 * @hot: number of hot pages
 * @first: number of the first hot page
 * @sum: cumulative weights of the hot pages; NULL if all are equal
 */
struct hot {
	u64 random;
	u64 pages;
	u64 hot;
	u64 first;
	double *sum;
};

static void hot_init(struct hot *hot, const struct workload *workload,
		     u64 capacity, u64 seed)
{
	double sum = 0;
	u64 i;

	hot->random = seed;
	hot->pages = (u64)((double)capacity * workload->fill);
	hot->hot = max((u64)((double)hot->pages * workload->hot), (u64)1);
	hot->first = 0;
	hot->sum = NULL;
	if (workload->skew == 0)
		return;

	hot->sum = malloc(hot->hot * sizeof(*hot->sum));
	if (!hot->sum)
		err(EXIT_FAILURE, "no memory for the weights");
	for (i = 0; i < hot->hot; i++) {
		sum += pow((double)(i + 1), -workload->skew);
		hot->sum[i] = sum;
	}
}

/* The first hot page whose cumulative weight is above @weight. */
static u64 hot_search(const struct hot *hot, double weight)
{
	u64 low = 0, high = hot->hot - 1;

	while (low < high) {
		u64 middle = (low + high) / 2;

		if (hot->sum[middle] > weight)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static u64 hot_next(struct hot *hot)
{
	double part = (double)(random_next(&hot->random) >> 11) * 0x1p-53;
	u64 nr;

	if (hot->sum)
		nr = hot_search(hot, part * hot->sum[hot->hot - 1]);
	else
		nr = (u64)(part * (double)hot->hot);
	return 1 + (hot->first + nr) % hot->pages;
}

/* Store every page in use once. */
static void hot_fill(const struct hot *hot, struct machine *machine,
		     u32 endurance)
{
	u64 offset;

	for (offset = 1; offset <= hot->pages; offset++) {
		if (machine->meter.max >= endurance)
			return;
		machine_store(machine, 0, offset);
	}
}

static bool period_ends(unsigned int rounds, u64 round)
{
	return rounds && !(round % rounds);
}

void workload_run(const struct workload *workload, struct machine *machine,
		  u32 endurance, u64 seed)
{
	u64 slots_nr = machine->geo.slots_nr;
	struct hot hot;
	u64 round, i;

	hot_init(&hot, workload, psw_region_capacity(machine->region), seed);
	hot_fill(&hot, machine, endurance);
	for (round = 1; machine->meter.max < endurance; round++) {
		for (i = 0; i < slots_nr && machine->meter.max < endurance; i++)
			machine_store(machine, 0, hot_next(&hot));

		if (period_ends(workload->phase, round))
			hot.first += hot.hot;
		if (!period_ends(workload->reboot, round) &&
		    !period_ends(workload->unclean, round))
			continue;
		/* Stop in the middle of a round, so that checkpoints differ. */
		for (i = 0; i < slots_nr / 2 && machine->meter.max < endurance; i++)
			machine_store(machine, 0, hot_next(&hot));
		if (period_ends(workload->reboot, round))
			machine_reboot(machine);
		else
			machine_lose_power(machine);
		hot_fill(&hot, machine, endurance);
	}
	free(hot.sum);
}
