// SPDX-License-Identifier: GPL-2.0
/*
 * test_crash.c - power cuts at every moment, and proof that they would be noticed
 *
 * A life of a region is recorded: opened, written, checkpointed, hurt, closed,
 * opened again, walked past block by block with pages on the move, and closed. It
 * is then cut at every event, with nothing, all, or random parts of what was not
 * fenced yet on the medium, and must come back with what had been promised by
 * then. To prove that the checks can fail, the same is done with single fences
 * taken out and with stores in the wrong order.
 */
#include <sys/mman.h>
#include <unistd.h>
#include "life.h"

/* Map a private copy of a medium. */
static void image_map(struct rig *rig, int fd)
{
	rig->pmem.addr = mmap(NULL, CRASH_BYTES, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE, fd, 0);
	assert_ptr_not_equal(rig->pmem.addr, MAP_FAILED);
}

/* A life with everything in it. */
static void life_record(struct life *life, struct rig *rig)
{
	unsigned int moved;
	u64 blocks;

	life_start(life, rig);
	life_open(life);
	life_store(life, 0, 12);
	life_checkpoint(life);
	life_store(life, 5, 10);
	life_lose(life, 3);
	life_lose(life, 6);
	life_store(life, 20, 5);
	life_checkpoint(life);
	life_checkpoint(life);
	life_store(life, 0, 8);
	life_lose(life, 21);
	/* From here on the sweep finds pages to move. */
	life_wear_unevenly(life);
	life_close(life);
	life_open(life);
	life_store(life, 0, 3);
	/* The third round is cut short by the close. */
	blocks = life->rig.region->geo.table_blocks;
	moved = life_walk(life, blocks);
	assert_int_equal(life->rig.region->rounds, 1);
	moved += life_walk(life, blocks + blocks / 2);
	assert_true(moved > 0);
	life_close(life);
	life_stop(life);
}

/* The checks: each says what is wrong, or NULL. */

static const char *check_super(struct rig *rig, const struct promise *promise)
{
	struct psw_media_super *super = rig_super_current(rig);
	u64 sequence;

	if (!super)
		return "no superblock is valid";
	sequence = le64_to_cpu(super->sequence);
	if (promise->sequence_next && sequence == promise->sequence_next)
		return le32_to_cpu(super->state) == promise->state_next ? NULL :
		       "the new superblock has a wrong state";
	if (sequence != promise->sequence)
		return "an older superblock is in force";
	return le32_to_cpu(super->state) == promise->state ? NULL :
	       "the superblock has a wrong state";
}

/* The copy of the table that is in force must be whole. */
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
			return "the table in force is not whole";
	}
	return NULL;
}

/* Whether a block of the table says the wear of its slots as @wear has it. */
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

/* Each block of the table is of the last checkpoint or of the one under way. */
static const char *check_wear(const struct psw_media_entry *table, u32 slots_nr,
			      const struct promise *promise, bool updated)
{
	u64 index;

	for (index = 0; index < psw_table_blocks_for(slots_nr); index++) {
		bool old = block_says(table, slots_nr, index, promise->done) ||
			   block_says(table, slots_nr, index, promise->older);
		bool new = block_says(table, slots_nr, index, promise->next);

		if (updated && promise->next && !new)
			return "wear of a finished checkpoint is missing";
		if (!old && !new)
			return "wear is neither old nor new";
	}
	return NULL;
}

/* What an open adds to the wear is for power cuts. */
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
			return "wear is added though nothing was cut";
	}
	return NULL;
}

static const char *check_retired(struct rig *rig, const struct promise *promise)
{
	unsigned int i;

	for (i = 0; i < promise->retired_nr; i++)
		if (rig->region->slots.info[promise->retired[i]].state !=
		    PSW_SLOT_BAD)
			return "a retired slot is in use again";
	if (atomic_read(&rig->region->slots.bad_nr) > promise->retired_nr +
	    (promise->retiring != PSW_SLOT_NONE))
		return "a good slot is retired";
	return NULL;
}

/* What has come back must be fit for use. */
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

static const char *check_open(struct rig *rig, const struct promise *promise,
			      const struct psw_media_entry *table)
{
	const struct psw_media_super *super = rig_super_current(rig);
	u32 state = le32_to_cpu(super->state);
	const char *wrong;

	wrong = check_wear(table, rig_geometry(rig).slots_nr, promise,
			   le64_to_cpu(super->sequence) == promise->sequence_next);
	if (wrong)
		return wrong;
	if (rig_try_open(rig))
		return "the region does not open";
	wrong = check_charges(rig, table, state);
	if (!wrong)
		wrong = check_retired(rig, promise);
	if (!wrong)
		wrong = check_use(rig);
	if (rig->region)
		rig_cut(rig);
	return wrong;
}

static const char *check_image(struct rig *rig, const struct promise *promise)
{
	const char *wrong = check_super(rig, promise);
	struct psw_media_entry *table;

	if (!wrong)
		wrong = check_table(rig);
	if (wrong)
		return wrong;
	table = rig_table(rig);
	wrong = check_open(rig, promise, table);
	free(table);
	return wrong;
}

/* The last promise before a cut. */
static const struct promise *promise_at(const struct life *life, size_t at)
{
	u64 mark = 0;

	while (at--)
		if (life->recorder.event[at].kind == RECORDER_MARK) {
			mark = life->recorder.event[at].mark;
			break;
		}
	return &life->promise[mark];
}

static unsigned long images;

static const char *life_cut(const struct life *life,
			    const struct recorder_cut *cut)
{
	struct rig image = life->rig;
	const char *wrong;

	images++;
	image.region = NULL;
	image.options.context = &image;
	image.pmem.dax = &image.dax;
	image_map(&image, life->before);
	recorder_replay(&life->recorder, cut, image.pmem.addr);
	wrong = check_image(&image, promise_at(life, cut->at));
	munmap(image.pmem.addr, CRASH_BYTES);
	return wrong;
}

static const unsigned int grains[] = { 8, 64, 256, 0 };

/* Cut at one event in several ways: what is wrong first, or NULL. */
static const char *life_cut_at(const struct life *life, size_t at, long dropped,
			       unsigned int variants)
{
	struct recorder_cut cut = { .at = at, .dropped = dropped };
	const char *wrong;
	unsigned int i;

	cut.seed = RECORDER_NONE;
	wrong = life_cut(life, &cut);
	cut.seed = RECORDER_ALL;
	if (!wrong)
		wrong = life_cut(life, &cut);
	for (i = 0; !wrong && i < variants; i++) {
		cut.seed = at * 1000 + i + 1;
		cut.grain = grains[i % ARRAY_SIZE(grains)];
		wrong = life_cut(life, &cut);
	}
	return wrong;
}

static int crash_setup(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	*state = rig;
	rig_create(rig, CRASH_BYTES);
	/* A page that stays moves as soon as it can. */
	rig->options.wl_gap = 1;
	rig->options.wl_rate = PSW_MEDIA_ENTRIES_PER_BLOCK;
	rig->live = shim_alloc_live();
	return 0;
}

#define crash_test(test)	\
	cmocka_unit_test_setup_teardown(test, crash_setup, rig_teardown)

static void cut_everywhere(struct rig *rig, unsigned int variants)
{
	struct life life;
	const char *wrong;
	size_t at;

	life_record(&life, rig);
	for (at = 0; at <= life.recorder.events_nr; at++) {
		wrong = life_cut_at(&life, at, -1, variants);
		if (wrong)
			fail_msg("cut at event %zu of %zu: %s", at,
				 life.recorder.events_nr, wrong);
	}
	life_free(&life);
}

static void a_fresh_region_survives_a_cut_at_any_moment(void **state)
{
	cut_everywhere(*state, 12);
}

static void a_used_region_survives_a_cut_at_any_moment(void **state)
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
	cut_everywhere(rig, 8);
}

/*
 * A life on what a cut of another has left. Slots that the other one retired are
 * promised as far as they are known after the open. Returns the event where
 * that was done: cuts before it are the other life's matter.
 */
static size_t life_record_second(struct life *life, struct rig *rig,
				 const struct life *first)
{
	struct promise *now = &life->now;
	size_t opened;
	unsigned int i;

	life_start(life, rig);
	life_open(life);
	for (i = 0; i < first->now.retired_nr; i++) {
		u32 slot = first->now.retired[i];

		if (life->rig.region->slots.info[slot].state == PSW_SLOT_BAD)
			now->retired[now->retired_nr++] = slot;
	}
	life_promise(life);
	opened = life->recorder.events_nr;
	life_store(life, 0, 5);
	life_walk(life, life->rig.region->geo.table_blocks);
	life_checkpoint(life);
	life_store(life, 0, 5);
	life_close(life);
	life_stop(life);
	return opened;
}

static void cut_again(struct rig *rig, const struct life *first, u64 seed)
{
	struct recorder_cut cut = {
		.at = random_below(&seed, first->recorder.events_nr),
		.dropped = -1,
		.seed = seed,
		.grain = grains[seed % ARRAY_SIZE(grains)],
	};
	struct life second;
	size_t at;

	assert_int_equal(pread(first->before, rig->pmem.addr, CRASH_BYTES, 0),
			 CRASH_BYTES);
	recorder_replay(&first->recorder, &cut, rig->pmem.addr);
	at = life_record_second(&second, rig, first);
	for (; at <= second.recorder.events_nr; at++) {
		const char *wrong = life_cut_at(&second, at, -1, 6);

		if (wrong)
			fail_msg("first life cut at event %zu, second at %zu: %s",
				 cut.at, at, wrong);
	}
	life_free(&second);
}

static void a_region_survives_a_second_cut_at_any_moment(void **state)
{
	struct life first;
	u64 seed;

	life_record(&first, *state);
	for (seed = 1; seed <= 12; seed++)
		cut_again(*state, &first, seed);
	life_free(&first);
}

/* Proof that the checks can fail */

enum role { ROLE_PAGE, ROLE_TABLE, ROLE_SUPER, ROLE_BAD };

/* What was stored last before fence number @fence. */
static enum role fence_role(const struct life *life, long fence, size_t *at)
{
	struct psw_geometry geo = rig_geometry(&life->rig);
	enum role role = ROLE_PAGE;
	size_t i;

	for (i = 0; i < life->recorder.events_nr; i++) {
		const struct recorder_event *event = &life->recorder.event[i];

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

/* Whether any cut notices that a fence is not there. */
static bool dropped_fence_is_noticed(const struct life *life, long fence,
				     size_t at)
{
	/* Without it, the stores before it wait for the next fence. */
	for (at++; at <= life->recorder.events_nr; at++) {
		if (life_cut_at(life, at, fence, 16))
			return true;
		if (at < life->recorder.events_nr &&
		    life->recorder.event[at].kind == RECORDER_FENCE)
			break;
	}
	return false;
}

static void each_fence_of_metadata_that_is_left_out_is_noticed(void **state)
{
	struct life life;
	long fence, fences;
	unsigned int seen[4] = {};

	life_record(&life, *state);
	fences = recorder_fences(&life.recorder);
	for (fence = 0; fence < fences; fence++) {
		size_t at;
		enum role role = fence_role(&life, fence, &at);

		/* A page need not outlive a cut; its fence is for readers. */
		if (role == ROLE_PAGE)
			continue;
		seen[role]++;
		if (!dropped_fence_is_noticed(&life, fence, at))
			fail_msg("fence %ld of %ld, role %d, is not missed",
				 fence, fences, role);
	}
	assert_true(seen[ROLE_TABLE] >= 4 && seen[ROLE_SUPER] >= 6 &&
		    seen[ROLE_BAD] >= 3);
	life_free(&life);
}

/*
 * Turn the order of checkpoint number @checkpoint round: its superblock with its fence
 * first, then its table. Returns the event it begins with.
 */
static size_t turn_checkpoint(struct life *life, unsigned int checkpoint)
{
	u64 blocks = rig_geometry(&life->rig).table_blocks;
	struct recorder_event *event = life->recorder.event;
	struct recorder_event super[2];
	long fence = -1;
	size_t at;

	do {
		while (fence_role(life, ++fence, &at) != ROLE_TABLE)
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
		struct life life;
		bool found = false;
		size_t at;

		format_region(rig->pmem.addr, CRASH_BYTES);
		life_record(&life, rig);
		for (at = turn_checkpoint(&life, checkpoint);
		     !found && at <= life.recorder.events_nr; at++)
			found = life_cut_at(&life, at, -1, 4);
		assert_true(found);
		life_free(&life);
	}
}

/* A checkpoint that wrote over the copy in force would be found out as well. */
static void a_table_written_over_the_copy_in_force_is_noticed(void **state)
{
	struct rig *rig = *state;
	struct psw_geometry geo = rig_geometry(rig);
	struct life life;
	size_t at, i;
	bool found = false;

	life_record(&life, rig);
	for (i = 0; i < life.recorder.events_nr; i++) {
		struct recorder_event *event = &life.recorder.event[i];
		u64 bytes = geo.table_blocks * PSW_MEDIA_BLOCK_BYTES;

		if (event->kind == RECORDER_STORE &&
		    event->off >= geo.table_off[1] &&
		    event->off < geo.table_off[1] + bytes)
			event->off -= bytes;
	}
	for (at = 0; !found && at <= life.recorder.events_nr; at++)
		found = life_cut_at(&life, at, -1, 4);
	assert_true(found);
	life_free(&life);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		crash_test(a_fresh_region_survives_a_cut_at_any_moment),
		crash_test(a_used_region_survives_a_cut_at_any_moment),
		crash_test(a_region_survives_a_second_cut_at_any_moment),
		crash_test(each_fence_of_metadata_that_is_left_out_is_noticed),
		crash_test(a_superblock_written_before_its_table_is_noticed),
		crash_test(a_table_written_over_the_copy_in_force_is_noticed),
	};
	int failed = rig_main("crash", tests);

	print_message("# %lu images of cuts checked\n", images);
	return failed;
}
