// SPDX-License-Identifier: GPL-2.0
/*
 * recorder.c - the stores to the medium in order, and what a power loss leaves
 *
 * A store is durable once a fence follows it, or a flush if the medium needs one.
 * Stores since then may reach the medium in part, in any order, in pieces of 8 bytes.
 * Two stores to the same place keep their order.
 */
#include <stdlib.h>
#include <string.h>
#include "pattern.h"
#include "recorder.h"

/* The record that is under way. */
static struct recorder *recording;

static struct recorder_event *recorder_add(struct recorder *recorder)
{
	if (recorder->events_nr == recorder->room) {
		recorder->room = recorder->room ? 2 * recorder->room : 256;
		recorder->event = realloc(recorder->event, recorder->room *
					  sizeof(*recorder->event));
		if (!recorder->event)
			abort();
	}
	memset(&recorder->event[recorder->events_nr], 0, sizeof(*recorder->event));
	return &recorder->event[recorder->events_nr++];
}

static void recorder_add_store(struct recorder *recorder, u64 off, const void *data,
			       size_t bytes)
{
	struct recorder_event *event = recorder_add(recorder);

	event->kind = RECORDER_STORE;
	event->off = off;
	event->bytes = bytes;
	event->data = malloc(bytes);
	if (!event->data)
		abort();
	memcpy(event->data, data, bytes);
}

static void recorder_store(void *context, void *dst, const void *src,
			   size_t bytes)
{
	struct recorder *recorder = context;

	recorder_add_store(recorder, (char *)dst - recorder->base, src, bytes);
	memcpy(dst, src, bytes);
}

static void recorder_fence(void *context)
{
	recorder_add(context)->kind = RECORDER_FENCE;
}

int recorder_flush(const struct psw_pmem *pmem)
{
	recorder_add(recording)->kind = RECORDER_FLUSH;
	return 0;
}

void recorder_write(struct recorder *recorder, u64 off, const void *data, size_t bytes)
{
	recorder_add_store(recorder, off, data, bytes);
	recorder_fence(recorder);
}

void recorder_mark(struct recorder *recorder, u64 mark)
{
	struct recorder_event *event = recorder_add(recorder);

	event->kind = RECORDER_MARK;
	event->mark = mark;
}

void recorder_start(struct recorder *recorder, void *base)
{
	memset(recorder, 0, sizeof(*recorder));
	recorder->base = base;
	recorder->observer.store = recorder_store;
	recorder->observer.fence = recorder_fence;
	recorder->observer.context = recorder;
	recording = recorder;
	shim_pmem_observe(&recorder->observer);
}

void recorder_stop(struct recorder *recorder)
{
	(void)recorder;
	recording = NULL;
	shim_pmem_observe(NULL);
}

void recorder_free(struct recorder *recorder)
{
	size_t i;

	for (i = 0; i < recorder->events_nr; i++)
		free(recorder->event[i].data);
	free(recorder->event);
	memset(recorder, 0, sizeof(*recorder));
}

/* Whether an event makes the stores before it durable. */
static bool recorder_is_durable_at(const struct recorder *recorder, size_t at)
{
	return recorder->event[at].kind ==
	       (recorder->needs_flush ? RECORDER_FLUSH : RECORDER_FENCE);
}

size_t recorder_fences(const struct recorder *recorder)
{
	size_t i, fences = 0;

	for (i = 0; i < recorder->events_nr; i++)
		fences += recorder_is_durable_at(recorder, i);
	return fences;
}

u64 recorder_bytes(const struct recorder *recorder, u64 off, u64 bytes)
{
	u64 sum = 0;
	size_t i;

	for (i = 0; i < recorder->events_nr; i++) {
		const struct recorder_event *event = &recorder->event[i];

		if (event->kind == RECORDER_STORE && event->off >= off &&
		    event->off + event->bytes <= off + bytes)
			sum += event->bytes;
	}
	return sum;
}

/* Number of events that are durable. */
static size_t recorder_durable(const struct recorder *recorder,
			       const struct recorder_crash *crash)
{
	size_t durable = 0;
	long fence = 0;
	size_t i;

	for (i = 0; i < crash->at; i++)
		if (recorder_is_durable_at(recorder, i) && fence++ != crash->dropped)
			durable = i + 1;
	return durable;
}

static void recorder_apply_part(const struct recorder_event *event,
				const struct recorder_crash *crash, u64 *random,
				char *image)
{
	size_t grain = crash->grain ? crash->grain : event->bytes;
	size_t at, bytes;

	for (at = 0; at < event->bytes; at += bytes) {
		u64 off = event->off + at;

		bytes = grain - (crash->grain ? off % grain : 0);
		if (bytes > event->bytes - at)
			bytes = event->bytes - at;
		if (crash->seed == RECORDER_ALL || random_next(random) & 1)
			memcpy(image + off, (char *)event->data + at, bytes);
	}
}

void recorder_replay(const struct recorder *recorder,
		     const struct recorder_crash *crash, void *image)
{
	size_t durable = recorder_durable(recorder, crash);
	u64 random = crash->seed;
	size_t i;

	for (i = 0; i < crash->at; i++) {
		const struct recorder_event *event = &recorder->event[i];

		if (event->kind != RECORDER_STORE)
			continue;
		if (i < durable)
			memcpy((char *)image + event->off, event->data,
			       event->bytes);
		else if (crash->seed != RECORDER_NONE)
			recorder_apply_part(event, crash, &random, image);
	}
}
