// SPDX-License-Identifier: GPL-2.0
/*
 * test_recover.c - what wear is known after a power cut, and what is written for it
 *
 * That what is on the medium is whole after a cut at any moment is in
 * test_crash.c. Here it is about slots that were written after the table was.
 */
#include "cold.h"
#include "recorder.h"

#define COLD_PAGES	1000u
#define HOT_PAGES	50u

/* Few pages written all the time, with the sweep beside them. */
static void live(struct rig *rig, u64 stores, u64 *random)
{
	while (stores--) {
		assert_int_equal(rig_store(rig, random_below(random, HOT_PAGES),
					   stores), 0);
		rig_work(rig);
	}
}

/* A region where cold pages lag, and are moved at the rate of a life. */
static void grow_old(struct rig *rig, u64 *random)
{
	rig->options.wl_gap = 0;
	rig->options.wl_rate = 84;
	rig_open(rig);
	store_cold(rig, COLD_PAGES);
	live(rig, 120 * slots_nr(rig), random);
	assert_true(rig_stat(rig, PSW_STAT_MOVES) > 100);
}

/**
 * struct cut - a power cut
 * @lived: how often each slot had been written by then
 * @table: what the table on the medium says
 */
struct cut {
	u32 *lived;
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

/* Free, or with a page that came lately. */
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

/* No slot has less than the table says, none more than the most worn in use. */
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

static struct cut cut_and_open(struct rig *rig)
{
	struct cut cut = { .lived = wear_copy(rig) };

	rig_cut(rig);
	cut.table = rig_table(rig);
	rig_open(rig);
	assert_true(shim_log_has("unclean shutdown"));
	assert_charges_in_range(rig, cut.table);
	return cut;
}

static void cut_free(struct cut *cut)
{
	free(cut->lived);
	free(cut->table);
}

/* Close in order, let the cold pages come again, and let them settle. */
static void begin_anew(struct rig *rig, u64 *random)
{
	assert_int_equal(rig_close(rig), 0);
	rig_open(rig);
	store_cold(rig, COLD_PAGES);
	live(rig, 4 * slots_nr(rig), random);
}

/* What is charged */

/**
 * struct sums - over the slots that moves freed before a cut
 * @slots: how many there are
 * @took: page writes they took since the table was written
 * @charged: page writes they are charged with
 */
struct sums {
	u32 slots;
	u64 took;
	u64 charged;
};

/*
 * Nobody touched the cold pages, so a slot that had one and was written since was
 * freed by a move. The charge is an even share: a quarter is the least for any.
 */
static void check_freed_by_moves(const struct rig *rig, const struct cut *cut,
				 struct sums *sums)
{
	u32 slot;

	for (slot = 0; slot < slots_nr(rig); slot++) {
		u32 before = le32_to_cpu(cut->table[slot].wear);
		u32 charged = slot_at(rig, slot)->wear - before;
		u32 took = cut->lived[slot] - before;

		if (is_in_use(&cut->table[slot]) || !took)
			continue;
		assert_true(charged >= took / 4);
		sums->slots++;
		sums->took += took;
		sums->charged += charged;
	}
}

static void slots_freed_by_moves_are_charged_with_what_they_took(void **state)
{
	struct rig *rig = *state;
	struct sums sums = {};
	u64 random = 1;
	int life;

	grow_old(rig, &random);
	for (life = 0; life < 40; life++) {
		struct cut cut;

		begin_anew(rig, &random);
		live(rig, random_below(&random, slots_nr(rig)), &random);
		cut = cut_and_open(rig);
		check_freed_by_moves(rig, &cut, &sums);
		cut_free(&cut);
	}
	print_message("# %u slots took %llu, charged %llu\n", sums.slots,
		      (unsigned long long)sums.took,
		      (unsigned long long)sums.charged);
	assert_true(sums.slots > 100);
	assert_true(sums.charged >= sums.took);
}

static void slots_at_rest_keep_their_wear_over_a_cut(void **state)
{
	struct rig *rig = *state;
	u32 at_rest = 0, slot;
	u64 random = 2;
	struct cut cut;

	grow_old(rig, &random);
	live(rig, slots_nr(rig) / 2, &random);
	cut = cut_and_open(rig);
	for (slot = 0; slot < slots_nr(rig); slot++) {
		if (le16_to_cpu(cut.table[slot].flags) != PSW_MEDIA_SLOT_USED)
			continue;
		at_rest++;
		assert_int_equal(slot_at(rig, slot)->wear, cut.lived[slot]);
		assert_int_equal(slot_at(rig, slot)->wear,
				 le32_to_cpu(cut.table[slot].wear));
	}
	assert_in_range(at_rest, COLD_PAGES / 2, COLD_PAGES);
	cut_free(&cut);
}

static void retired_slots_are_charged_with_nothing(void **state)
{
	struct rig *rig = *state;
	u64 random = 3;
	struct cut cut;
	u32 slot;

	grow_old(rig, &random);
	slot = rig_slot_of(rig, COLD_PAGE);
	shim_pmem_poison(rig_slot_addr(rig, slot), 1);
	rig_assert_fails(rig, COLD_PAGE, -EIO);
	shim_pmem_heal();
	live(rig, 2 * slots_nr(rig), &random);
	cut = cut_and_open(rig);
	assert_int_equal(slot_at(rig, slot)->state, PSW_SLOT_BAD);
	assert_int_equal(slot_at(rig, slot)->wear, cut.lived[slot]);
	cut_free(&cut);
}

static void the_same_cut_is_charged_alike_each_time(void **state)
{
	struct rig *rig = *state;
	void *image = malloc(rig->pmem.bytes);
	u32 *first, *second;
	u64 random = 4;

	grow_old(rig, &random);
	rig_cut(rig);
	memcpy(image, rig->pmem.addr, rig->pmem.bytes);
	rig_open(rig);
	first = wear_copy(rig);
	rig_cut(rig);
	memcpy(rig->pmem.addr, image, rig->pmem.bytes);
	rig_open(rig);
	second = wear_copy(rig);
	assert_memory_equal(first, second, slots_nr(rig) * sizeof(*first));
	free(second);
	free(first);
	free(image);
}

/* A life of pages that come, stay, go and come again, walked past or not. */
static void live_at_random(struct rig *rig, u64 *random)
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
 * By the rule of the estimate: two rounds on all that were in use, three quarters
 * of one on those behind, and one page write on each for rounding up. That many
 * only at worst: on average it is no more than two rounds.
 */
static void what_is_charged_is_bounded_over_many_lives(void **state)
{
	struct rig *rig = *state;
	u64 random = 5, charged, sum = 0;
	int life;

	grow_old(rig, &random);
	for (life = 0; life < 80; life++) {
		struct cut cut;

		if (random_below(&random, 4) == 0) {
			assert_int_equal(rig_close(rig), 0);
			rig_open(rig);
		}
		live_at_random(rig, &random);
		cut = cut_and_open(rig);
		charged = rig_wear_sum(rig) - rig_table_wear_sum(rig);
		sum += charged;
		assert_in_range(charged, 0, 4 * slots_nr(rig));
		cut_free(&cut);
	}
	assert_in_range(sum / life, 1, 2 * slots_nr(rig));
}

/* What is written for it */

static void a_page_that_came_lately_is_marked_and_one_at_rest_is_not(void **state)
{
	struct rig *rig = *state;
	struct psw_media_entry *table;
	u32 hot, cold;

	rig_open(rig);
	store_cold(rig, 1);
	hammer(rig, 3 * slots_nr(rig));
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

	grow_old(rig, &random);
	live(rig, slots_nr(rig) / 2, &random);
	before = wear_copy(rig);
	/* The table says who was there, for that to be looked at. */
	assert_int_equal(psw_sweep_checkpoint(rig->region, PSW_MEDIA_STATE_CLEAN), 0);
	table = rig_table(rig);
	rig_cut(rig);
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

/* Live for a round, and see what of the metadata was written. */
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
		live(rig, 1, random);
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

static void a_round_writes_each_block_once_and_the_copy_in_force_never(void **state)
{
	struct rig *rig = *state;
	u64 random = 7;
	int round;

	grow_old(rig, &random);
	live(rig, slots_nr(rig), &random);
	/* To where a round begins. */
	while (rig->region->sweep.blocks_left != rig->region->geo.table_blocks)
		live(rig, 1, &random);
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

/* What may lie */

/**
 * struct forgery - a table made up
 * @flags: of slots with even and odd numbers
 * @wear: likewise
 * @generation: of the blocks, plus their number
 * @attachments: there were so far
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
	/* None in use, so there is no most worn one. */
	{ { USED, USED }, { 0, U32_MAX }, 1, 1 },
	{ { USED | LEAVING, USED | LEAVING }, { 0, U32_MAX }, 1, 1 },
	{ { USED | LEAVING, USED }, { 5, 7 }, 1, 1 },
	/* All in use, at and around the limit of wear. */
	{ { 0, 0 }, { U32_MAX, U32_MAX }, 1, 1 },
	{ { 0, 0 }, { U32_MAX - 1, U32_MAX }, 1, 1 },
	{ { 0, 0 }, { 0, U32_MAX }, 1, 1 },
	{ { USED | BUSY, USED | LEAVING }, { U32_MAX, U32_MAX - 2 }, 1, 1 },
	/* Marks that contradict each other, or that nobody knows. */
	{ { LEAVING, BUSY }, { 3, 900 }, 1, 1 },
	{ { USED | BUSY | LEAVING, 0xfff0 }, { 0, 100 }, 1, 1 },
	{ { 0xffff, 0xfffd }, { U32_MAX, 1 }, 1, 1 },
	{ { BAD | LEAVING, 0 }, { U32_MAX, 1 }, 1, 1 },
	/* Cut off where nothing was attached; of blocks, each the newest yet. */
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

/* Whatever a table says, what is made of it is in range, and fit for use. */
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
			/* Not all of them retired. */
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
		cold_test(slots_freed_by_moves_are_charged_with_what_they_took),
		cold_test(slots_at_rest_keep_their_wear_over_a_cut),
		cold_test(retired_slots_are_charged_with_nothing),
		cold_test(the_same_cut_is_charged_alike_each_time),
		cold_test(what_is_charged_is_bounded_over_many_lives),
		cold_test(a_page_that_came_lately_is_marked_and_one_at_rest_is_not),
		cold_test(a_clean_detach_leaves_no_marks_and_adds_no_wear),
		cold_test(a_round_writes_each_block_once_and_the_copy_in_force_never),
		cold_test(rounds_begin_with_another_block_after_each_attach),
		cold_test(forged_marks_and_wear_stay_in_range),
		cold_test(random_marks_and_wear_stay_in_range),
	};

	return rig_main("cut", tests);
}
