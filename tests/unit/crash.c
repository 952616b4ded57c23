// SPDX-License-Identifier: GPL-2.0
/*
 * crash.c - what a region is after a power loss, compared with what is expected
 *
 * The power loss leaves an image of the medium. Its metadata must be as expected,
 * and the region must open and be usable.
 */
#include <sys/mman.h>
#include <unistd.h>
#include "crash.h"

const unsigned int crash_grains[CRASH_GRAINS_NR] = { 8, 64, 256, 0 };

unsigned long crash_images;
unsigned long crash_violations;

void history_record(struct history *history, struct rig *rig)
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

/* Each check returns what is wrong, or NULL. */

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

/* Whether a copy of a block was written, and not entirely. */
static bool block_is_torn(struct rig *rig, int copy, u64 index)
{
	static const struct psw_media_table_block zeros;
	const struct psw_media_table_block *block = rig_table_block(rig, copy, index);
	struct psw_geometry geo = rig_geometry(rig);

	return memcmp(block, &zeros, sizeof(zeros)) &&
	       !psw_table_block_check(block, &geo,
				      le64_to_cpu(rig_super_current(rig)->table_seed),
				      index);
}

/*
 * One power loss may tear one copy of a block, in the first write of both as well. With
 * a medium that needs flushes, that write may tear both.
 */
static const char *check_torn(struct rig *rig)
{
	struct psw_geometry geo = rig_geometry(rig);
	u64 index;

	for (index = 0; index < geo.table_blocks; index++)
		if (block_is_torn(rig, 0, index) && block_is_torn(rig, 1, index))
			return "a block of the table is torn in both copies";
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
	if (atomic_read(&rig->region->slots.bad_nr) >
	    expected->retired_nr + expected->retiring_nr)
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

static const char *check_image(struct rig *rig, const struct expected *expected,
			       bool needs_flush)
{
	const char *wrong = check_super(rig, expected);
	struct psw_media_entry *table;

	if (!wrong)
		wrong = check_table(rig);
	if (!wrong && !needs_flush)
		wrong = check_torn(rig);
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

/* Map a private copy of a medium. */
static void image_map(struct rig *rig, int fd)
{
	rig->pmem.addr = mmap(NULL, HISTORY_BYTES, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE, fd, 0);
	assert_ptr_not_equal(rig->pmem.addr, MAP_FAILED);
}

static const char *crash_check(const struct history *history,
			       const struct recorder_crash *crash)
{
	struct rig image = history->rig;
	const char *wrong;

	crash_images++;
	image.region = NULL;
	image.options.context = &image;
	image.pmem.dax = &image.dax;
	image.pmem.flush = NULL;
	image_map(&image, history->before);
	recorder_replay(&history->recorder, crash, image.pmem.addr);
	wrong = check_image(&image, expected_at(history, crash->at),
			    history->recorder.needs_flush);
	crash_violations += wrong != NULL;
	munmap(image.pmem.addr, HISTORY_BYTES);
	return wrong;
}

const char *crash_check_at(const struct history *history, size_t at, long dropped,
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
		crash.grain = crash_grains[i % CRASH_GRAINS_NR];
		wrong = crash_check(history, &crash);
	}
	return wrong;
}

int crash_setup(void **state)
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
