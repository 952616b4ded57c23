// SPDX-License-Identifier: GPL-2.0
/*
 * test_crash_tool.c - power loss at every moment of a command of the tool
 *
 * The writes of a command are recorded. Then the power is lost before, in the middle of
 * and after each write. The driver must find the region that FORMAT.md, 7, says.
 */
#include <sys/mman.h>
#include <unistd.h>
#include "crash.h"
#include "tool.h"

#define VARIANTS	24u
#define NEW_LABEL	"new"

/**
 * struct outcome - what the driver finds
 * @opens: there is a region
 * @is_new: it has the label that the command gives it
 * @wear: sum of the wear of its slots
 * @bad_nr: number of its bad slots
 */
struct outcome {
	bool opens;
	bool is_new;
	u64 wear;
	u32 bad_nr;
};

/* Return: what is wrong with @after, or NULL. @is_done: the command had ended. */
typedef const char *(*outcome_check)(const struct outcome *before,
				     const struct outcome *after, bool is_done);

static struct outcome find_outcome(struct rig *rig)
{
	struct outcome outcome = {};

	outcome.opens = !rig_try_open(rig);
	if (!outcome.opens)
		return outcome;
	outcome.is_new = !strcmp((const char *)psw_region_super(rig->region)->label,
				 NEW_LABEL);
	outcome.wear = rig_wear_sum(rig);
	outcome.bad_nr = psw_region_bad_nr(rig->region);
	rig_lose_power(rig);
	return outcome;
}

/* A private copy of the medium; what is stored there is lost. */
static struct rig private_rig(const struct rig *rig)
{
	struct rig image = *rig;

	image.region = NULL;
	image.options.context = NULL;
	image.options.next_bad = NULL;
	image.options.bad_stamp = NULL;
	image.options.sweep_due = NULL;
	image.pmem.dax = NULL;
	image.pmem.addr = mmap(NULL, HISTORY_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE,
			       rig->fd, 0);
	assert_ptr_not_equal(image.pmem.addr, MAP_FAILED);
	return image;
}

/* @before: the medium before the command. */
static struct outcome outcome_of(const struct rig *rig, const void *before,
				 const struct recorder *recorder,
				 const struct recorder_crash *crash)
{
	struct rig image = private_rig(rig);
	struct outcome outcome;

	image.pmem.dax = &image.dax;
	memcpy(image.pmem.addr, before, HISTORY_BYTES);
	recorder_replay(recorder, crash, image.pmem.addr);
	outcome = find_outcome(&image);
	munmap(image.pmem.addr, HISTORY_BYTES);
	return outcome;
}

static void check_at(const struct rig *rig, const void *before,
		     const struct recorder *recorder, const struct outcome *old,
		     size_t at, outcome_check check)
{
	struct recorder_crash crash = { .at = at, .dropped = -1 };
	unsigned int i;

	for (i = 0; i < VARIANTS; i++) {
		struct outcome after;
		const char *wrong;

		crash.seed = i ? at * 1000 + i : RECORDER_NONE;
		crash.grain = crash_grains[i % CRASH_GRAINS_NR];
		after = outcome_of(rig, before, recorder, &crash);
		wrong = check(old, &after, at == recorder->events_nr);
		crash_images++;
		crash_violations += wrong != NULL;
		if (wrong)
			fail_msg("power loss at event %zu of %zu: %s", at,
				 recorder->events_nr, wrong);
	}
}

/* Run a command on the medium of @rig, and lose power at each of its events. */
static void check_command(struct rig *rig, const char *command,
			  const char *const options[], outcome_check check)
{
	void *before = malloc(HISTORY_BYTES);
	struct recorder_crash none = { .dropped = -1 };
	struct recorder recorder = {};
	struct outcome old;
	size_t at;
	int code;

	assert_non_null(before);
	memcpy(before, rig->pmem.addr, HISTORY_BYTES);
	old = outcome_of(rig, before, &recorder, &none);
	code = tool_record(&recorder, rig->fd, command, options);
	assert_true(recorder_fences(&recorder) > 0);
	for (at = 0; at <= recorder.events_nr; at++)
		check_at(rig, before, &recorder, &old, at, check);
	/* 1: the region was repaired. */
	assert_in_range(code, 0, 1);
	recorder_free(&recorder);
	free(before);
}

/*
 * A region with wear, both copies of the table written, and with bad slots on the list
 * that no table block names.
 */
static void make_used(struct rig *rig)
{
	u32 slot;

	rig_open(rig);
	rig_store_some(rig, 2000, 1);
	assert_int_equal(rig_checkpoint(rig), 0);
	rig_store_some(rig, 1000, 2);
	assert_int_equal(rig_close(rig), 0);
	rig_open(rig);
	for (slot = 10; slot < 16; slot++)
		psw_badlist_retire(rig->region, slot, PSW_MEDIA_BAD_CHECKSUM);
	rig_lose_power(rig);
}

static const char *old_new_or_none(const struct outcome *before,
				   const struct outcome *after, bool is_done)
{
	if (is_done && !(after->opens && after->is_new))
		return "the new region is not there";
	if (!after->opens)
		return NULL;
	if (after->bad_nr != before->bad_nr)
		return "bad slots are forgotten";
	if (after->is_new ? after->wear : after->wear != before->wear)
		return "wear is neither old nor new";
	return NULL;
}

static const char *old_or_new(const struct outcome *before, const struct outcome *after,
			      bool is_done)
{
	if (!after->opens)
		return "the region does not open";
	if (is_done && !after->is_new)
		return "the new region is not there";
	return after->bad_nr != before->bad_nr ? "bad slots are forgotten" : NULL;
}

static const char *nothing_is_lost(const struct outcome *before,
				   const struct outcome *after, bool is_done)
{
	if (!after->opens)
		return "the region does not open";
	if (after->bad_nr < before->bad_nr)
		return "bad slots are forgotten";
	return after->wear != before->wear ? "wear has changed" : NULL;
}

static const char *old_or_none(const struct outcome *before, const struct outcome *after,
			       bool is_done)
{
	if (is_done)
		return after->opens ? "the region is still there" : NULL;
	return after->opens ? nothing_is_lost(before, after, is_done) : NULL;
}

static const char *const format_new[] = { "--yes", "--label", NEW_LABEL, NULL };

static void a_first_format_leaves_the_new_or_no_region(void **state)
{
	struct rig *rig = *state;

	memset(rig->pmem.addr, 0, HISTORY_BYTES);
	check_command(rig, "format", format_new, old_new_or_none);
}

static void a_format_that_keeps_the_wear_leaves_the_old_or_the_new_region(void **state)
{
	make_used(*state);
	check_command(*state, "format", format_new, old_or_new);
}

static void a_format_with_new_wear_leaves_the_old_the_new_or_no_region(void **state)
{
	static const char *const options[] = {
		"--yes", "--reset-wear", "--label", NEW_LABEL, NULL
	};

	make_used(*state);
	check_command(*state, "format", options, old_new_or_none);
}

/* A superblock, a block of the table and two entries of the list are damaged. */
static void a_repair_loses_nothing_that_is_valid(void **state)
{
	static const char *const options[] = { "--repair", NULL };
	struct rig *rig = *state;
	struct psw_geometry geo = rig_geometry(rig);
	struct psw_media_bad *bad;

	make_used(rig);
	bad = (void *)((char *)rig->pmem.addr + geo.bad_off);
	bad[0].reason ^= cpu_to_le32(8);
	bad[3].reason ^= cpu_to_le32(8);
	rig_table_block(rig, !rig_table_current(rig), 2)->entry[5].wear ^=
		cpu_to_le32(1);
	rig_super(rig, 1)->slot_writes ^= cpu_to_le64(1);
	check_command(rig, "check", options, nothing_is_lost);
}

static void a_wipe_leaves_the_region_or_none(void **state)
{
	static const char *const options[] = { "--yes", NULL };

	make_used(*state);
	check_command(*state, "wipe", options, old_or_none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		crash_test(a_first_format_leaves_the_new_or_no_region),
		crash_test(a_format_that_keeps_the_wear_leaves_the_old_or_the_new_region),
		crash_test(a_format_with_new_wear_leaves_the_old_the_new_or_no_region),
		crash_test(a_repair_loses_nothing_that_is_valid),
		crash_test(a_wipe_leaves_the_region_or_none),
	};
	int failed;

	/* test_planted asks for one test. */
	cmocka_set_test_filter(getenv("TEST"));
	failed = rig_main("crash of the tool", tests);
	/* tests/crash/run adds these numbers up. */
	print_message("# crash: %lu states, %lu violations\n", crash_images,
		      crash_violations);
	return failed;
}
