// SPDX-License-Identifier: GPL-2.0
/*
 * test_interleave.c - two threads on one page, in every order of their steps
 *
 * Threads that race freely meet rare orders rarely. Here one thread runs at a time;
 * see schedule.c. All orders with up to three switches are tried. Where there are
 * too many, every n-th is tried. Most tests use no checksums, so that the copies of
 * the shim are interrupted. Reordering of memory accesses is not covered.
 */
#include "interleave.h"

static void store_p_again(struct rig *rig)
{
	rig_store(rig, PAGE_P, 2);
}

static void prepare_p(struct rig *rig)
{
	psw_invalidate_page(rig->area, PAGE_Q);
	assert_int_equal(rig_store(rig, PAGE_P, 0), 0);
	loaded.error = 1;
}

/* Leave few slots free, so that a slot is reused at once. */
static void fill_until(struct rig *rig, u32 left)
{
	u64 offset;

	for (offset = COLD_PAGE; rig_free_nr(rig) > left; offset++)
		assert_int_equal(rig_store(rig, offset, offset), 0);
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
	interleave_open(rig);
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

	if (!wrong && !loaded.error && loaded.page.word[1] != 1)
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
	interleave_open(rig);
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
	loaded.error = 1;
}

static void store_p_and_zero_again(struct rig *rig)
{
	rig_store(rig, PAGE_P, 1);
	rig_store_zero(rig, PAGE_P);
}

static const char *check_zero(struct rig *rig)
{
	if (loaded.error)
		return "a load failed";
	if (!page_is_same(&loaded.page, 0) && !page_is(&loaded.page, PAGE_P, 1))
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		interleave_test(a_damaged_page_stored_again_is_not_lost),
		interleave_test(a_load_between_two_stores_finds_one_version),
		interleave_test(a_load_while_the_slot_is_reused_finds_its_page_or_none),
		interleave_test(an_overtaken_load_reports_no_loss),
		interleave_test(two_stores_leave_one_of_their_pages),
		interleave_test(a_store_and_an_invalidate_leave_the_page_or_none),
		interleave_test(a_load_of_a_replaced_zero_page_finds_the_old_or_the_new),
	};

	return rig_main("interleave", tests);
}
