// SPDX-License-Identifier: GPL-2.0
/*
 * test_midmove.c - what may happen in the middle of a move
 *
 * It happens each time at the same place: the mover has read a page, has written
 * the first line of its copy, and has yet to write the rest and to publish it.
 */
#include <linux/rcupdate.h>
#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cold.h"

#define COLD_SLOTS	300u
#define NEW_VERSION	77777ull
#define FOREIGN_AREA	3u

/**
 * struct ambush - what happens in the middle of the next move
 * @rig: the region
 * @area: the area whose page is moved
 * @slot: the slot whose block the sweep goes past
 * @strike: what happens, in the thread of the mover: what was wrong, or NULL
 * @struck: it has happened
 * @wrong: what was wrong with it
 * @page: the page on the move
 * @from: its slot
 * @to: the slot it is copied to
 * @thread: for what the thread of the mover may not do
 * @beside: @thread goes on beside the mover
 */
struct ambush {
	struct rig *rig;
	struct psw_area *area;
	u32 slot;
	const char *(*strike)(struct ambush *ambush);
	bool struck;
	const char *wrong;
	u64 page;
	u32 from;
	u32 to;
	pthread_t thread;
	bool beside;
};

static void ambush_store(void *context, void *dst, const void *src, size_t bytes)
{
	struct ambush *ambush = context;
	char *data = rig_slot_addr(ambush->rig, 0);

	memcpy(dst, src, bytes);
	if (ambush->struck || (char *)dst < data)
		return;
	ambush->struck = true;
	/* A page says its number. */
	ambush->page = *(const u64 *)src;
	ambush->from = psw_entry_slot(*psw_index_find(ambush->area, ambush->page));
	ambush->to = ((char *)dst - data) / PSW_MEDIA_SLOT_BYTES;
	ambush->wrong = ambush->strike(ambush);
}

static void ambush_fence(void *context)
{
}

/* Let the mover run into it: how many pages it moved. */
static unsigned int ambush_run(struct ambush *ambush)
{
	const struct shim_pmem_observer observer = {
		ambush_store, ambush_fence, ambush
	};
	unsigned int moved;

	shim_pmem_observe(&observer);
	moved = steer_one_move(ambush->rig, ambush->slot);
	shim_pmem_observe(NULL);
	if (ambush->beside)
		pthread_join(ambush->thread, NULL);
	assert_true(ambush->struck);
	if (ambush->wrong)
		fail_msg("%s", ambush->wrong);
	return moved;
}

/* A region where a page is about to move, and an ambush for it. */
static struct ambush ambush_lay(struct rig *rig,
				const char *(*strike)(struct ambush *ambush))
{
	open_with_cold_slots(rig, COLD_SLOTS);
	return (struct ambush) {
		.rig = rig, .area = rig->area, .strike = strike,
		.slot = rig_slot_of(rig, COLD_PAGE),
	};
}

/* The page: its own thread may do this to it at any time */

static const char *strike_load(struct ambush *ambush)
{
	struct page_buffer buffer;

	return psw_load(ambush->area, ambush->page, &buffer) ||
	       !page_is(&buffer, ambush->page, ambush->page - COLD_PAGE) ?
	       "the page cannot be loaded" : NULL;
}

static void a_page_can_be_loaded_in_the_middle_of_its_move(void **state)
{
	struct ambush ambush = ambush_lay(*state, strike_load);

	assert_int_equal(ambush_run(&ambush), 1);
	assert_int_equal(rig_slot_of(ambush.rig, ambush.page), ambush.to);
	assert_cold(ambush.rig, COLD_SLOTS);
	assert_sound(ambush.rig, COLD_SLOTS + 1);
}

static const char *strike_invalidate(struct ambush *ambush)
{
	psw_invalidate_page(ambush->area, ambush->page);
	return NULL;
}

static void a_page_dropped_in_the_middle_of_its_move_stays_dropped(void **state)
{
	struct ambush ambush = ambush_lay(*state, strike_invalidate);

	assert_int_equal(ambush_run(&ambush), 0);
	rig_assert_fails(ambush.rig, ambush.page, -ENOENT);
	assert_sound(ambush.rig, COLD_SLOTS);
}

static const char *strike_store(struct ambush *ambush)
{
	return rig_store(ambush->rig, ambush->page, NEW_VERSION) ?
	       "the page cannot be stored" : NULL;
}

static void a_page_stored_in_the_middle_of_its_move_is_the_new_one(void **state)
{
	struct ambush ambush = ambush_lay(*state, strike_store);

	assert_int_equal(ambush_run(&ambush), 0);
	rig_assert_holds(ambush.rig, ambush.page, NEW_VERSION);
	assert_sound(ambush.rig, COLD_SLOTS + 1);
}

static const char *strike_replace(struct ambush *ambush)
{
	psw_invalidate_page(ambush->area, ambush->page);
	return strike_store(ambush);
}

static void a_page_dropped_and_stored_in_the_middle_of_its_move_is_the_new_one(void **state)
{
	struct ambush ambush = ambush_lay(*state, strike_replace);

	assert_int_equal(ambush_run(&ambush), 0);
	rig_assert_holds(ambush.rig, ambush.page, NEW_VERSION);
	assert_sound(ambush.rig, COLD_SLOTS + 1);
}

static const char *strike_store_zero(struct ambush *ambush)
{
	return rig_store_zero(ambush->rig, ambush->page) ?
	       "the page cannot be stored" : NULL;
}

static void a_page_that_needs_no_slot_any_more_gets_none(void **state)
{
	struct ambush ambush = ambush_lay(*state, strike_store_zero);

	assert_int_equal(ambush_run(&ambush), 0);
	rig_assert_holds_zero(ambush.rig, ambush.page);
	assert_sound(ambush.rig, COLD_SLOTS);
}

/* Its slot */

/* The page is dropped, and every slot there is written. */
static const char *strike_drop_and_fill(struct ambush *ambush)
{
	struct rig *rig = ambush->rig;
	u64 offset = OTHER_PAGE;

	psw_invalidate_page(ambush->area, ambush->page);
	for (; !rig_store(rig, offset, offset); offset++)
		if (rig_slot_of(rig, offset) == ambush->from)
			return "the slot was written while the mover reads it";
	return NULL;
}

static void a_slot_is_not_written_anew_while_the_mover_reads_it(void **state)
{
	struct ambush ambush = ambush_lay(*state, strike_drop_and_fill);

	assert_int_equal(ambush_run(&ambush), 0);
	rig_assert_fails(ambush.rig, ambush.page, -ENOENT);
	/* It is free now, and so is the one that was to take the page. */
	assert_int_equal(rig_free_nr(ambush.rig), 2);
}

static const char *strike_lose(struct ambush *ambush)
{
	struct page_buffer buffer;
	int err;

	shim_pmem_poison(rig_slot_addr(ambush->rig, ambush->from), 1);
	err = psw_load(ambush->area, ambush->page, &buffer);
	shim_pmem_heal();
	return err == -EIO ? NULL : "a page that cannot be read was loaded";
}

static void a_page_lost_in_the_middle_of_its_move_is_lost_for_good(void **state)
{
	struct ambush ambush = ambush_lay(*state, strike_lose);
	struct rig *rig = ambush.rig;

	assert_int_equal(ambush_run(&ambush), 0);
	rig_assert_fails(rig, ambush.page, -EIO);
	assert_int_equal(slot_at(rig, ambush.from)->state, PSW_SLOT_BAD);
	assert_int_equal(atomic_read(&rig->region->slots.bad_nr), 1);
	psw_invalidate_page(rig->area, ambush.page);
	assert_sound(rig, COLD_SLOTS);
	assert_int_equal(slot_at(rig, ambush.from)->state, PSW_SLOT_BAD);
}

/* Its area */

/*
 * Whether a grace period could end now: asked in a process of its own, which the
 * shim ends if this thread is inside rcu_read_lock().
 */
static bool grace_period_may_end(void)
{
	int status;
	pid_t child = fork();

	if (!child) {
		close(STDERR_FILENO);
		synchronize_rcu();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status);
}

/*
 * Begin something that has to wait for a grace period once @link is cut. It goes
 * as far as it can: to its end, if nothing holds the grace period up.
 */
static const char *strike_beside(struct ambush *ambush, void *(*work)(void *),
				 void *const *link)
{
	ambush->beside = !grace_period_may_end();
	if (pthread_create(&ambush->thread, NULL, work, ambush))
		return "no thread could be made";
	if (!ambush->beside)
		pthread_join(ambush->thread, NULL);
	while (READ_ONCE(*link))
		sched_yield();
	return NULL;
}

static void *invalidate_area(void *argument)
{
	struct ambush *ambush = argument;

	psw_invalidate_area(ambush->area);
	return NULL;
}

static const char *strike_invalidate_area(struct ambush *ambush)
{
	return strike_beside(ambush, invalidate_area,
			     (void **)&ambush->area->node[ambush->page /
							  PSW_NODE_PAGES]);
}

static void the_pages_of_an_area_may_go_in_the_middle_of_a_move(void **state)
{
	struct ambush ambush = ambush_lay(*state, strike_invalidate_area);

	ambush_run(&ambush);
	assert_int_equal(rig_stat(ambush.rig, PSW_STAT_PAGES), 0);
	rig_assert_fails(ambush.rig, ambush.page, -ENOENT);
	assert_sound(ambush.rig, 0);
}

static void *destroy_area(void *argument)
{
	struct ambush *ambush = argument;

	psw_area_unbind(ambush->area);
	psw_area_destroy(ambush->area);
	return NULL;
}

static const char *strike_destroy_area(struct ambush *ambush)
{
	return strike_beside(ambush, destroy_area,
			     (void **)&ambush->rig->region->foreign[FOREIGN_AREA]);
}

static void an_area_may_go_altogether_in_the_middle_of_a_move(void **state)
{
	struct rig *rig = *state;
	struct ambush ambush = { .rig = rig, .strike = strike_destroy_area };
	struct page_buffer buffer;

	rig_open(rig);
	ambush.area = psw_area_create(FOREIGN_AREA);
	assert_true(psw_area_bind(ambush.area, rig->region));
	page_fill(&buffer, COLD_PAGE, 0);
	assert_int_equal(psw_store(ambush.area, COLD_PAGE, &buffer, GFP_NOWAIT), 0);
	ambush.slot = psw_entry_slot(*psw_index_find(ambush.area, COLD_PAGE));
	hammer(rig, (GAP + 4) * slots_nr(rig));
	steer_rounds(rig, GAP + 4);

	ambush_run(&ambush);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 1);
	assert_sound(rig, 1);
}

/* The table */

static const struct psw_media_entry *
entry_of(const struct psw_media_table_block *block, u32 slot)
{
	return &block->entry[slot % PSW_MEDIA_ENTRIES_PER_BLOCK];
}

static bool is_entry_of_page(const struct ambush *ambush,
			     const struct psw_media_entry *entry, u16 flags)
{
	return le16_to_cpu(entry->flags) == flags &&
	       le32_to_cpu(entry->owner_page) == ambush->page;
}

/* What is on the medium by now, in the copy that is not in force yet. */
static const char *strike_look_at_mark(struct ambush *ambush)
{
	const struct psw_media_table_block *block =
		rig_table_block(ambush->rig, 0,
				ambush->from / PSW_MEDIA_ENTRIES_PER_BLOCK);

	return is_entry_of_page(ambush, entry_of(block, ambush->from),
				PSW_MEDIA_SLOT_USED | PSW_MEDIA_SLOT_LEAVING) ?
	       NULL : "the medium does not know that the page is about to move";
}

static void a_page_is_marked_on_the_medium_before_it_moves(void **state)
{
	struct ambush ambush = ambush_lay(*state, strike_look_at_mark);

	assert_int_equal(ambush_run(&ambush), 1);
	assert_cold(ambush.rig, COLD_SLOTS);
	assert_sound(ambush.rig, COLD_SLOTS + 1);
}

static const char *strike_fill_block(struct ambush *ambush)
{
	struct psw_media_table_block block;

	psw_table_block_fill(ambush->rig->region,
			     ambush->from / PSW_MEDIA_ENTRIES_PER_BLOCK, &block);
	return is_entry_of_page(ambush, entry_of(&block, ambush->from),
				PSW_MEDIA_SLOT_USED) ?
	       NULL : "the table does not know the page on the move";
}

static void a_table_made_in_the_middle_of_a_move_knows_the_page(void **state)
{
	struct ambush ambush = ambush_lay(*state, strike_fill_block);

	assert_int_equal(ambush_run(&ambush), 1);
	assert_sound(ambush.rig, COLD_SLOTS + 1);
}

static void *checkpoint(void *argument)
{
	struct ambush *ambush = argument;

	if (rig_checkpoint(ambush->rig))
		ambush->wrong = "the checkpoint failed";
	return NULL;
}

/* It waits for the sweep, so the sweep must not wait for it. */
static const char *strike_checkpoint(struct ambush *ambush)
{
	ambush->beside = true;
	return pthread_create(&ambush->thread, NULL, checkpoint, ambush) ?
	       "no thread could be made" : NULL;
}

static void a_checkpoint_begun_in_the_middle_of_a_move_sees_its_end(void **state)
{
	struct ambush ambush = ambush_lay(*state, strike_checkpoint);
	struct rig *rig = ambush.rig;
	struct psw_media_entry *table;

	assert_int_equal(ambush_run(&ambush), 1);
	table = rig_table(rig);
	assert_true(is_entry_of_page(&ambush, &table[ambush.to],
				     PSW_MEDIA_SLOT_USED));
	assert_int_equal(le16_to_cpu(table[ambush.from].flags), 0);
	free(table);
	assert_cold(rig, COLD_SLOTS);
	assert_sound(rig, COLD_SLOTS + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cold_test(a_page_can_be_loaded_in_the_middle_of_its_move),
		cold_test(a_page_dropped_in_the_middle_of_its_move_stays_dropped),
		cold_test(a_page_stored_in_the_middle_of_its_move_is_the_new_one),
		cold_test(a_page_dropped_and_stored_in_the_middle_of_its_move_is_the_new_one),
		cold_test(a_page_that_needs_no_slot_any_more_gets_none),
		cold_test(a_slot_is_not_written_anew_while_the_mover_reads_it),
		cold_test(a_page_lost_in_the_middle_of_its_move_is_lost_for_good),
		cold_test(the_pages_of_an_area_may_go_in_the_middle_of_a_move),
		cold_test(an_area_may_go_altogether_in_the_middle_of_a_move),
		cold_test(a_page_is_marked_on_the_medium_before_it_moves),
		cold_test(a_table_made_in_the_middle_of_a_move_knows_the_page),
		cold_test(a_checkpoint_begun_in_the_middle_of_a_move_sees_its_end),
	};

	return rig_main("midmove", tests);
}
