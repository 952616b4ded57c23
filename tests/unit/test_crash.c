// SPDX-License-Identifier: GPL-2.0
/*
 * test_crash.c - power loss at every moment
 *
 * A history of a region is recorded: open, stores, checkpoints, lost pages, close,
 * open, a sweep that moves pages, close. Then the power is lost at each event of
 * the record. Unfenced stores reach the medium not at all, entirely or at random.
 * The image must open with the metadata that is expected at that event.
 *
 * On virtio-pmem a fence is not enough, and only a flush makes stores durable.
 */
#include <unistd.h>
#include "crash.h"

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

static void a_region_on_virtio_pmem_survives_a_power_loss_at_any_moment(void **state)
{
	struct rig *rig = *state;

	rig->pmem.flush = recorder_flush;
	check_everywhere(rig, 12);
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
 * Record a history on the image that a power loss has left. Slots that the first
 * history retired must stay retired if the open finds them so. Return: number of
 * events until the open has ended.
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
		.grain = crash_grains[seed % CRASH_GRAINS_NR],
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		crash_test(a_fresh_region_survives_a_power_loss_at_any_moment),
		crash_test(a_region_on_virtio_pmem_survives_a_power_loss_at_any_moment),
		crash_test(a_used_region_survives_a_power_loss_at_any_moment),
		crash_test(a_region_survives_a_second_power_loss_at_any_moment),
	};
	int failed;

	/* test_planted asks for one test. */
	cmocka_set_test_filter(getenv("TEST"));
	failed = rig_main("crash", tests);
	/* tests/crash/run adds these numbers up. */
	print_message("# crash: %lu states, %lu violations\n", crash_images,
		      crash_violations);
	return failed;
}
