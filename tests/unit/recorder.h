/* SPDX-License-Identifier: GPL-2.0 */
/*
 * recorder.h - what was stored to the medium, in order, and what of it a power
 *	cut at any moment may leave
 */
#ifndef RECORDER_H
#define RECORDER_H

#include <shim.h>

/**
 * struct recorder_event - a store, a fence or a mark
 * @kind: which
 * @off: of a store, where on the medium
 * @bytes: of a store, how many
 * @data: of a store, what; of a mark NULL
 * @mark: of a mark, what the test wants to remember there
 */
struct recorder_event {
	enum { RECORDER_STORE, RECORDER_FENCE, RECORDER_MARK } kind;
	u64 off;
	size_t bytes;
	void *data;
	u64 mark;
};

/**
 * struct recorder - the record of one thread's stores
 * @base: the first byte of the medium
 * @event: the events
 * @events_nr: how many
 * @room: for how many there is room
 * @observer: what the shim calls
 */
struct recorder {
	char *base;
	struct recorder_event *event;
	size_t events_nr;
	size_t room;
	struct shim_pmem_observer observer;
};

/* Begin and end a record of the stores to the medium at @base. */
void recorder_start(struct recorder *recorder, void *base);
void recorder_stop(struct recorder *recorder);
void recorder_free(struct recorder *recorder);

/* Remember that the test got here. */
void recorder_mark(struct recorder *recorder, u64 mark);

/* How many fences there are, and bytes stored at @off up to @off + @bytes. */
size_t recorder_fences(const struct recorder *recorder);
u64 recorder_bytes(const struct recorder *recorder, u64 off, u64 bytes);

/**
 * struct recorder_cut - a power cut
 * @at: events before the cut; those from there on never happened
 * @dropped: number of a fence that is taken as not there; -1 for none
 * @seed: which of the stores that no fence has made durable reached the medium;
 *	RECORDER_ALL and RECORDER_NONE are not random
 * @grain: bytes that reach the medium together: 8, 64 or 256; 0 for whole stores
 */
struct recorder_cut {
	size_t at;
	long dropped;
	u64 seed;
	unsigned int grain;
};

#define RECORDER_NONE	0ull
#define RECORDER_ALL	(~0ull)

/**
 * recorder_replay() - what the medium holds after a power cut
 * @recorder: the record
 * @cut: the cut
 * @image: what the medium held before the record; brought up to date
 */
void recorder_replay(const struct recorder *recorder,
		     const struct recorder_cut *cut, void *image);

#endif /* RECORDER_H */
