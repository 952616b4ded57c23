// SPDX-License-Identifier: GPL-2.0
/*
 * test_recover.c - the wear that is estimated after an unclean shutdown
 *
 * Slots that were written after the table was last written are charged with an
 * estimate. test_crash.c checks that the table itself is valid after a power loss.
 */
#include "cold.h"
#include "recorder.h"

#define COLD_PAGES	1000u
#define HOT_PAGES	50u

/* Store a few hot pages, and sweep when the engine asks for it. */
static void run_hot(struct rig *rig, u64 stores, u64 *random)
{
	while (stores--) {
		assert_int_equal(rig_store(rig, random_below(random, HOT_PAGES),
					   stores), 0);
		rig_work(rig);
	}
}

/* Open a region and age it, so that cold slots lag and their pages move. */
static void open_aged(struct rig *rig, u64 *random)
{
	rig->options.wl_gap = 0;
	rig->options.wl_rate = 84;
	rig_open(rig);
	store_cold(rig, COLD_PAGES);
	run_hot(rig, 120 * slots_nr(rig), random);
	assert_true(rig_stat(rig, PSW_STAT_MOVES) > 100);
}

/**
 * struct unclean - an unclean shutdown
 * @wear: wear of each slot before it
 * @table: the slot table on the medium
 */
struct unclean {
	u32 *wear;
	struct psw_media_entry *table;
};

static u32 *wear_copy(const struct rig *rig)
{
	u32 *wear = calloc(slots_nr(rig), sizeof(*wear));
	u32 slot;

	assert_non_null(wear);
	for (slot = 0; slot < slots_nr(rig); slot++)
		wear[slot] = slot_at(rig, slot)->wear;
	return wear;
}

/* Whether a slot was free or hot when the table was written. */
static bool is_in_use(const struct psw_media_entry *entry)
{
	u16 flags = le16_to_cpu(entry->flags);

	if (flags & (PSW_MEDIA_SLOT_BAD | PSW_MEDIA_SLOT_LEAVING))
		return false;
	return !(flags & PSW_MEDIA_SLOT_USED) || flags & PSW_MEDIA_SLOT_BUSY;
}

static u32 top_in_use(const struct psw_media_entry *table, u32 slots_nr)
{
	u32 top = 0, slot;

	for (slot = 0; slot < slots_nr; slot++)
		if (is_in_use(&table[slot]))
			top = max(top, le32_to_cpu(table[slot].wear));
	return top;
}

/* No slot has less wear than in the table, or more than the most worn one in use. */
static void assert_charges_in_range(const struct rig *rig,
				    const struct psw_media_entry *table)
{
	u32 top = top_in_use(table, slots_nr(rig));
	u32 slot;

	for (slot = 0; slot < slots_nr(rig); slot++) {
		u32 wear = le32_to_cpu(table[slot].wear);

		assert_in_range(slot_at(rig, slot)->wear, wear, max(wear, top));
	}
}

static struct unclean lose_power_and_open(struct rig *rig)
{
	struct unclean unclean = { .wear = wear_copy(rig) };

	rig_lose_power(rig);
	unclean.table = rig_table(rig);
	rig_open(rig);
	assert_true(shim_log_has("unclean shutdown"));
	assert_charges_in_range(rig, unclean.table);
	return unclean;
}

static void unclean_free(struct unclean *unclean)
{
	free(unclean->wear);
	free(unclean->table);
}

/* Close, open, store the cold pages, and go on until they are cold again. */
static void reopen(struct rig *rig, u64 *random)
{
	assert_int_equal(rig_close(rig), 0);
	rig_open(rig);
	store_cold(rig, COLD_PAGES);
	run_hot(rig, 4 * slots_nr(rig), random);
}

/* Charges: page writes added to the wear of a slot at open. */

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

	open_aged(rig, &random);
	for (run = 0; run < 40; run++) {
		struct unclean unclean;

		reopen(rig, &random);
		run_hot(rig, random_below(&random, slots_nr(rig)), &random);
		unclean = lose_power_and_open(rig);
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

	open_aged(rig, &random);
	run_hot(rig, slots_nr(rig) / 2, &random);
	unclean = lose_power_and_open(rig);
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

	open_aged(rig, &random);
	slot = rig_slot_of(rig, COLD_PAGE);
	shim_pmem_poison(rig_slot_addr(rig, slot), 1);
	rig_assert_fails(rig, COLD_PAGE, -EIO);
	shim_pmem_heal();
	run_hot(rig, 2 * slots_nr(rig), &random);
	unclean = lose_power_and_open(rig);
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

	open_aged(rig, &random);
	rig_lose_power(rig);
	memcpy(image, rig->pmem.addr, rig->pmem.bytes);
	rig_open(rig);
	first = wear_copy(rig);
	rig_lose_power(rig);
	memcpy(rig->pmem.addr, image, rig->pmem.bytes);
	rig_open(rig);
	second = wear_copy(rig);
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
 * The estimate charges at most two rounds to the slots in use, three quarters of a
 * round to the slots that lag, and one page write to each slot for rounding up. On
 * average it charges at most two rounds.
 */
static void charges_are_bounded_over_many_power_losses(void **state)
{
	struct rig *rig = *state;
	u64 random = 5, charged, sum = 0;
	int run;

	open_aged(rig, &random);
	for (run = 0; run < 80; run++) {
		struct unclean unclean;

		if (random_below(&random, 4) == 0) {
			assert_int_equal(rig_close(rig), 0);
			rig_open(rig);
		}
		run_at_random(rig, &random);
		unclean = lose_power_and_open(rig);
		charged = rig_wear_sum(rig) - rig_table_wear_sum(rig);
		sum += charged;
		assert_in_range(charged, 0, 4 * slots_nr(rig));
		unclean_free(&unclean);
	}
	assert_in_range(sum / run, 1, 2 * slots_nr(rig));
}

/* What the sweep writes to the slot table. */

static void hot_slots_are_marked_busy_and_cold_slots_are_not(void **state)
{
	struct rig *rig = *state;
	struct psw_media_entry *table;
	u32 hot, cold;

	rig_open(rig);
	store_cold(rig, 1);
	store_hot(rig, 3 * slots_nr(rig));
	steer_rounds(rig, 2);
	assert_int_equal(rig_store(rig, HOT_PAGE, 0), 0);
	steer_rounds(rig, 1);
	hot = rig_slot_of(rig, HOT_PAGE);
	cold = rig_slot_of(rig, COLD_PAGE);
	psw_sweep_run(rig->region);
	table = rig_table(rig);
	assert_int_equal(le16_to_cpu(table[cold].flags), PSW_MEDIA_SLOT_USED);
	assert_int_equal(le16_to_cpu(table[hot].flags),
			 PSW_MEDIA_SLOT_USED | PSW_MEDIA_SLOT_BUSY);
	free(table);
}

static void a_clean_detach_leaves_no_marks_and_adds_no_wear(void **state)
{
	struct rig *rig = *state;
	struct psw_media_entry *table;
	u32 *before, *after;
	u64 random = 6;
	u32 slot;

	open_aged(rig, &random);
	run_hot(rig, slots_nr(rig) / 2, &random);
	before = wear_copy(rig);
	/* Pages are still stored, so the table has USED slots to look at. */
	assert_int_equal(psw_sweep_checkpoint(rig->region, PSW_MEDIA_STATE_CLEAN), 0);
	table = rig_table(rig);
	rig_lose_power(rig);
	rig_open(rig);
	assert_true(shim_log_empty());
	after = wear_copy(rig);
	for (slot = 0; slot < slots_nr(rig); slot++)
		assert_int_equal(le16_to_cpu(table[slot].flags) &
				 ~PSW_MEDIA_SLOT_USED, 0);
	assert_memory_equal(before, after, slots_nr(rig) * sizeof(*before));
	free(after);
	free(table);
	free(before);
}

/* Store for one round, and check which metadata was written. */
static void check_round(struct rig *rig, u64 *random)
{
	struct psw_geometry geo = rig_geometry(rig);
	u64 copy_bytes = geo.table_blocks * PSW_MEDIA_BLOCK_BYTES;
	int current_copy = rig_table_current(rig);
	u32 round = rig->region->rounds;
	struct recorder recorder;
	u64 index, supers[2];

	recorder_start(&recorder, rig->pmem.addr);
	while (rig->region->rounds == round)
		run_hot(rig, 1, random);
	recorder_stop(&recorder);

	assert_int_equal(recorder_bytes(&recorder, geo.table_off[current_copy],
					copy_bytes), 0);
	for (index = 0; index < geo.table_blocks; index++)
		assert_int_equal(recorder_bytes(&recorder,
				geo.table_off[!current_copy] +
				index * PSW_MEDIA_BLOCK_BYTES,
				PSW_MEDIA_BLOCK_BYTES), PSW_MEDIA_BLOCK_BYTES);
	supers[0] = recorder_bytes(&recorder, geo.super_off[0],
				   PSW_MEDIA_BLOCK_BYTES);
	supers[1] = recorder_bytes(&recorder, geo.super_off[1],
				   PSW_MEDIA_BLOCK_BYTES);
	assert_true(!supers[0] != !supers[1]);
	assert_in_range(supers[0] + supers[1], 1, PSW_MEDIA_BLOCK_BYTES);
	assert_int_equal(recorder_bytes(&recorder, 0, geo.data_off),
			 copy_bytes + supers[0]);
	assert_int_equal(rig_table_current(rig), !current_copy);
	recorder_free(&recorder);
}

static void a_round_writes_each_block_once_and_never_the_current_copy(void **state)
{
	struct rig *rig = *state;
	u64 random = 7;
	int round;

	open_aged(rig, &random);
	run_hot(rig, slots_nr(rig), &random);
	/* Go on to the beginning of a round. */
	while (rig->region->sweep.blocks_left != rig->region->geo.table_blocks)
		run_hot(rig, 1, &random);
	for (round = 0; round < 4; round++)
		check_round(rig, &random);
}

static void rounds_begin_with_another_block_after_each_attach(void **state)
{
	struct rig *rig = *state;
	u64 seen = 0, attach;

	rig_open(rig);
	for (attach = 0; attach < 100; attach++) {
		u64 first = psw_table_first_block(rig->region->geo.table_blocks,
						  attach);

		assert_in_range(first, 0, rig->region->geo.table_blocks - 1);
		seen |= 1ull << first;
	}
	assert_int_equal(seen, (1ull << rig->region->geo.table_blocks) - 1);
}

/* Forged slot tables. */

/**
 * struct forgery - a forged slot table
 * @flags: flags of the slots with even and with odd numbers
 * @wear: wear of the slots with even and with odd numbers
 * @generation: generation of block 0; each later block has one more
 * @attachments: attach_generation of the superblock
 */
struct forgery {
	u16 flags[2];
	u32 wear[2];
	u64 generation;
	u64 attachments;
};

#define USED	PSW_MEDIA_SLOT_USED
#define BUSY	PSW_MEDIA_SLOT_BUSY
#define LEAVING	PSW_MEDIA_SLOT_LEAVING
#define BAD	PSW_MEDIA_SLOT_BAD

static const struct forgery forgeries[] = {
	/* No slot is in use, so there is no most worn one. */
	{ { USED, USED }, { 0, U32_MAX }, 1, 1 },
	{ { USED | LEAVING, USED | LEAVING }, { 0, U32_MAX }, 1, 1 },
	{ { USED | LEAVING, USED }, { 5, 7 }, 1, 1 },
	/* All slots are in use, with wear at its limit or close to it. */
	{ { 0, 0 }, { U32_MAX, U32_MAX }, 1, 1 },
	{ { 0, 0 }, { U32_MAX - 1, U32_MAX }, 1, 1 },
	{ { 0, 0 }, { 0, U32_MAX }, 1, 1 },
	{ { USED | BUSY, USED | LEAVING }, { U32_MAX, U32_MAX - 2 }, 1, 1 },
	/* Flags that contradict each other, or that are unknown. */
	{ { LEAVING, BUSY }, { 3, 900 }, 1, 1 },
	{ { USED | BUSY | LEAVING, 0xfff0 }, { 0, 100 }, 1, 1 },
	{ { 0xffff, 0xfffd }, { U32_MAX, 1 }, 1, 1 },
	{ { BAD | LEAVING, 0 }, { U32_MAX, 1 }, 1, 1 },
	/* Unclean though never attached; each block newer than the one before. */
	{ { 0, USED | LEAVING }, { 0, 1000 }, 1, 0 },
	{ { 0, USED | LEAVING }, { 1000, 0 }, PSW_COUNTER_MAX - 10, PSW_COUNTER_MAX - 1 },
};

static void forge(struct rig *rig, const struct forgery *forgery)
{
	struct psw_geometry geo = rig_geometry(rig);
	u64 seed = le64_to_cpu(rig_super(rig, 0)->table_seed);
	u64 index;
	int copy;
	u32 i;

	format_region(rig->pmem.addr, rig->pmem.bytes);
	for (copy = 0; copy < 2; copy++) {
		struct psw_media_super *super = rig_super(rig, copy);

		super->state = cpu_to_le32(PSW_MEDIA_STATE_ATTACHED);
		super->table_generation[0] = cpu_to_le64(1);
		super->attach_generation = cpu_to_le64(forgery->attachments);
		psw_super_seal(super);
	}
	for (index = 0; index < geo.table_blocks; index++) {
		struct psw_media_table_block *block =
			rig_table_block(rig, 0, index);

		memset(block, 0, sizeof(*block));
		for (i = 0; i < PSW_MEDIA_ENTRIES_PER_BLOCK; i++) {
			block->entry[i].flags = cpu_to_le16(forgery->flags[i % 2]);
			block->entry[i].wear = cpu_to_le32(forgery->wear[i % 2]);
		}
		psw_table_block_seal(block, &geo, seed, index,
				     forgery->generation + index);
	}
}

/* The wear must be in range and the region usable, whatever the table says. */
static void open_forged(struct rig *rig)
{
	struct psw_media_entry *table = rig_table(rig);
	u64 stores;

	rig_open(rig);
	assert_charges_in_range(rig, table);
	for (stores = 0; stores < 2 * slots_nr(rig); stores++) {
		assert_int_equal(rig_store(rig, stores % 20, stores), 0);
		rig_work(rig);
	}
	assert_int_equal(rig_close(rig), 0);
	free(table);
}

static void forged_marks_and_wear_stay_in_range(void **state)
{
	struct rig *rig = *state;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(forgeries); i++) {
		forge(rig, &forgeries[i]);
		open_forged(rig);
	}
}

static void random_marks_and_wear_stay_in_range(void **state)
{
	static const u32 wears[] = { 0, 1, 31, 32, 33, 5000, U32_MAX - 1, U32_MAX };
	struct rig *rig = *state;
	u64 random = 8;
	int i;

	for (i = 0; i < 60; i++) {
		struct forgery forgery = {
			/* Not all slots are retired. */
			.flags = { random_next(&random) & ~BAD,
				   random_next(&random) },
			.generation = 1 + random_below(&random, 3),
			.attachments = random_below(&random, 20),
		};

		forgery.wear[0] = wears[random_below(&random, ARRAY_SIZE(wears))];
		forgery.wear[1] = wears[random_below(&random, ARRAY_SIZE(wears))];
		forge(rig, &forgery);
		open_forged(rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cold_test(slots_freed_by_moves_are_charged_with_the_writes_they_took),
		cold_test(cold_slots_keep_their_wear_over_a_power_loss),
		cold_test(retired_slots_are_charged_with_nothing),
		cold_test(the_same_power_loss_is_charged_alike_each_time),
		cold_test(charges_are_bounded_over_many_power_losses),
		cold_test(hot_slots_are_marked_busy_and_cold_slots_are_not),
		cold_test(a_clean_detach_leaves_no_marks_and_adds_no_wear),
		cold_test(a_round_writes_each_block_once_and_never_the_current_copy),
		cold_test(rounds_begin_with_another_block_after_each_attach),
		cold_test(forged_marks_and_wear_stay_in_range),
		cold_test(random_marks_and_wear_stay_in_range),
	};

	return rig_main("recover", tests);
}
