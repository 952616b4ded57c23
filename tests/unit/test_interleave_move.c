// SPDX-License-Identifier: GPL-2.0
/*
 * test_interleave_move.c - a move and another thread, in every order of their steps
 *
 * See test_interleave.c.
 */
#include "interleave.h"

/* Slot of P, a cold page, before it moves to a worn slot. */
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
	loaded.error = 1;
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
static void open_worn(struct rig *rig)
{
	u32 slot;

	rig->options.verify = false;
	rig->options.wl_gap = 1;
	rig_open(rig);
	/* Free slots are worn far more than the slot of P can become. */
	for (slot = 0; slot < rig->region->slots.slots_nr; slot++)
		rig_set_wear(rig, slot, slot % 2 ? 0 : 3000);
	assert_int_equal(rig_close(rig), 0);
	interleave_open(rig);
}

static void explore_move(struct rig *rig, const struct schedule *schedule,
			 unsigned int depth, unsigned int stride)
{
	unsigned long orders;

	open_worn(rig);
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

/* P cannot be read, so the move gives up, and the load waits for that. */
static void prepare_damaged_move(struct rig *rig)
{
	shim_pmem_heal();
	prepare_move(rig);
	shim_pmem_poison(rig_slot_addr(rig, move_slot), 8);
}

static const char *check_damaged_move(struct rig *rig)
{
	if (loaded.error != -EIO)
		return "the damaged page was returned";
	if (rig_stat(rig, PSW_STAT_PAGES_LOST) != 1)
		return "one page was lost twice";
	return check_sums(rig);
}

static void a_damaged_page_is_lost_while_it_moves(void **state)
{
	static const struct schedule schedule = {
		prepare_damaged_move, { move, load_p }, check_damaged_move
	};
	struct rig *rig = *state;

	open_worn(rig);
	assert_true(schedule_explore(rig, &schedule, 3, 1) > 100);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), psw_region_bad_nr(rig->region));
	shim_pmem_heal();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		interleave_test(a_load_while_its_page_moves_finds_it),
		interleave_test(a_store_while_the_page_moves_is_not_undone),
		interleave_test(a_page_stored_again_while_it_moves_is_not_undone),
		interleave_test(a_damaged_page_is_lost_while_it_moves),
		interleave_test(an_invalidate_while_the_page_moves_is_not_undone),
	};

	return rig_main("interleave move", tests);
}
