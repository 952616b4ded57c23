/* SPDX-License-Identifier: GPL-2.0 */
/*
 * recorder.h - the stores to the medium in order, and what a power loss leaves
 */
#ifndef RECORDER_H
#define RECORDER_H

#include <shim.h>

/**
 * struct recorder_event - a store, a fence, a flush or a mark
 * @kind: which of them
 * @off: of a store, its offset on the medium
 * @bytes: of a store, its size
 * @data: of a store, the bytes; otherwise NULL
 * @mark: of a mark, a number chosen by the test
 */
struct recorder_event {
	enum { RECORDER_STORE, RECORDER_FENCE, RECORDER_FLUSH, RECORDER_MARK } kind;
	u64 off;
	size_t bytes;
	void *data;
	u64 mark;
};

/**
 * struct recorder - the record of one thread's stores
 * @base: the first byte of the medium
 * @event: the events
 * @events_nr: number of events
 * @room: number of events that fit in @event
 * @needs_flush: stores are durable after a flush, as on virtio-pmem; otherwise after
 *	a fence
 * @observer: what the shim calls
 */
struct recorder {
	char *base;
	struct recorder_event *event;
	size_t events_nr;
	size_t room;
	bool needs_flush;
	struct shim_pmem_observer observer;
};

/* Begin and end a record of the stores to the medium at @base. */
void recorder_start(struct recorder *recorder, void *base);
void recorder_stop(struct recorder *recorder);
void recorder_free(struct recorder *recorder);

/* Add a flush to the record that is under way; for struct psw_pmem. Return: 0. */
struct psw_pmem;
int recorder_flush(const struct psw_pmem *pmem);

/* Add a store that is durable when it returns; it is not done here. */
void recorder_write(struct recorder *recorder, u64 off, const void *data, size_t bytes);

/* Add a mark to the record. */
void recorder_mark(struct recorder *recorder, u64 mark);

/* Number of fences or flushes that make stores durable, and number of bytes stored from @off to @off + @bytes. */
size_t recorder_fences(const struct recorder *recorder);
u64 recorder_bytes(const struct recorder *recorder, u64 off, u64 bytes);

/**
 * struct recorder_crash - a power loss
 * @at: number of events before the power loss; later events did not happen
 * @dropped: number of a fence or flush to leave out, of those that make stores
 *	durable; -1 for none
 * @seed: selects which unfenced stores reached the medium; RECORDER_ALL and
 *	RECORDER_NONE are not random
 * @grain: bytes that reach the medium together: 8, 64 or 256; 0 for whole stores
 */
struct recorder_crash {
	size_t at;
	long dropped;
	u64 seed;
	unsigned int grain;
};

#define RECORDER_NONE	0ull
#define RECORDER_ALL	(~0ull)

/**
 * recorder_replay() - make the image that a power loss leaves
 * @recorder: the record
 * @crash: the power loss
 * @image: the medium as it was before the record; updated
 */
void recorder_replay(const struct recorder *recorder,
		     const struct recorder_crash *crash, void *image);

#endif /* RECORDER_H */
