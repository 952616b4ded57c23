// SPDX-License-Identifier: GPL-2.0
/*
 * test_crash.c - power loss at every moment, and proof that the checks can fail
 *
 * A history of a region is recorded: open, stores, checkpoints, lost pages, close,
 * open, a sweep that moves pages, close. Then the power is lost at each event of
 * the record. Unfenced stores reach the medium not at all, entirely or at random.
 * The image must open with the metadata that is expected at that event. Single
 * fences left out and stores in a wrong order show that the checks can fail.
 */
#include <sys/mman.h>
#include <unistd.h>
#include "history.h"

/* Map a private copy of a medium. */
static void image_map(struct rig *rig, int fd)
{
	rig->pmem.addr = mmap(NULL, HISTORY_BYTES, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE, fd, 0);
	assert_ptr_not_equal(rig->pmem.addr, MAP_FAILED);
}

/* A history that contains every kind of update. */
static void history_record(struct history *history, struct rig *rig)
{
	unsigned int moved;
	u64 blocks;

	history_start(history, rig);
	history_open(history);
	history_store(history, 0, 12);
	history_checkpoint(history);
	history_store(history, 5, 10);
	history_lose_page(history, 3);
	history_lose_page(history, 6);
	history_store(history, 20, 5);
	history_checkpoint(history);
	history_checkpoint(history);
	history_store(history, 0, 8);
	history_lose_page(history, 21);
	/* From here on the sweep finds pages to move. */
	history_wear_unevenly(history);
	history_close(history);
	history_open(history);
	history_store(history, 0, 3);
	/* The close interrupts the third round. */
	blocks = history->rig.region->geo.table_blocks;
	moved = history_sweep(history, blocks);
	assert_int_equal(history->rig.region->rounds, 1);
	moved += history_sweep(history, blocks + blocks / 2);
	assert_true(moved > 0);
	history_close(history);
	history_stop(history);
}

/* The checks. Each returns what is wrong, or NULL. */

static const char *check_super(struct rig *rig, const struct expected *expected)
{
	struct psw_media_super *super = rig_super_current(rig);
	u64 sequence;

	if (!super)
		return "no superblock is valid";
	sequence = le64_to_cpu(super->sequence);
	if (expected->sequence_next && sequence == expected->sequence_next)
		return le32_to_cpu(super->state) == expected->state_next ? NULL :
		       "the new superblock has a wrong state";
	if (sequence != expected->sequence)
		return "an older superblock is current";
	return le32_to_cpu(super->state) == expected->state ? NULL :
	       "the superblock has a wrong state";
}

/* Each block of the current copy of the table must be valid. */
static const char *check_table(struct rig *rig)
{
	struct psw_media_super *super = rig_super_current(rig);
	struct psw_geometry geo = rig_geometry(rig);
	int copy = rig_table_current(rig);
	u64 generation = le64_to_cpu(super->table_generation[copy]);
	u64 index;

	for (index = 0; generation && index < geo.table_blocks; index++) {
		const struct psw_media_table_block *block =
			rig_table_block(rig, copy, index);

		if (!psw_table_block_check(block, &geo,
					   le64_to_cpu(super->table_seed), index) ||
		    le64_to_cpu(block->generation) != generation)
			return "the current table has an invalid block";
	}
	return NULL;
}

/* Whether a block of the table holds the wear that @wear holds. */
static bool block_says(const struct psw_media_entry *table, u32 slots_nr,
		       u64 index, const u32 *wear)
{
	u32 first = index * PSW_MEDIA_ENTRIES_PER_BLOCK;
	u32 slot = first + psw_table_entries_nr(slots_nr, index);

	if (!wear)
		return false;
	while (slot-- > first)
		if (le32_to_cpu(table[slot].wear) != wear[slot])
			return false;
	return true;
}

/* Each block must be of the last checkpoint or of the unfinished one. */
static const char *check_wear(const struct psw_media_entry *table, u32 slots_nr,
			      const struct expected *expected, bool updated)
{
	u64 index;

	for (index = 0; index < psw_table_blocks_for(slots_nr); index++) {
		bool old = block_says(table, slots_nr, index, expected->done) ||
			   block_says(table, slots_nr, index, expected->older);
		bool new = block_says(table, slots_nr, index, expected->next);

		if (updated && expected->next && !new)
			return "wear of a finished checkpoint is missing";
		if (!old && !new)
			return "wear is neither old nor new";
	}
	return NULL;
}

/* An open adds wear after an unclean shutdown alone. */
static const char *check_charges(const struct rig *rig,
				 const struct psw_media_entry *table, u32 state)
{
	u32 slot;

	for (slot = 0; slot < rig->region->slots.slots_nr; slot++) {
		u32 wear = rig->region->slots.info[slot].wear;

		if (wear < le32_to_cpu(table[slot].wear))
			return "wear that was on the medium is forgotten";
		if (state == PSW_MEDIA_STATE_CLEAN &&
		    wear != le32_to_cpu(table[slot].wear))
			return "wear is added after a clean shutdown";
	}
	return NULL;
}

static const char *check_retired(struct rig *rig, const struct expected *expected)
{
	unsigned int i;

	for (i = 0; i < expected->retired_nr; i++)
		if (rig->region->slots.info[expected->retired[i]].state !=
		    PSW_SLOT_BAD)
			return "a retired slot is in use again";
	if (atomic_read(&rig->region->slots.bad_nr) > expected->retired_nr +
	    (expected->retiring != PSW_SLOT_NONE))
		return "a good slot is retired";
	return NULL;
}

/* The region must be usable. */
static const char *check_use(struct rig *rig)
{
	u64 wear;

	if (rig_store(rig, 1, 99))
		return "a store failed";
	rig_assert_holds(rig, 1, 99);
	wear = rig_wear_sum(rig);
	if (rig_close(rig))
		return "a close failed";
	if (rig_try_open(rig))
		return "a second open failed";
	return rig_wear_sum(rig) == wear ? NULL : "wear changed over a close";
}

static const char *check_open(struct rig *rig, const struct expected *expected,
			      const struct psw_media_entry *table)
{
	const struct psw_media_super *super = rig_super_current(rig);
	u32 state = le32_to_cpu(super->state);
	const char *wrong;

	wrong = check_wear(table, rig_geometry(rig).slots_nr, expected,
			   le64_to_cpu(super->sequence) == expected->sequence_next);
	if (wrong)
		return wrong;
	if (rig_try_open(rig))
		return "the region does not open";
	wrong = check_charges(rig, table, state);
	if (!wrong)
		wrong = check_retired(rig, expected);
	if (!wrong)
		wrong = check_use(rig);
	if (rig->region)
		rig_lose_power(rig);
	return wrong;
}

static const char *check_image(struct rig *rig, const struct expected *expected)
{
	const char *wrong = check_super(rig, expected);
	struct psw_media_entry *table;

	if (!wrong)
		wrong = check_table(rig);
	if (wrong)
		return wrong;
	table = rig_table(rig);
	wrong = check_open(rig, expected, table);
	free(table);
	return wrong;
}

/* What is expected after a power loss at event @at. */
static const struct expected *expected_at(const struct history *history, size_t at)
{
	u64 mark = 0;

	while (at--)
		if (history->recorder.event[at].kind == RECORDER_MARK) {
			mark = history->recorder.event[at].mark;
			break;
		}
	return &history->expected[mark];
}

static unsigned long images;

static const char *crash_check(const struct history *history,
			    const struct recorder_crash *crash)
{
	struct rig image = history->rig;
	const char *wrong;

	images++;
	image.region = NULL;
	image.options.context = &image;
	image.pmem.dax = &image.dax;
	image_map(&image, history->before);
	recorder_replay(&history->recorder, crash, image.pmem.addr);
	wrong = check_image(&image, expected_at(history, crash->at));
	munmap(image.pmem.addr, HISTORY_BYTES);
	return wrong;
}

static const unsigned int grains[] = { 8, 64, 256, 0 };

/* Lose power at one event in several ways. Return: what is wrong first, or NULL. */
static const char *crash_check_at(const struct history *history, size_t at, long dropped,
			       unsigned int variants)
{
	struct recorder_crash crash = { .at = at, .dropped = dropped };
	const char *wrong;
	unsigned int i;

	crash.seed = RECORDER_NONE;
	wrong = crash_check(history, &crash);
	crash.seed = RECORDER_ALL;
	if (!wrong)
		wrong = crash_check(history, &crash);
	for (i = 0; !wrong && i < variants; i++) {
		crash.seed = at * 1000 + i + 1;
		crash.grain = grains[i % ARRAY_SIZE(grains)];
		wrong = crash_check(history, &crash);
	}
	return wrong;
}

static int crash_setup(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	*state = rig;
	rig_create(rig, HISTORY_BYTES);
	/* A cold page moves as soon as possible. */
	rig->options.wl_gap = 1;
	rig->options.wl_rate = PSW_MEDIA_ENTRIES_PER_BLOCK;
	rig->live = shim_alloc_live();
	return 0;
}

#define crash_test(test)	\
	cmocka_unit_test_setup_teardown(test, crash_setup, rig_teardown)

static void check_everywhere(struct rig *rig, unsigned int variants)
{
	struct history history;
	const char *wrong;
	size_t at;

	history_record(&history, rig);
	for (at = 0; at <= history.recorder.events_nr; at++) {
		wrong = crash_check_at(&history, at, -1, variants);
		if (wrong)
			fail_msg("power loss at event %zu of %zu: %s", at,
				 history.recorder.events_nr, wrong);
	}
	history_free(&history);
}

static void a_fresh_region_survives_a_power_loss_at_any_moment(void **state)
{
	check_everywhere(*state, 12);
}

static void a_used_region_survives_a_power_loss_at_any_moment(void **state)
{
	struct rig *rig = *state;
	u64 offset;
	int i;

	for (i = 0; i < 3; i++) {
		rig_open(rig);
		for (offset = 0; offset < 1000; offset++)
			assert_int_equal(rig_store(rig, offset, offset), 0);
		assert_int_equal(rig_checkpoint(rig), 0);
		assert_int_equal(rig_close(rig), 0);
	}
	check_everywhere(rig, 8);
}

/*
 * Record a history on the image that a power loss has left. The slots that the
 * first history retired are expected as far as the open finds them. Return: the
 * event at which the open has ended. Earlier events are not checked here.
 */
static size_t history_record_second(struct history *history, struct rig *rig,
				 const struct history *first)
{
	struct expected *now = &history->now;
	size_t opened;
	unsigned int i;

	history_start(history, rig);
	history_open(history);
	for (i = 0; i < first->now.retired_nr; i++) {
		u32 slot = first->now.retired[i];

		if (history->rig.region->slots.info[slot].state == PSW_SLOT_BAD)
			now->retired[now->retired_nr++] = slot;
	}
	history_expect(history);
	opened = history->recorder.events_nr;
	history_store(history, 0, 5);
	history_sweep(history, history->rig.region->geo.table_blocks);
	history_checkpoint(history);
	history_store(history, 0, 5);
	history_close(history);
	history_stop(history);
	return opened;
}

static void crash_again(struct rig *rig, const struct history *first, u64 seed)
{
	struct recorder_crash crash = {
		.at = random_below(&seed, first->recorder.events_nr),
		.dropped = -1,
		.seed = seed,
		.grain = grains[seed % ARRAY_SIZE(grains)],
	};
	struct history second;
	size_t at;

	assert_int_equal(pread(first->before, rig->pmem.addr, HISTORY_BYTES, 0),
			 HISTORY_BYTES);
	recorder_replay(&first->recorder, &crash, rig->pmem.addr);
	at = history_record_second(&second, rig, first);
	for (; at <= second.recorder.events_nr; at++) {
		const char *wrong = crash_check_at(&second, at, -1, 6);

		if (wrong)
			fail_msg("power loss at event %zu, then at event %zu: %s",
				 crash.at, at, wrong);
	}
	history_free(&second);
}

static void a_region_survives_a_second_power_loss_at_any_moment(void **state)
{
	struct history first;
	u64 seed;

	history_record(&first, *state);
	for (seed = 1; seed <= 12; seed++)
		crash_again(*state, &first, seed);
	history_free(&first);
}

/* Proof that the checks can fail. */

enum role { ROLE_PAGE, ROLE_TABLE, ROLE_SUPER, ROLE_BAD };

/* Which structure was stored last before fence number @fence. */
static enum role fence_role(const struct history *history, long fence, size_t *at)
{
	struct psw_geometry geo = rig_geometry(&history->rig);
	enum role role = ROLE_PAGE;
	size_t i;

	for (i = 0; i < history->recorder.events_nr; i++) {
		const struct recorder_event *event = &history->recorder.event[i];

		if (event->kind == RECORDER_FENCE && !fence--)
			break;
		if (event->kind != RECORDER_STORE)
			continue;
		if (event->off == geo.super_off[0] ||
		    event->off == geo.super_off[1])
			role = ROLE_SUPER;
		else if (event->off >= geo.data_off)
			role = ROLE_PAGE;
		else if (event->off >= geo.bad_off)
			role = ROLE_BAD;
		else
			role = ROLE_TABLE;
	}
	*at = i;
	return role;
}

/* Whether a power loss somewhere shows that a fence is missing. */
static bool dropped_fence_is_noticed(const struct history *history, long fence,
				     size_t at)
{
	/* The stores before it then become durable at the next fence. */
	for (at++; at <= history->recorder.events_nr; at++) {
		if (crash_check_at(history, at, fence, 16))
			return true;
		if (at < history->recorder.events_nr &&
		    history->recorder.event[at].kind == RECORDER_FENCE)
			break;
	}
	return false;
}

static void each_missing_metadata_fence_is_noticed(void **state)
{
	struct history history;
	long fence, fences;
	unsigned int seen[4] = {};

	history_record(&history, *state);
	fences = recorder_fences(&history.recorder);
	for (fence = 0; fence < fences; fence++) {
		size_t at;
		enum role role = fence_role(&history, fence, &at);

		/* Pages need not survive a power loss. Their fence is for readers. */
		if (role == ROLE_PAGE)
			continue;
		seen[role]++;
		if (!dropped_fence_is_noticed(&history, fence, at))
			fail_msg("nothing shows that fence %ld of %ld, role %d, is missing",
				 fence, fences, role);
	}
	assert_true(seen[ROLE_TABLE] >= 4 && seen[ROLE_SUPER] >= 6 &&
		    seen[ROLE_BAD] >= 3);
	history_free(&history);
}

/*
 * Reverse the order of checkpoint number @checkpoint: the superblock and its fence,
 * then the table. Return: the first event of the checkpoint.
 */
static size_t reverse_checkpoint(struct history *history, unsigned int checkpoint)
{
	u64 blocks = rig_geometry(&history->rig).table_blocks;
	struct recorder_event *event = history->recorder.event;
	struct recorder_event super[2];
	long fence = -1;
	size_t at;

	do {
		while (fence_role(history, ++fence, &at) != ROLE_TABLE)
			;
	} while (checkpoint--);
	memcpy(super, &event[at + 1], sizeof(super));
	at -= blocks;
	memmove(&event[at + 2], &event[at], (blocks + 1) * sizeof(*event));
	memcpy(&event[at], super, sizeof(super));
	return at;
}

static void a_superblock_written_before_its_table_is_noticed(void **state)
{
	struct rig *rig = *state;
	unsigned int checkpoint;

	for (checkpoint = 0; checkpoint < 4; checkpoint++) {
		struct history history;
		bool found = false;
		size_t at;

		format_region(rig->pmem.addr, HISTORY_BYTES);
		history_record(&history, rig);
		for (at = reverse_checkpoint(&history, checkpoint);
		     !found && at <= history.recorder.events_nr; at++)
			found = crash_check_at(&history, at, -1, 4);
		assert_true(found);
		history_free(&history);
	}
}

static void a_table_written_over_the_current_copy_is_noticed(void **state)
{
	struct rig *rig = *state;
	struct psw_geometry geo = rig_geometry(rig);
	struct history history;
	size_t at, i;
	bool found = false;

	history_record(&history, rig);
	for (i = 0; i < history.recorder.events_nr; i++) {
		struct recorder_event *event = &history.recorder.event[i];
		u64 bytes = geo.table_blocks * PSW_MEDIA_BLOCK_BYTES;

		if (event->kind == RECORDER_STORE &&
		    event->off >= geo.table_off[1] &&
		    event->off < geo.table_off[1] + bytes)
			event->off -= bytes;
	}
	for (at = 0; !found && at <= history.recorder.events_nr; at++)
		found = crash_check_at(&history, at, -1, 4);
	assert_true(found);
	history_free(&history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		crash_test(a_fresh_region_survives_a_power_loss_at_any_moment),
		crash_test(a_used_region_survives_a_power_loss_at_any_moment),
		crash_test(a_region_survives_a_second_power_loss_at_any_moment),
		crash_test(each_missing_metadata_fence_is_noticed),
		crash_test(a_superblock_written_before_its_table_is_noticed),
		crash_test(a_table_written_over_the_current_copy_is_noticed),
	};
	int failed = rig_main("crash", tests);

	print_message("# %lu images checked\n", images);
	return failed;
}
