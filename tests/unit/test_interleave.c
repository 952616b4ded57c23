// SPDX-License-Identifier: GPL-2.0
/*
 * test_interleave.c - two threads, and every order of their steps
 *
 * Threads that race by chance meet the rare orders rarely. Here one runs at a
 * time, see scene.c, and all orders with up to three changes are gone through, one
 * by one, or where they are many a regular part of them. Most tests do without
 * checksums, for the shim's copies to be changed in the middle. What the order of
 * memory may do on top of that is not covered.
 */
#include "scene.h"

#define PAGE_P		1ull
#define PAGE_Q		2ull
#define COLD_PAGE	100ull

/* What the actors found */
static int load_error;
static struct page_buffer load_page;

static void load_p(struct rig *rig)
{
	load_error = psw_load(rig->area, PAGE_P, &load_page);
}

static void store_p_twice(struct rig *rig)
{
	rig_store(rig, PAGE_P, 1);
	rig_store(rig, PAGE_P, 2);
}

static void store_p_once(struct rig *rig)
{
	rig_store(rig, PAGE_P, 1);
}

static void store_p_again(struct rig *rig)
{
	rig_store(rig, PAGE_P, 2);
}

static void invalidate_p(struct rig *rig)
{
	psw_invalidate_page(rig->area, PAGE_P);
}

/* The slot of P goes to Q and back to P. */
static void lend_slot_to_q(struct rig *rig)
{
	psw_invalidate_page(rig->area, PAGE_P);
	rig_store(rig, PAGE_Q, 7);
	psw_invalidate_page(rig->area, PAGE_Q);
	rig_store(rig, PAGE_P, 1);
}

static void prepare_p(struct rig *rig)
{
	psw_invalidate_page(rig->area, PAGE_Q);
	assert_int_equal(rig_store(rig, PAGE_P, 0), 0);
	load_error = 1;
}

/* One free slot more than pages, and one CPU: a slot comes back at once. */
static void crowd(struct rig *rig, u32 left)
{
	u64 offset;

	for (offset = COLD_PAGE; rig_free_nr(rig) > left; offset++)
		assert_int_equal(rig_store(rig, offset, offset), 0);
}

/* Wear that the region was opened with. */
static u64 wear_before;

/* No slot lost or doubled: pages in slots, free and retired ones make all. */
static const char *check_sums(struct rig *rig)
{
	const struct psw_slots *slots = &rig->region->slots;
	u32 used = 0, slot;

	for (slot = 0; slot < slots->slots_nr; slot++) {
		if (slots->info[slot].state == PSW_SLOT_MOVING)
			return "a slot is on the move for ever";
		used += slots->info[slot].state == PSW_SLOT_USED;
	}
	if (used + rig_free_nr(rig) + atomic_read(&slots->bad_nr) != slots->slots_nr)
		return "slots do not add up";
	if (wear_before + rig_stat(rig, PSW_STAT_SLOT_WRITES) != rig_wear_sum(rig))
		return "wear does not add up";
	return NULL;
}

/* The load gave P in one of its versions up to @newest, or what is allowed. */
static const char *check_load(int allowed, u64 newest)
{
	u64 version;

	if (load_error)
		return load_error == allowed ? NULL : "a load failed";
	if (!page_whole(&load_page, PAGE_P, &version))
		return "a page made of two";
	return version <= newest ? NULL : "a page that never was";
}

static const char *check_p(struct rig *rig, u64 least, u64 most)
{
	struct page_buffer page;
	u64 version;

	if (psw_load(rig->area, PAGE_P, &page))
		return "the page is gone";
	if (!page_whole(&page, PAGE_P, &version) || version < least ||
	    version > most)
		return "the page is not what was stored last";
	return NULL;
}

static const char *check_load_and_two_stores(struct rig *rig)
{
	const char *wrong = check_load(0, 2);

	if (!wrong)
		wrong = check_p(rig, 2, 2);
	return wrong ? wrong : check_sums(rig);
}

static const char *check_load_and_lending(struct rig *rig)
{
	const char *wrong = check_load(-ENOENT, 1);

	if (!wrong)
		wrong = check_p(rig, 1, 1);
	return wrong ? wrong : check_sums(rig);
}

static const char *check_two_stores(struct rig *rig)
{
	const char *wrong = check_p(rig, 1, 2);

	return wrong ? wrong : check_sums(rig);
}

static const char *check_store_and_invalidate(struct rig *rig)
{
	struct page_buffer page;
	int err = psw_load(rig->area, PAGE_P, &page);

	if (err != -ENOENT && (err || !page_is(&page, PAGE_P, 1)))
		return "neither the new page nor none";
	return check_sums(rig);
}

static void explore(struct rig *rig, bool verify, const struct scene *of,
		    unsigned int depth, unsigned int stride)
{
	unsigned long orders;

	rig->options.verify = verify;
	rig->options.wear_mode = PSW_WEAR_DYNAMIC;
	rig_open(rig);
	wear_before = 0;
	crowd(rig, 2);
	orders = scene_explore(rig, of, depth, stride);
	assert_true(orders > 100);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 0);
}

/*
 * The page cannot be read; whoever stores it anew must not lose it to that. Each
 * loss costs a slot, so now and then a fresh region is due.
 */
static void prepare_damaged(struct rig *rig)
{
	shim_pmem_heal();
	if (rig_free_nr(rig) < 100) {
		rig_cut(rig);
		format_region(rig->pmem.addr, rig->pmem.bytes);
		rig_open(rig);
	}
	prepare_p(rig);
	shim_pmem_poison(rig_slot_addr(rig, rig_slot_of(rig, PAGE_P)), 8);
}

static const char *check_damaged_and_store(struct rig *rig)
{
	const char *wrong = check_load(-EIO, 1);

	if (!wrong && !load_error && load_page.word[1] != 1)
		wrong = "the damaged page was given out";
	if (!wrong)
		wrong = check_p(rig, 1, 1);
	return wrong ? wrong : check_sums(rig);
}

static void a_damaged_page_stored_anew_is_not_lost(void **state)
{
	static const struct scene scene = {
		prepare_damaged, { load_p, store_p_once }, check_damaged_and_store
	};
	struct rig *rig = *state;

	rig->options.verify = false;
	rig_open(rig);
	wear_before = 0;
	assert_true(scene_explore(rig, &scene, 3, 1) > 100);
	assert_true(rig_stat(rig, PSW_STAT_LOST) > 10);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST),
			 atomic_read(&rig->region->slots.bad_nr));
}

static void a_load_between_two_stores_finds_one_version(void **state)
{
	static const struct scene scene = {
		prepare_p, { load_p, store_p_twice }, check_load_and_two_stores
	};

	explore(*state, false, &scene, 3, 1);
}

static void a_load_while_the_slot_is_lent_finds_its_page_or_none(void **state)
{
	static const struct scene scene = {
		prepare_p, { load_p, lend_slot_to_q }, check_load_and_lending
	};

	explore(*state, false, &scene, 3, 1);
}

static void a_load_that_was_overtaken_calls_no_page_lost(void **state)
{
	static const struct scene scene = {
		prepare_p, { load_p, lend_slot_to_q }, check_load_and_lending
	};

	explore(*state, true, &scene, 3, 7);
}

static void of_two_stores_one_is_last(void **state)
{
	static const struct scene scene = {
		prepare_p, { store_p_once, store_p_again }, check_two_stores
	};

	explore(*state, false, &scene, 3, 1);
}

static void a_store_and_an_invalidate_leave_the_page_or_none(void **state)
{
	static const struct scene scene = {
		prepare_p, { store_p_once, invalidate_p },
		check_store_and_invalidate
	};

	explore(*state, false, &scene, 3, 1);
}

/* A load of P, a zero page, while P becomes a page in a slot and back. */

static void prepare_zero(struct rig *rig)
{
	psw_invalidate_page(rig->area, PAGE_Q);
	psw_invalidate_page(rig->area, PAGE_P);
	assert_int_equal(rig_store_zero(rig, PAGE_P), 0);
	load_error = 1;
}

static void store_p_and_zero_again(struct rig *rig)
{
	rig_store(rig, PAGE_P, 1);
	rig_store_zero(rig, PAGE_P);
}

static const char *check_zero(struct rig *rig)
{
	if (load_error)
		return "a load failed";
	if (!page_is_same(&load_page, 0) && !page_is(&load_page, PAGE_P, 1))
		return "neither zeros nor the page";
	return check_sums(rig);
}

static void a_load_of_a_zero_page_that_is_replaced_finds_one_or_the_other(void **state)
{
	static const struct scene scene = {
		prepare_zero, { load_p, store_p_and_zero_again }, check_zero
	};

	explore(*state, false, &scene, 3, 1);
}

/* The mover takes P, which has stayed, to a worn slot. */

static u32 move_slot;

static void prepare_move(struct rig *rig)
{
	psw_invalidate_page(rig->area, PAGE_Q);
	if (rig_slot_of(rig, PAGE_P) == PSW_SLOT_NONE)
		assert_int_equal(rig_store(rig, PAGE_P, 0), 0);
	assert_int_equal(rig_store(rig, PAGE_P, 0), 0);
	/* It is cold, and chosen. */
	move_slot = rig_slot_of(rig, PAGE_P);
	steer_rounds(rig, 1);
	steer_choose(rig, move_slot);
	load_error = 1;
}

/*
 * The sweep's part that others meet. What it does before, looking at each slot
 * of a block and writing that to the table, changes nothing that they look at.
 */
static void move(struct rig *rig)
{
	steer_move(rig, move_slot);
}

static const char *check_move_and_load(struct rig *rig)
{
	const char *wrong = check_load(0, 0);

	if (!wrong)
		wrong = check_p(rig, 0, 0);
	return wrong ? wrong : check_sums(rig);
}

static const char *check_move_and_stores(struct rig *rig)
{
	const char *wrong = check_p(rig, 2, 2);

	return wrong ? wrong : check_sums(rig);
}

static const char *check_move_and_lending(struct rig *rig)
{
	const char *wrong = check_p(rig, 1, 1);

	return wrong ? wrong : check_sums(rig);
}

static const char *check_move_and_invalidate(struct rig *rig)
{
	struct page_buffer page;

	if (psw_load(rig->area, PAGE_P, &page) != -ENOENT)
		return "an invalidated page is back";
	return check_sums(rig);
}

/*
 * Few slots with pages, many free and worn ones that lie in the free list: P is the
 * only page that the mover can want.
 */
static void explore_move(struct rig *rig, const struct scene *of,
			 unsigned int depth, unsigned int stride)
{
	unsigned long orders;
	u32 slot;

	rig->options.verify = false;
	rig->options.wl_gap = 1;
	rig_open(rig);
	/* Free slots are far more worn than that of P can become. */
	for (slot = 0; slot < rig->region->slots.slots_nr; slot++)
		rig->region->slots.info[slot].wear = slot % 2 ? 0 : 3000;
	assert_int_equal(rig_close(rig), 0);
	rig_open(rig);
	wear_before = rig_wear_sum(rig);
	orders = scene_explore(rig, of, depth, stride);
	assert_true(orders > 100);
	/* A mover that never moved would prove nothing. */
	assert_true(rig_stat(rig, PSW_STAT_MOVES) > 20);
}

static void a_load_while_its_page_moves_finds_it(void **state)
{
	static const struct scene scene = {
		prepare_move, { move, load_p }, check_move_and_load
	};

	explore_move(*state, &scene, 3, 1);
}

static void a_store_while_the_page_moves_is_not_undone(void **state)
{
	static const struct scene scene = {
		prepare_move, { move, store_p_twice }, check_move_and_stores
	};

	explore_move(*state, &scene, 3, 3);
}

static void a_page_stored_anew_while_it_moves_is_not_undone(void **state)
{
	static const struct scene scene = {
		prepare_move, { move, lend_slot_to_q }, check_move_and_lending
	};

	explore_move(*state, &scene, 3, 5);
}

static void an_invalidate_while_the_page_moves_is_not_undone(void **state)
{
	static const struct scene scene = {
		prepare_move, { move, invalidate_p }, check_move_and_invalidate
	};

	explore_move(*state, &scene, 3, 1);
}

static int interleave_setup(void **state)
{
	int err = rig_setup_closed(state);

	shim_cpus(1, false);
	return err;
}

static int interleave_teardown(void **state)
{
	int err;

	shim_delay_hook(NULL);
	err = rig_teardown(state);
	shim_cpus(2, false);
	return err;
}

#define interleave_test(test)	\
	cmocka_unit_test_setup_teardown(test, interleave_setup, \
					interleave_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		interleave_test(a_load_between_two_stores_finds_one_version),
		interleave_test(a_load_while_the_slot_is_lent_finds_its_page_or_none),
		interleave_test(a_load_that_was_overtaken_calls_no_page_lost),
		interleave_test(of_two_stores_one_is_last),
		interleave_test(a_store_and_an_invalidate_leave_the_page_or_none),
		interleave_test(a_damaged_page_stored_anew_is_not_lost),
		interleave_test(a_load_of_a_zero_page_that_is_replaced_finds_one_or_the_other),
		interleave_test(a_load_while_its_page_moves_finds_it),
		interleave_test(a_store_while_the_page_moves_is_not_undone),
		interleave_test(a_page_stored_anew_while_it_moves_is_not_undone),
		interleave_test(an_invalidate_while_the_page_moves_is_not_undone),
	};

	return rig_main("interleave", tests);
}
