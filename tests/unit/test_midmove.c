// SPDX-License-Identifier: GPL-2.0
/*
 * test_midmove.c - operations on a page in the middle of its move
 */
#include <linux/rcupdate.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fault_point.h"

#define NEW_VERSION	77777ull
#define FOREIGN_AREA	3u

/* Operations on the page. */

static const char *inject_load(struct fault_point *point)
{
	struct page_buffer buffer;

	return psw_load(point->area, point->page, &buffer) ||
	       !page_is(&buffer, point->page, point->page - COLD_PAGE) ?
	       "the page cannot be loaded" : NULL;
}

static void a_page_can_be_loaded_during_its_move(void **state)
{
	struct fault_point point = fault_point_set(*state, inject_load);

	assert_int_equal(fault_point_run(&point), 1);
	assert_int_equal(rig_slot_of(point.rig, point.page), point.to);
	assert_cold(point.rig, COLD_SLOTS);
	assert_sound(point.rig, COLD_SLOTS + 1);
}

static const char *inject_invalidate(struct fault_point *point)
{
	psw_invalidate_page(point->area, point->page);
	return NULL;
}

static void a_page_invalidated_during_its_move_stays_invalidated(void **state)
{
	struct fault_point point = fault_point_set(*state, inject_invalidate);

	assert_int_equal(fault_point_run(&point), 0);
	rig_assert_fails(point.rig, point.page, -ENOENT);
	assert_sound(point.rig, COLD_SLOTS);
}

static const char *inject_store(struct fault_point *point)
{
	return rig_store(point->rig, point->page, NEW_VERSION) ?
	       "the page cannot be stored" : NULL;
}

static void a_page_stored_during_its_move_is_the_new_one(void **state)
{
	struct fault_point point = fault_point_set(*state, inject_store);

	assert_int_equal(fault_point_run(&point), 0);
	rig_assert_holds(point.rig, point.page, NEW_VERSION);
	assert_sound(point.rig, COLD_SLOTS + 1);
}

static const char *inject_replace(struct fault_point *point)
{
	psw_invalidate_page(point->area, point->page);
	return inject_store(point);
}

static void a_page_invalidated_and_stored_during_its_move_is_the_new_one(void **state)
{
	struct fault_point point = fault_point_set(*state, inject_replace);

	assert_int_equal(fault_point_run(&point), 0);
	rig_assert_holds(point.rig, point.page, NEW_VERSION);
	assert_sound(point.rig, COLD_SLOTS + 1);
}

static const char *inject_store_zero(struct fault_point *point)
{
	return rig_store_zero(point->rig, point->page) ?
	       "the page cannot be stored" : NULL;
}

static void a_page_replaced_by_zeros_during_its_move_takes_no_slot(void **state)
{
	struct fault_point point = fault_point_set(*state, inject_store_zero);

	assert_int_equal(fault_point_run(&point), 0);
	rig_assert_holds_zero(point.rig, point.page);
	assert_sound(point.rig, COLD_SLOTS);
}

/* Operations on its slot. */

/* Invalidate the page, then store pages to all free slots. */
static const char *inject_invalidate_and_fill(struct fault_point *point)
{
	struct rig *rig = point->rig;
	u64 offset = OTHER_PAGE;

	psw_invalidate_page(point->area, point->page);
	for (; !rig_store(rig, offset, offset); offset++)
		if (rig_slot_of(rig, offset) == point->from)
			return "the slot was reused while a move reads it";
	return NULL;
}

static void a_slot_is_not_reused_while_a_move_reads_it(void **state)
{
	struct fault_point point = fault_point_set(*state, inject_invalidate_and_fill);

	assert_int_equal(fault_point_run(&point), 0);
	rig_assert_fails(point.rig, point.page, -ENOENT);
	/* The slot is free now, and so is the destination of the move. */
	assert_int_equal(rig_free_nr(point.rig), 2);
}

static bool load_waits;

static void note_wait(void)
{
	WRITE_ONCE(load_waits, true);
	sched_yield();
}

static void *load_it(void *argument)
{
	struct fault_point *point = argument;
	struct page_buffer buffer;

	if (psw_load(point->area, point->page, &buffer) ||
	    !page_is(&buffer, point->page, point->page - COLD_PAGE))
		point->wrong = "a page that the move has saved cannot be loaded";
	note_wait();
	return NULL;
}

/* A load that cannot read the slot waits for the move, which holds the slot. */
static const char *inject_lose(struct fault_point *point)
{
	shim_pmem_poison(rig_slot_addr(point->rig, point->from), 1);
	point->beside = true;
	if (pthread_create(&point->thread, NULL, load_it, point))
		return "no thread could be made";
	while (!READ_ONCE(load_waits))
		sched_yield();
	return NULL;
}

static void a_page_whose_slot_fails_during_its_move_is_not_lost(void **state)
{
	struct fault_point point = fault_point_set(*state, inject_lose);

	load_waits = false;
	shim_relax_hook(note_wait);
	assert_int_equal(fault_point_run(&point), 1);
	shim_relax_hook(NULL);
	shim_pmem_heal();
	assert_int_equal(rig_stat(point.rig, PSW_STAT_LOST), 0);
	assert_int_equal(rig_slot_of(point.rig, point.page), point.to);
	assert_sound(point.rig, COLD_SLOTS + 1);
}

/* Operations on its area. */

/*
 * Whether a grace period could end now. The question is asked in another process,
 * because the shim aborts it if this thread is inside rcu_read_lock().
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
 * Run @work, which clears @link and then waits for a grace period. It ends before
 * the move goes on, unless the move delays the grace period.
 */
static const char *inject_beside(struct fault_point *point, void *(*work)(void *),
				 void *const *link)
{
	point->beside = !grace_period_may_end();
	if (pthread_create(&point->thread, NULL, work, point))
		return "no thread could be made";
	if (!point->beside)
		pthread_join(point->thread, NULL);
	while (READ_ONCE(*link))
		sched_yield();
	return NULL;
}

static void *invalidate_area(void *argument)
{
	struct fault_point *point = argument;

	psw_invalidate_area(point->area);
	return NULL;
}

static const char *inject_invalidate_area(struct fault_point *point)
{
	return inject_beside(point, invalidate_area,
			     (void **)&point->area->node[point->page /
							  PSW_NODE_PAGES]);
}

static void an_area_can_be_invalidated_during_a_move(void **state)
{
	struct fault_point point = fault_point_set(*state, inject_invalidate_area);

	fault_point_run(&point);
	assert_int_equal(rig_stat(point.rig, PSW_STAT_PAGES), 0);
	rig_assert_fails(point.rig, point.page, -ENOENT);
	assert_sound(point.rig, 0);
}

static void *destroy_area(void *argument)
{
	struct fault_point *point = argument;

	psw_area_unbind(point->area);
	psw_area_destroy(point->area);
	return NULL;
}

static const char *inject_destroy_area(struct fault_point *point)
{
	return inject_beside(point, destroy_area,
			     (void **)&point->rig->region->foreign[FOREIGN_AREA]);
}

static void an_area_can_be_destroyed_during_a_move(void **state)
{
	struct rig *rig = *state;
	struct fault_point point = { .rig = rig, .inject = inject_destroy_area };
	struct page_buffer buffer;

	rig_open(rig);
	point.area = psw_area_create(FOREIGN_AREA);
	assert_true(psw_area_bind(point.area, rig->region));
	page_fill(&buffer, COLD_PAGE, 0);
	assert_int_equal(psw_store(point.area, COLD_PAGE, &buffer, GFP_NOWAIT), 0);
	point.slot = psw_entry_slot(*psw_index_find(point.area, COLD_PAGE));
	store_hot(rig, (GAP + 4) * slots_nr(rig));
	steer_rounds(rig, GAP + 4);

	fault_point_run(&point);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 1);
	assert_sound(rig, 1);
}

/* The slot table. */

static const struct psw_media_entry *
entry_of(const struct psw_media_table_block *block, u32 slot)
{
	return &block->entry[slot % PSW_MEDIA_ENTRIES_PER_BLOCK];
}

static bool is_entry_of_page(const struct fault_point *point,
			     const struct psw_media_entry *entry, u16 flags)
{
	return le16_to_cpu(entry->flags) == flags &&
	       le32_to_cpu(entry->owner_page) == point->page;
}

/* Look at the copy of the table that the sweep is writing. */
static const char *inject_check_mark(struct fault_point *point)
{
	const struct psw_media_table_block *block =
		rig_table_block(point->rig, 0,
				point->from / PSW_MEDIA_ENTRIES_PER_BLOCK);

	return is_entry_of_page(point, entry_of(block, point->from),
				PSW_MEDIA_SLOT_USED | PSW_MEDIA_SLOT_LEAVING) ?
	       NULL : "the page is not marked LEAVING on the medium";
}

static void a_page_is_marked_leaving_on_the_medium_before_it_moves(void **state)
{
	struct fault_point point = fault_point_set(*state, inject_check_mark);

	assert_int_equal(fault_point_run(&point), 1);
	assert_cold(point.rig, COLD_SLOTS);
	assert_sound(point.rig, COLD_SLOTS + 1);
}

static const char *inject_fill_block(struct fault_point *point)
{
	struct psw_media_table_block block;

	psw_table_block_fill(point->rig->region,
			     point->from / PSW_MEDIA_ENTRIES_PER_BLOCK, &block);
	return is_entry_of_page(point, entry_of(&block, point->from),
				PSW_MEDIA_SLOT_USED) ?
	       NULL : "the table does not name the page that moves";
}

static void a_table_block_filled_during_a_move_names_the_page(void **state)
{
	struct fault_point point = fault_point_set(*state, inject_fill_block);

	assert_int_equal(fault_point_run(&point), 1);
	assert_sound(point.rig, COLD_SLOTS + 1);
}

static void *checkpoint(void *argument)
{
	struct fault_point *point = argument;

	if (rig_checkpoint(point->rig))
		point->wrong = "the checkpoint failed";
	return NULL;
}

/* A checkpoint waits for the sweep, so it needs a thread of its own. */
static const char *inject_checkpoint(struct fault_point *point)
{
	point->beside = true;
	return pthread_create(&point->thread, NULL, checkpoint, point) ?
	       "no thread could be made" : NULL;
}

static void a_checkpoint_begun_during_a_move_waits_for_its_end(void **state)
{
	struct fault_point point = fault_point_set(*state, inject_checkpoint);
	struct rig *rig = point.rig;
	struct psw_media_entry *table;

	assert_int_equal(fault_point_run(&point), 1);
	table = rig_table(rig);
	assert_true(is_entry_of_page(&point, &table[point.to],
				     PSW_MEDIA_SLOT_USED | PSW_MEDIA_SLOT_BUSY));
	assert_int_equal(le16_to_cpu(table[point.from].flags), PSW_MEDIA_SLOT_BUSY);
	free(table);
	assert_cold(rig, COLD_SLOTS);
	assert_sound(rig, COLD_SLOTS + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cold_test(a_page_can_be_loaded_during_its_move),
		cold_test(a_page_invalidated_during_its_move_stays_invalidated),
		cold_test(a_page_stored_during_its_move_is_the_new_one),
		cold_test(a_page_invalidated_and_stored_during_its_move_is_the_new_one),
		cold_test(a_page_replaced_by_zeros_during_its_move_takes_no_slot),
		cold_test(a_slot_is_not_reused_while_a_move_reads_it),
		cold_test(a_page_whose_slot_fails_during_its_move_is_not_lost),
		cold_test(an_area_can_be_invalidated_during_a_move),
		cold_test(an_area_can_be_destroyed_during_a_move),
		cold_test(a_page_is_marked_leaving_on_the_medium_before_it_moves),
		cold_test(a_table_block_filled_during_a_move_names_the_page),
		cold_test(a_checkpoint_begun_during_a_move_waits_for_its_end),
	};

	return rig_main("midmove", tests);
}
