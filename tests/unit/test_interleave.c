// SPDX-License-Identifier: GPL-2.0
/*
 * test_interleave.c - two threads on one page, in every order of their steps
 *
 * Threads that race freely meet rare orders rarely. Here one thread runs at a time;
 * see schedule.c. All orders with up to three switches are tried. Where there are
 * too many, every n-th is tried. Most tests use no checksums, so that the copies of
 * the shim are interrupted. Reordering of memory accesses is not covered.
 */
#include "schedule.h"

#define PAGE_P		1ull
#define PAGE_Q		2ull
#define COLD_PAGE	100ull

/* Result of load_p(). */
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

/* The slot of P is reused for Q, then for P again. */
static void reuse_slot_for_q(struct rig *rig)
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

/* Leave few slots free, so that a slot is reused at once. */
static void fill_until(struct rig *rig, u32 left)
{
	u64 offset;

	for (offset = COLD_PAGE; rig_free_nr(rig) > left; offset++)
		assert_int_equal(rig_store(rig, offset, offset), 0);
}

/* Sum of the wear when the region was opened. */
static u64 wear_before;

/* Each slot must be used, free or retired. */
static const char *check_sums(struct rig *rig)
{
	const struct psw_slots *slots = &rig->region->slots;
	u32 used = 0, slot;

	for (slot = 0; slot < slots->slots_nr; slot++) {
		if (slots->info[slot].state == PSW_SLOT_MOVING)
			return "a slot stays in state MOVING";
		used += slots->info[slot].state == PSW_SLOT_USED;
	}
	if (used + rig_free_nr(rig) + atomic_read(&slots->bad_nr) != slots->slots_nr)
		return "slots do not add up";
	if (wear_before + rig_stat(rig, PSW_STAT_SLOT_WRITES) != rig_wear_sum(rig))
		return "wear does not add up";
	return NULL;
}

/* The load must return P in a version up to @newest, or the error @allowed. */
static const char *check_load(int allowed, u64 newest)
{
	u64 version;

	if (load_error)
		return load_error == allowed ? NULL : "a load failed";
	if (!page_whole(&load_page, PAGE_P, &version))
		return "a mix of two pages";
	return version <= newest ? NULL : "a version that was never stored";
}

static const char *check_p(struct rig *rig, u64 least, u64 most)
{
	struct page_buffer page;
	u64 version;

	if (psw_load(rig->area, PAGE_P, &page))
		return "the page cannot be loaded";
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

static const char *check_load_and_reuse(struct rig *rig)
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

static void explore(struct rig *rig, bool verify, const struct schedule *schedule,
		    unsigned int depth, unsigned int stride)
{
	unsigned long orders;

	rig->options.verify = verify;
	rig->options.wear_mode = PSW_WEAR_DYNAMIC;
	rig_open(rig);
	wear_before = 0;
	fill_until(rig, 2);
	orders = schedule_explore(rig, schedule, depth, stride);
	assert_true(orders > 100);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 0);
}

/*
 * P cannot be read. A new store of P must not be reported lost. Each loss retires a
 * slot, so the region is formatted again when few slots are left.
 */
static void prepare_damaged(struct rig *rig)
{
	shim_pmem_heal();
	if (rig_free_nr(rig) < 100) {
		rig_lose_power(rig);
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
		wrong = "the damaged page was returned";
	if (!wrong)
		wrong = check_p(rig, 1, 1);
	return wrong ? wrong : check_sums(rig);
}

static void a_damaged_page_stored_again_is_not_lost(void **state)
{
	static const struct schedule schedule = {
		prepare_damaged, { load_p, store_p_once }, check_damaged_and_store
	};
	struct rig *rig = *state;

	rig->options.verify = false;
	rig_open(rig);
	wear_before = 0;
	assert_true(schedule_explore(rig, &schedule, 3, 1) > 100);
	assert_true(rig_stat(rig, PSW_STAT_LOST) > 10);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST),
			 atomic_read(&rig->region->slots.bad_nr));
}

static void a_load_between_two_stores_finds_one_version(void **state)
{
	static const struct schedule schedule = {
		prepare_p, { load_p, store_p_twice }, check_load_and_two_stores
	};

	explore(*state, false, &schedule, 3, 1);
}

static void a_load_while_the_slot_is_reused_finds_its_page_or_none(void **state)
{
	static const struct schedule schedule = {
		prepare_p, { load_p, reuse_slot_for_q }, check_load_and_reuse
	};

	explore(*state, false, &schedule, 3, 1);
}

static void an_overtaken_load_reports_no_loss(void **state)
{
	static const struct schedule schedule = {
		prepare_p, { load_p, reuse_slot_for_q }, check_load_and_reuse
	};

	explore(*state, true, &schedule, 3, 7);
}

static void two_stores_leave_one_of_their_pages(void **state)
{
	static const struct schedule schedule = {
		prepare_p, { store_p_once, store_p_again }, check_two_stores
	};

	explore(*state, false, &schedule, 3, 1);
}

static void a_store_and_an_invalidate_leave_the_page_or_none(void **state)
{
	static const struct schedule schedule = {
		prepare_p, { store_p_once, invalidate_p },
		check_store_and_invalidate
	};

	explore(*state, false, &schedule, 3, 1);
}

/* P is a zero page, then a page in a slot, then a zero page again. */

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

static void a_load_of_a_replaced_zero_page_finds_the_old_or_the_new(void **state)
{
	static const struct schedule schedule = {
		prepare_zero, { load_p, store_p_and_zero_again }, check_zero
	};

	explore(*state, false, &schedule, 3, 1);
}

/* A move takes P, a cold page, to a worn slot. */

static u32 move_slot;

static void prepare_move(struct rig *rig)
{
	psw_invalidate_page(rig->area, PAGE_Q);
	if (rig_slot_of(rig, PAGE_P) == PSW_SLOT_NONE)
		assert_int_equal(rig_store(rig, PAGE_P, 0), 0);
	assert_int_equal(rig_store(rig, PAGE_P, 0), 0);
	/* P is cold, and its slot is chosen. */
	move_slot = rig_slot_of(rig, PAGE_P);
	steer_rounds(rig, 1);
	steer_choose(rig, move_slot);
	load_error = 1;
}

/*
 * The part of the sweep that other threads can observe. Before it, the sweep only
 * reads slots and writes the table.
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

static const char *check_move_and_reuse(struct rig *rig)
{
	const char *wrong = check_p(rig, 1, 1);

	return wrong ? wrong : check_sums(rig);
}

static const char *check_move_and_invalidate(struct rig *rig)
{
	struct page_buffer page;

	if (psw_load(rig->area, PAGE_P, &page) != -ENOENT)
		return "an invalidated page can be loaded";
	return check_sums(rig);
}

/*
 * Few slots hold pages, and many free slots are worn. So P is the only page that
 * wear levelling can choose.
 */
static void explore_move(struct rig *rig, const struct schedule *schedule,
			 unsigned int depth, unsigned int stride)
{
	unsigned long orders;
	u32 slot;

	rig->options.verify = false;
	rig->options.wl_gap = 1;
	rig_open(rig);
	/* Free slots are worn far more than the slot of P can become. */
	for (slot = 0; slot < rig->region->slots.slots_nr; slot++)
		rig->region->slots.info[slot].wear = slot % 2 ? 0 : 3000;
	assert_int_equal(rig_close(rig), 0);
	rig_open(rig);
	wear_before = rig_wear_sum(rig);
	orders = schedule_explore(rig, schedule, depth, stride);
	assert_true(orders > 100);
	/* Without moves the test would show nothing. */
	assert_true(rig_stat(rig, PSW_STAT_MOVES) > 20);
}

static void a_load_while_its_page_moves_finds_it(void **state)
{
	static const struct schedule schedule = {
		prepare_move, { move, load_p }, check_move_and_load
	};

	explore_move(*state, &schedule, 3, 1);
}

static void a_store_while_the_page_moves_is_not_undone(void **state)
{
	static const struct schedule schedule = {
		prepare_move, { move, store_p_twice }, check_move_and_stores
	};

	explore_move(*state, &schedule, 3, 3);
}

static void a_page_stored_again_while_it_moves_is_not_undone(void **state)
{
	static const struct schedule schedule = {
		prepare_move, { move, reuse_slot_for_q }, check_move_and_reuse
	};

	explore_move(*state, &schedule, 3, 5);
}

static void an_invalidate_while_the_page_moves_is_not_undone(void **state)
{
	static const struct schedule schedule = {
		prepare_move, { move, invalidate_p }, check_move_and_invalidate
	};

	explore_move(*state, &schedule, 3, 1);
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
		interleave_test(a_load_while_the_slot_is_reused_finds_its_page_or_none),
		interleave_test(an_overtaken_load_reports_no_loss),
		interleave_test(two_stores_leave_one_of_their_pages),
		interleave_test(a_store_and_an_invalidate_leave_the_page_or_none),
		interleave_test(a_damaged_page_stored_again_is_not_lost),
		interleave_test(a_load_of_a_replaced_zero_page_finds_the_old_or_the_new),
		interleave_test(a_load_while_its_page_moves_finds_it),
		interleave_test(a_store_while_the_page_moves_is_not_undone),
		interleave_test(a_page_stored_again_while_it_moves_is_not_undone),
		interleave_test(an_invalidate_while_the_page_moves_is_not_undone),
	};

	return rig_main("interleave", tests);
}
