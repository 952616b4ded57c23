// SPDX-License-Identifier: GPL-2.0
/*
 * test_recover.c - the wear that is charged after an unclean shutdown
 *
 * A charge is a number of page writes that open adds to the wear of a slot. It
 * estimates the writes since the table was last written. test_crash.c checks that
 * the table itself is valid after a power loss.
 */
#include "aged.h"
#include "recovery.h"

/* Close, open, store the cold pages, and go on until they are cold again. */
static void reopen(struct rig *rig, u64 *random)
{
	assert_int_equal(rig_close(rig), 0);
	rig_open(rig);
	store_cold(rig, COLD_PAGES);
	aged_run(rig, 4 * slots_nr(rig), random);
}

/**
 * struct sums - sums over the slots that moves freed before a power loss
 * @slots: number of slots
 * @took: page writes that they took since the table was written
 * @charged: page writes that they are charged with
 */
struct sums {
	u32 slots;
	u64 took;
	u64 charged;
};

/*
 * Cold pages were not stored again. So a slot that held one in the table and was
 * written since was freed by a move. Each is charged with an even share, which is
 * at least a quarter of what it took.
 */
static void check_freed_by_moves(const struct rig *rig, const struct unclean *unclean,
				 struct sums *sums)
{
	u32 slot;

	for (slot = 0; slot < slots_nr(rig); slot++) {
		u32 before = le32_to_cpu(unclean->table[slot].wear);
		u32 charged = slot_at(rig, slot)->wear - before;
		u32 took = unclean->wear[slot] - before;

		if (is_in_use(&unclean->table[slot]) || !took)
			continue;
		assert_true(charged >= took / 4);
		sums->slots++;
		sums->took += took;
		sums->charged += charged;
	}
}

static void slots_freed_by_moves_are_charged_with_the_writes_they_took(void **state)
{
	struct rig *rig = *state;
	struct sums sums = {};
	u64 random = 1;
	int run;

	aged_open(rig, &random);
	for (run = 0; run < 40; run++) {
		struct unclean unclean;

		reopen(rig, &random);
		aged_run(rig, random_below(&random, slots_nr(rig)), &random);
		unclean = unclean_shutdown(rig);
		check_freed_by_moves(rig, &unclean, &sums);
		unclean_free(&unclean);
	}
	print_message("# %u slots took %llu, charged %llu\n", sums.slots,
		      (unsigned long long)sums.took,
		      (unsigned long long)sums.charged);
	assert_true(sums.slots > 100);
	assert_true(sums.charged >= sums.took);
}

static void cold_slots_keep_their_wear_over_a_power_loss(void **state)
{
	struct rig *rig = *state;
	u32 cold = 0, slot;
	u64 random = 2;
	struct unclean unclean;

	aged_open(rig, &random);
	aged_run(rig, slots_nr(rig) / 2, &random);
	unclean = unclean_shutdown(rig);
	for (slot = 0; slot < slots_nr(rig); slot++) {
		if (le16_to_cpu(unclean.table[slot].flags) != PSW_MEDIA_SLOT_USED)
			continue;
		cold++;
		assert_int_equal(slot_at(rig, slot)->wear, unclean.wear[slot]);
		assert_int_equal(slot_at(rig, slot)->wear,
				 le32_to_cpu(unclean.table[slot].wear));
	}
	assert_in_range(cold, COLD_PAGES / 2, COLD_PAGES);
	unclean_free(&unclean);
}

static void retired_slots_are_charged_with_nothing(void **state)
{
	struct rig *rig = *state;
	u64 random = 3;
	struct unclean unclean;
	u32 slot;

	aged_open(rig, &random);
	slot = rig_slot_of(rig, COLD_PAGE);
	shim_pmem_poison(rig_slot_addr(rig, slot), 1);
	rig_assert_fails(rig, COLD_PAGE, -EIO);
	shim_pmem_heal();
	aged_run(rig, 2 * slots_nr(rig), &random);
	unclean = unclean_shutdown(rig);
	assert_int_equal(slot_at(rig, slot)->state, PSW_SLOT_BAD);
	assert_int_equal(slot_at(rig, slot)->wear, unclean.wear[slot]);
	unclean_free(&unclean);
}

static void the_same_power_loss_is_charged_alike_each_time(void **state)
{
	struct rig *rig = *state;
	void *image = malloc(rig->pmem.bytes);
	u32 *first, *second;
	u64 random = 4;

	aged_open(rig, &random);
	rig_lose_power(rig);
	memcpy(image, rig->pmem.addr, rig->pmem.bytes);
	rig_open(rig);
	first = rig_wear_copy(rig);
	rig_lose_power(rig);
	memcpy(rig->pmem.addr, image, rig->pmem.bytes);
	rig_open(rig);
	second = rig_wear_copy(rig);
	assert_memory_equal(first, second, slots_nr(rig) * sizeof(*first));
	free(second);
	free(first);
	free(image);
}

/* Store and invalidate hot and cold pages at random, and sweep. */
static void run_at_random(struct rig *rig, u64 *random)
{
	u32 kept = random_below(random, COLD_PAGES);
	u64 stores = random_below(random, 4 * slots_nr(rig));

	store_cold(rig, kept);
	while (stores--) {
		u64 offset = random_below(random, HOT_PAGES);

		if (random_below(random, 50) == 0)
			offset = COLD_PAGE + random_below(random, COLD_PAGES);
		if (random_below(random, 10) == 0)
			psw_invalidate_page(rig->area, offset);
		else
			assert_int_equal(rig_store(rig, offset, stores), 0);
		rig_work(rig);
	}
}

/*
 * The estimate charges at most two rounds to the slots in use, and three quarters
 * of a round to the slots that lag. Rounding adds at most one page write to each
 * slot. On average all charges together are at most two rounds.
 */
static void charges_are_bounded_over_many_power_losses(void **state)
{
	struct rig *rig = *state;
	u64 random = 5, charged, sum = 0;
	int run;

	aged_open(rig, &random);
	for (run = 0; run < 80; run++) {
		struct unclean unclean;

		if (random_below(&random, 4) == 0) {
			assert_int_equal(rig_close(rig), 0);
			rig_open(rig);
		}
		run_at_random(rig, &random);
		unclean = unclean_shutdown(rig);
		charged = rig_wear_sum(rig) - rig_table_wear_sum(rig);
		sum += charged;
		assert_in_range(charged, 0, 4 * slots_nr(rig));
		unclean_free(&unclean);
	}
	assert_in_range(sum / run, 1, 2 * slots_nr(rig));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cold_test(slots_freed_by_moves_are_charged_with_the_writes_they_took),
		cold_test(cold_slots_keep_their_wear_over_a_power_loss),
		cold_test(retired_slots_are_charged_with_nothing),
		cold_test(the_same_power_loss_is_charged_alike_each_time),
		cold_test(charges_are_bounded_over_many_power_losses),
	};

	return rig_main("recover", tests);
}
