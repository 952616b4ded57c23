// SPDX-License-Identifier: GPL-2.0
/*
 * test_boots.c - the wear that is kept over many short boots without a detach
 */
#include "rig.h"

#define BOOTS	100u

/* Store pages at random, and sweep when the engine asks for it. */
static void run(struct rig *rig, u64 stores, u64 *random)
{
	while (stores--) {
		assert_int_equal(rig_store(rig, random_below(random, 800), stores), 0);
		rig_work(rig);
	}
}

static void assert_wear_is(struct rig *rig, const u32 *expected)
{
	u32 *wear = rig_wear_copy(rig);

	assert_memory_equal(wear, expected, rig->region->geo.slots_nr * sizeof(*wear));
	free(wear);
}

static void a_checkpoint_and_no_stores_keep_the_wear_exactly(void **state)
{
	struct rig *rig = *state;
	u64 random = 1, total;
	u32 *wear;
	int boot;

	run(rig, 10000, &random);
	wear = rig_wear_copy(rig);
	total = psw_region_total(rig->region, PSW_STAT_SLOT_WRITES);
	assert_int_equal(rig_checkpoint(rig), 0);
	for (boot = 0; boot < 3; boot++) {
		/* The clock shows which superblock was written last. */
		shim_time_set(1800000000 + boot);
		rig_lose_power(rig);
		rig_open(rig);
		assert_wear_is(rig, wear);
		assert_int_equal(psw_region_total(rig->region, PSW_STAT_SLOT_WRITES),
				 total);
	}
	shim_time_set(1700000000);
	free(wear);
}

/* Boot often, with @stores each time. Return: the percentage of the wear that is kept. */
static u64 kept_percent(struct rig *rig, u64 stores, u64 *total_percent)
{
	u64 random = stores, total, sum;
	unsigned int boot;

	format_region(rig->pmem.addr, rig->pmem.bytes);
	rig_open(rig);
	for (boot = 1; boot <= BOOTS; boot++) {
		shim_time_set(1800000000 + boot);
		run(rig, stores, &random);
		rig_lose_power(rig);
		rig_open(rig);
	}
	sum = rig_wear_sum(rig);
	total = psw_region_total(rig->region, PSW_STAT_SLOT_WRITES);
	rig_lose_power(rig);
	shim_time_set(1700000000);
	*total_percent = total * 100 / (BOOTS * stores);
	return sum * 100 / (BOOTS * stores);
}

static void short_boots_keep_nearly_all_wear(void **state)
{
	struct rig *rig = *state;
	static const u32 percents[] = { 10, 20, 35, 50, 75, 110, 250 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(percents); i++) {
		u64 stores = rig_geometry(rig).slots_nr * percents[i] / 100;
		u64 total, wear = kept_percent(rig, stores, &total);

		print_message("# boots of %u %% of a round: %llu %% of the wear kept, and %llu %% of the total\n",
			      percents[i], (unsigned long long)wear,
			      (unsigned long long)total);
		/* The estimate may be a few page writes too high for each slot. */
		assert_in_range(wear, 95, 120 + 500 * 100 / (BOOTS * percents[i]));
		assert_in_range(total, 88, 110);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(a_checkpoint_and_no_stores_keep_the_wear_exactly),
		rig_test_closed(short_boots_keep_nearly_all_wear),
	};

	return rig_main("boots", tests);
}
