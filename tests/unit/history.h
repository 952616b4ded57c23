/* SPDX-License-Identifier: GPL-2.0 */
/*
 * history.h - a recorded history of a region, and what a power loss may leave
 */
#ifndef HISTORY_H
#define HISTORY_H

#include "recorder.h"
#include "steer.h"

#define HISTORY_BYTES	PSW_REGION_BYTES_MIN
#define EXPECTED_MAX	200u
#define RETIRED_MAX	8u

/**
 * struct expected - what the medium must hold after a power loss
 * @done: wear of the slots as it was last written
 * @older: wear in the current copy of the table, or NULL. Blocks of an unfinished
 *	checkpoint or round are newer than that copy. The next checkpoint writes
 *	over these blocks; if it is interrupted as well, @older is what is left
 * @next: wear that an unfinished update writes, or NULL
 * @sequence: sequence number of the current superblock
 * @sequence_next: sequence number that an unfinished update writes, or 0
 * @state: PSW_MEDIA_STATE_* of the current superblock
 * @state_next: PSW_MEDIA_STATE_* of the superblock with @sequence_next
 * @retired: slots that are on the bad-slot list, then those that an unfinished update
 *	adds to it
 * @retired_nr: number of slots that are on the list
 * @retiring_nr: number of slots that may be on it
 */
struct expected {
	u32 *done;
	u32 *older;
	u32 *next;
	u64 sequence;
	u64 sequence_next;
	u32 state;
	u32 state_next;
	u32 retired[RETIRED_MAX];
	unsigned int retired_nr;
	unsigned int retiring_nr;
};

/**
 * struct history - a recorded history
 * @rig: the region that it is recorded on
 * @before: the medium before the record, as a file to map
 * @recorder: the record; each mark is an index of @expected
 * @expected: what must be found after a power loss, by mark
 * @expected_nr: number of @expected
 * @now: what is expected from here on
 * @wear: allocations that @expected points to
 * @wears_nr: number of @wear
 */
struct history {
	struct rig rig;
	int before;
	struct recorder recorder;
	struct expected expected[EXPECTED_MAX];
	unsigned int expected_nr;
	struct expected now;
	u32 *wear[EXPECTED_MAX];
	unsigned int wears_nr;
};

/*
 * Begin and end a history on the medium of @rig. If @rig has a flush, which must be
 * recorder_flush(), stores are durable after a flush alone.
 */
void history_start(struct history *history, struct rig *rig);
void history_stop(struct history *history);
void history_free(struct history *history);

/* Add @history->now to what is expected, with a mark. */
void history_expect(struct history *history);

/* Operations on the region; each records what is expected during and after it. */
void history_open(struct history *history);
void history_store(struct history *history, u64 first, u64 pages);
void history_checkpoint(struct history *history);
void history_close(struct history *history);

/* Sweep @blocks table blocks, with a store after each. Return: pages moved. */
unsigned int history_sweep(struct history *history, u64 blocks);

/* Let the medium lose a page. A load finds that out and retires its slot. */
void history_lose_page(struct history *history, u64 offset);

/* Add page writes to every second slot, so that the sweep finds pages to move. */
void history_wear_unevenly(struct history *history);

#endif /* HISTORY_H */
