// SPDX-License-Identifier: GPL-2.0
/*
 * test_least_worn.c - stores go to the least worn slots
 */
#include "rig.h"

static int compare_wear(const void *a, const void *b)
{
	u32 left = *(const u32 *)a, right = *(const u32 *)b;

	return (left > right) - (left < right);
}

/* Fill @wear with the wear of all free slots, sorted. Return: their number. */
static u32 free_wears(struct rig *rig, u32 *wear)
{
	const struct psw_slots *slots = &rig->region->slots;
	u32 slot, count = 0;

	for (slot = 0; slot < slots->slots_nr; slot++)
		if (slots->info[slot].state == PSW_SLOT_FREE)
			wear[count++] = slots->info[slot].wear;
	qsort(wear, count, sizeof(*wear), compare_wear);
	return count;
}

/*
 * With one CPU, a magazine is filled with the least worn free slots, and they are
 * used in the order of their wear.
 */
static void each_store_takes_the_least_worn_slot_of_its_magazine(void **state)
{
	struct rig *rig = *state;
	u32 *wear, ahead = 0, count = 0;
	u64 random = 9;
	unsigned int i;

	shim_cpus(1, false);
	rig->options.wear_mode = PSW_WEAR_DYNAMIC;
	rig_open(rig);
	wear = calloc(rig->region->geo.slots_nr, sizeof(*wear));
	for (i = 0; i < 60000; i++) {
		u64 offset = random_below(&random, 3000);
		const struct psw_magazine *magazine =
			per_cpu_ptr(rig->region->slots.magazine, 0);

		if (random_next(&random) % 8)
			offset %= 300;
		if (random_next(&random) % 5 == 0) {
			psw_invalidate_page(rig->area, offset);
			continue;
		}
		if (!magazine->fresh_nr) {
			count = free_wears(rig, wear);
			ahead = 0;
		}
		assert_int_equal(rig_store(rig, offset, i), 0);
		assert_true(ahead < count);
		assert_int_equal(rig->region->slots.info[rig_slot_of(rig, offset)].wear,
				 wear[ahead++] + 1);
	}
	free(wear);
}

static void dynamic_levelling_wears_a_region_evenly(void **state)
{
	struct rig *rig = *state;
	struct psw_wear wear;
	u64 stores, random = 10;

	rig->options.wear_mode = PSW_WEAR_DYNAMIC;
	rig_open(rig);
	/* One page is stored all the time: the worst case without levelling. */
	for (stores = 0; stores < 20ull * rig->region->geo.slots_nr; stores++)
		assert_int_equal(rig_store(rig, 1, random_next(&random)), 0);
	psw_slots_scan(&rig->region->slots, &wear, 0, NULL, 0);
	assert_int_equal(wear.sum, stores);
	assert_true(wear.max - wear.min <= 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test_closed(each_store_takes_the_least_worn_slot_of_its_magazine),
		rig_test_closed(dynamic_levelling_wears_a_region_evenly),
	};

	return rig_main("least worn", tests);
}
