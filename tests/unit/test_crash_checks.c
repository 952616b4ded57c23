// SPDX-License-Identifier: GPL-2.0
/*
 * test_crash_checks.c - proof that the checks after a power loss can fail
 *
 * A record is changed: a fence is left out, or stores are in a wrong order. A power
 * loss somewhere must then leave an image that a check rejects.
 */
#include "crash.h"

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

/* Whether the table is complete at a fence: a superblock follows. */
static bool ends_checkpoint(const struct history *history, long fence, size_t *at)
{
	struct psw_geometry geo = rig_geometry(&history->rig);
	u64 off;

	if (fence_role(history, fence, at) != ROLE_TABLE)
		return false;
	off = history->recorder.event[*at + 1].off;
	return off == geo.super_off[0] || off == geo.super_off[1];
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
		while (!ends_checkpoint(history, ++fence, &at))
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
		crash_test(each_missing_metadata_fence_is_noticed),
		crash_test(a_superblock_written_before_its_table_is_noticed),
		crash_test(a_table_written_over_the_current_copy_is_noticed),
	};

	return rig_main("crash checks", tests);
}
