/* SPDX-License-Identifier: GPL-2.0 */
/*
 * life.h - a recorded life of a region, and what a cut may leave of it
 */
#ifndef LIFE_H
#define LIFE_H

#include "recorder.h"
#include "steer.h"

#define CRASH_BYTES	PSW_REGION_BYTES_MIN
#define PROMISES_MAX	200u
#define RETIRED_MAX	8u

/**
 * struct promise - what a cut may leave, from a mark in the record on
 * @done: wear of the slots as last written for certain
 * @older: wear that the table in force says, where an open found newer blocks of
 *	a checkpoint that was cut off; or NULL. The next checkpoint writes over
 *	those blocks, so if it is cut off in turn, this is what is left. Likewise
 *	the wear that a round has written to its blocks, where a close writes all
 *	of them before the round is over
 * @next: wear as an operation under way writes it, or NULL
 * @sequence: of the superblock in force for certain
 * @sequence_next: of one that may be in force already, or 0
 * @state: PSW_MEDIA_STATE_* in force for certain
 * @state_next: of the one with @sequence_next
 * @retired: slots that are retired for certain
 * @retired_nr: how many
 * @retiring: another one that may be, or PSW_SLOT_NONE
 */
struct promise {
	u32 *done;
	u32 *older;
	u32 *next;
	u64 sequence;
	u64 sequence_next;
	u32 state;
	u32 state_next;
	u32 retired[RETIRED_MAX];
	unsigned int retired_nr;
	u32 retiring;
};

/**
 * struct life - a recorded life
 * @rig: the region it is recorded on
 * @before: the medium before, as a file to map
 * @recorder: the record; its marks number the promises
 * @promise: the promises
 * @promises_nr: how many
 * @now: the promise that is being made
 * @wear: all wear that promises speak of
 * @wears_nr: how many
 */
struct life {
	struct rig rig;
	int before;
	struct recorder recorder;
	struct promise promise[PROMISES_MAX];
	unsigned int promises_nr;
	struct promise now;
	u32 *wear[PROMISES_MAX];
	unsigned int wears_nr;
};

void life_promise(struct life *life);
void life_open(struct life *life);
void life_store(struct life *life, u64 first, u64 pages);
void life_checkpoint(struct life *life);
unsigned int life_walk(struct life *life, u64 blocks);
void life_lose(struct life *life, u64 offset);
void life_close(struct life *life);
void life_start(struct life *life, struct rig *rig);
void life_stop(struct life *life);
void life_free(struct life *life);
void life_wear_unevenly(struct life *life);

#endif /* LIFE_H */
