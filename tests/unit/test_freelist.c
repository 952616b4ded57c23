// SPDX-License-Identifier: GPL-2.0
/*
 * test_freelist.c - the free list, compared with a plain search over all slots
 */
#include "rig.h"

#define SLOTS	5000u

/**
 * struct bench - a free list and its expected content
 * @info: the slots
 * @freelist: the free list
 * @inside: whether a slot is in the free list
 * @since: when a slot was added, by @now
 * @now: number of slots added so far
 */
struct bench {
	struct psw_slot_info info[SLOTS];
	struct psw_freelist freelist;
	bool inside[SLOTS];
	u64 since[SLOTS];
	u64 now;
};

static int bench_setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	*state = bench;
	return bench ? psw_freelist_init(&bench->freelist, bench->info, 0) : -1;
}

static int bench_teardown(void **state)
{
	struct bench *bench = *state;

	psw_freelist_destroy(&bench->freelist);
	free(bench);
	return shim_alloc_live() ? -1 : 0;
}

#define bench_test(test)	\
	cmocka_unit_test_setup_teardown(test, bench_setup, bench_teardown)

static void bench_add(struct bench *bench, u32 slot)
{
	bench->inside[slot] = true;
	bench->since[slot] = bench->now++;
	psw_freelist_add(&bench->freelist, slot);
}

static u64 bench_key(const struct bench *bench, u32 slot)
{
	return bench->info[slot].wear >> bench->freelist.shift;
}

/* The least (@sign 1) or most (@sign -1) worn slot; of equals the first added. */
static u32 bench_best(const struct bench *bench, int sign)
{
	u32 best = PSW_SLOT_NONE;
	u32 slot;

	for (slot = 0; slot < SLOTS; slot++) {
		s64 more;

		if (!bench->inside[slot])
			continue;
		if (best == PSW_SLOT_NONE) {
			best = slot;
			continue;
		}
		more = ((s64)bench_key(bench, slot) -
			(s64)bench_key(bench, best)) * sign;
		if (more < 0 || (!more && bench->since[slot] < bench->since[best]))
			best = slot;
	}
	return best;
}

/* Take a slot. It must have the least key; at shift 0 it must be the first added. */
static u32 bench_take(struct bench *bench)
{
	u32 expected = bench_best(bench, 1);
	u32 slot = psw_freelist_take(&bench->freelist);

	if (expected == PSW_SLOT_NONE || !bench->freelist.shift) {
		assert_int_equal(slot, expected);
	} else {
		assert_true(slot < SLOTS && bench->inside[slot]);
		assert_int_equal(bench_key(bench, slot),
				 bench_key(bench, expected));
	}
	if (slot != PSW_SLOT_NONE)
		bench->inside[slot] = false;
	return slot;
}

static u32 bench_wear_min(const struct bench *bench)
{
	u32 least = U32_MAX;
	u32 slot;

	for (slot = 0; slot < SLOTS; slot++)
		least = min(least, bench->info[slot].wear);
	return least;
}

static void an_empty_free_list_has_nothing_to_take(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(psw_freelist_take(&bench->freelist), PSW_SLOT_NONE);
	assert_int_equal(psw_freelist_most_worn(&bench->freelist), PSW_SLOT_NONE);
	assert_int_equal(psw_freelist_take_most_worn(&bench->freelist), PSW_SLOT_NONE);
	bench_add(bench, 3);
	assert_int_equal(bench_take(bench), 3);
	assert_int_equal(psw_freelist_take(&bench->freelist), PSW_SLOT_NONE);
	assert_int_equal(bench->freelist.slots_nr, 0);
}

static void slots_of_equal_wear_are_taken_in_the_order_they_came(void **state)
{
	struct bench *bench = *state;
	u64 random = 7;
	u32 slot, i;

	for (i = 0; i < 1000; i++)
		bench_add(bench, (i * 7919) % SLOTS);
	for (i = 0; i < 1000; i++) {
		slot = psw_freelist_take(&bench->freelist);
		assert_int_equal(slot, (i * 7919) % SLOTS);
		bench->inside[slot] = false;
		if (random_next(&random) & 1)
			psw_freelist_most_worn(&bench->freelist);
	}
}

static void the_least_worn_slot_is_taken_first(void **state)
{
	struct bench *bench = *state;
	u64 random = 1;
	u32 slot;

	for (slot = 0; slot < SLOTS; slot++) {
		bench->info[slot].wear = random_below(&random, PSW_FREELIST_BUCKETS);
		bench_add(bench, slot);
	}
	for (slot = 0; slot < SLOTS; slot++)
		bench_take(bench);
	assert_int_equal(bench->freelist.shift, 0);
	assert_int_equal(bench_take(bench), PSW_SLOT_NONE);
}

static void the_most_worn_slot_is_reported_and_taken(void **state)
{
	struct bench *bench = *state;
	u64 random = 2;
	u32 slot, i;

	for (slot = 0; slot < SLOTS; slot++) {
		bench->info[slot].wear = random_below(&random, PSW_FREELIST_BUCKETS);
		bench_add(bench, slot);
	}
	for (i = 0; i < SLOTS; i++) {
		u32 worst = bench_best(bench, -1);

		assert_int_equal(psw_freelist_most_worn(&bench->freelist), worst);
		assert_int_equal(psw_freelist_take_most_worn(&bench->freelist), worst);
		bench->inside[worst] = false;
	}
}

/* Take, wear and add slots at random, and raise the floor at times. */
static void bench_churn(struct bench *bench, u64 seed, u32 wear_step,
			unsigned int operations)
{
	u64 random = seed;
	unsigned int i;

	for (i = 0; i < operations; i++) {
		u32 slot = random_below(&random, SLOTS);

		if (!bench->inside[slot] && random_next(&random) % 4) {
			bench_add(bench, slot);
		} else if (random_next(&random) % 16) {
			slot = bench_take(bench);
			if (slot != PSW_SLOT_NONE)
				bench->info[slot].wear +=
					1 + random_below(&random, wear_step);
		} else if (random_next(&random) % 2) {
			slot = psw_freelist_take_most_worn(&bench->freelist);
			if (slot != PSW_SLOT_NONE)
				bench->inside[slot] = false;
		} else {
			psw_freelist_raise_floor(&bench->freelist,
						 bench_wear_min(bench));
		}
	}
}

static void order_is_exact_while_the_ring_wraps_many_times(void **state)
{
	struct bench *bench = *state;
	u32 rounds, slot;

	/* With few slots, their wear wraps around the ring soon. */
	for (slot = 0; slot < 64; slot++)
		bench_add(bench, slot);
	for (rounds = 0; rounds < 20000; rounds++) {
		slot = psw_freelist_take(&bench->freelist);
		bench->inside[slot] = false;
		bench->info[slot].wear += 1 + rounds % 97;
		if (rounds % 64 == 0) {
			u32 least = bench->info[0].wear;
			u32 i;

			for (i = 0; i < 64; i++)
				least = min(least, bench->info[i].wear);
			psw_freelist_raise_floor(&bench->freelist, least);
		}
		bench_add(bench, slot);
		if (rounds % 16 == 0) {
			slot = bench_take(bench);
			bench_add(bench, slot);
		}
	}
	assert_true(bench->info[0].wear > 3 * PSW_FREELIST_BUCKETS);
	assert_int_equal(bench->freelist.shift, 0);
}

static void random_streams_agree_with_a_plain_search(void **state)
{
	struct bench *bench = *state;

	bench_churn(bench, 11, 3, 20000);
	assert_int_equal(bench->freelist.shift, 0);
}

static void random_streams_of_wide_wear_keep_to_the_coarser_order(void **state)
{
	struct bench *bench = *state;

	bench_churn(bench, 12, 4000, 20000);
	assert_true(bench->freelist.shift > 0);
}

static void hostile_wears_are_all_taken_in_order_and_once(void **state)
{
	static const u32 wears[] = {
		0, 1, U32_MAX, U32_MAX - 1, 4095, 4096, 4097, 1u << 31,
		(1u << 31) - 1, 0, U32_MAX, 8191, 8192, 1u << 20,
	};
	struct bench *bench = *state;
	u64 before = 0;
	u32 slot;

	for (slot = 0; slot < ARRAY_SIZE(wears); slot++) {
		bench->info[slot].wear = wears[slot];
		bench_add(bench, slot);
	}
	assert_true(bench->freelist.shift <= 20);
	for (slot = 0; slot < ARRAY_SIZE(wears); slot++) {
		u32 taken = bench_take(bench);

		assert_true(taken != PSW_SLOT_NONE);
		assert_true(bench_key(bench, taken) >= before);
		before = bench_key(bench, taken);
	}
	assert_int_equal(bench->freelist.slots_nr, 0);
}

static void wear_that_starts_high_needs_no_coarser_order(void **state)
{
	struct bench *bench = *state;
	u32 slot;

	psw_freelist_destroy(&bench->freelist);
	for (slot = 0; slot < SLOTS; slot++)
		bench->info[slot].wear = U32_MAX - slot % PSW_FREELIST_BUCKETS;
	assert_int_equal(psw_freelist_init(&bench->freelist, bench->info,
					   U32_MAX - PSW_FREELIST_BUCKETS + 1), 0);
	for (slot = 0; slot < SLOTS; slot++)
		bench_add(bench, slot);
	assert_int_equal(bench->freelist.shift, 0);
	for (slot = 0; slot < SLOTS; slot++)
		bench_take(bench);
}

static void a_free_list_gets_no_coarser_than_its_wear_needs(void **state)
{
	struct bench *bench = *state;
	u64 random = 3;
	unsigned int i;

	for (i = 0; i < SLOTS; i++) {
		bench->info[i].wear = random_next(&random) >> (32 + i % 32);
		bench_add(bench, i);
	}
	/* The widest wear has 32 bits, and the ring covers 12 of them. */
	assert_int_equal(bench->freelist.shift, 20);
	for (i = 0; i < SLOTS; i++)
		bench_take(bench);
}

/* A wear just beyond the ring makes each two buckets one. */
static void coarsening_joins_buckets_and_keeps_their_order(void **state)
{
	struct bench *bench = *state;
	u32 slot, i;

	for (i = 0; i < 4; i++)
		for (slot = 0; slot < 1000; slot++) {
			bench->info[i * 1000 + slot].wear = slot;
			bench_add(bench, i * 1000 + slot);
		}
	bench->info[4000].wear = PSW_FREELIST_BUCKETS;
	bench_add(bench, 4000);
	assert_int_equal(bench->freelist.shift, 1);
	assert_int_equal(bench->freelist.slots_nr, 4001);
	for (slot = 0; slot < 1000; slot++)
		for (i = 0; i < 4; i++)
			assert_int_equal(psw_freelist_take(&bench->freelist),
					 i * 1000 + slot);
	assert_int_equal(psw_freelist_take(&bench->freelist), 4000);
}

static void a_raised_floor_never_sinks(void **state)
{
	struct bench *bench = *state;

	psw_freelist_raise_floor(&bench->freelist, 100);
	assert_int_equal(bench->freelist.floor, 100);
	psw_freelist_raise_floor(&bench->freelist, 50);
	assert_int_equal(bench->freelist.floor, 100);
	bench->info[0].wear = 100 + PSW_FREELIST_BUCKETS - 1;
	bench_add(bench, 0);
	assert_int_equal(bench->freelist.shift, 0);
	bench->info[1].wear = 100 + PSW_FREELIST_BUCKETS;
	bench_add(bench, 1);
	assert_int_equal(bench->freelist.shift, 1);
	assert_int_equal(bench->freelist.floor, 50);
}

static void a_free_list_without_memory_is_not_made(void **state)
{
	struct psw_freelist freelist;
	struct bench *bench = *state;
	unsigned int nth;

	for (nth = 1; nth <= 2; nth++) {
		shim_alloc_fail(nth, false);
		assert_int_equal(psw_freelist_init(&freelist, bench->info, 0),
				 -ENOMEM);
		assert_true(shim_alloc_failed());
	}
	shim_alloc_fail(0, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		bench_test(an_empty_free_list_has_nothing_to_take),
		bench_test(slots_of_equal_wear_are_taken_in_the_order_they_came),
		bench_test(the_least_worn_slot_is_taken_first),
		bench_test(the_most_worn_slot_is_reported_and_taken),
		bench_test(order_is_exact_while_the_ring_wraps_many_times),
		bench_test(random_streams_agree_with_a_plain_search),
		bench_test(random_streams_of_wide_wear_keep_to_the_coarser_order),
		bench_test(hostile_wears_are_all_taken_in_order_and_once),
		bench_test(wear_that_starts_high_needs_no_coarser_order),
		bench_test(a_free_list_gets_no_coarser_than_its_wear_needs),
		bench_test(coarsening_joins_buckets_and_keeps_their_order),
		bench_test(a_raised_floor_never_sinks),
		bench_test(a_free_list_without_memory_is_not_made),
	};

	return rig_main("free list", tests);
}
