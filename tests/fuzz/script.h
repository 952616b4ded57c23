/* SPDX-License-Identifier: GPL-2.0 */
/*
 * script.h - the input of a fuzz target: steps that damage and use a region
 *
 * A raw image of 8 MiB is a bad input: nearly every change of it only breaks a
 * checksum. A script is short, and every script is valid. Its steps damage the
 * image of a sound region, and repair the checksums if they say so.
 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stddef.h>
#include <stdint.h>

#define SCRIPT_STEPS_MAX	64u

/*
 * What a step does, and which of its numbers it uses. Steps down to STEP_POISON
 * damage the image. The others use an open region; they go to the driver alone.
 */
#define SCRIPT_STEPS(STEP) \
	STEP(STEP_BASE)		/* begin again with base image @value */ \
	STEP(STEP_FIELD)	/* write @value to field @field of structure @at, part @part */ \
	STEP(STEP_BYTES)	/* exclusive-or byte @field of block @at with @value */ \
	STEP(STEP_COPY)		/* copy block @field to block @at */ \
	STEP(STEP_SWAP)		/* exchange blocks @field and @at */ \
	STEP(STEP_TABLE)	/* make table block @at, of generation @value and wear @field */ \
	STEP(STEP_BAD)		/* make entry @at of the bad-slot list, for slot @value */ \
	STEP(STEP_RESIZE)	/* set the size of the device to @value */ \
	STEP(STEP_POISON)	/* make @part blocks unreadable from block @at on */ \
	STEP(STEP_STORE)	/* store page @at and @part pages after it */ \
	STEP(STEP_LOAD)		/* load page @at */ \
	STEP(STEP_INVALIDATE)	/* invalidate page @at */ \
	STEP(STEP_DECAY)	/* change a byte of @part slots from slot @at on */ \
	STEP(STEP_SWEEP)	/* write the blocks of the slot table that are due */

#define SCRIPT_KIND(name)	name,
enum script_kind { SCRIPT_STEPS(SCRIPT_KIND) STEPS_NR };
#undef SCRIPT_KIND

/* script_step.flags */
#define STEP_SEALED	1u	/* the damage gets a valid checksum */
#define STEP_KNOWN	2u	/* the device reports the poison as bad blocks */

/**
 * struct script_step - one step, as it is in the input, in native byte order
 * @kind: enum script_kind, modulo STEPS_NR
 * @flags: STEP_SEALED, STEP_KNOWN
 * @at: where, modulo the number of places
 * @field: what, likewise
 * @part: which part, or how many
 * @value: what to write
 */
struct script_step {
	uint8_t kind;
	uint8_t flags;
	uint16_t at;
	uint16_t field;
	uint16_t part;
	uint64_t value;
};

/**
 * struct script - a script
 * @step: its steps
 * @steps_nr: number of steps
 */
struct script {
	struct script_step step[SCRIPT_STEPS_MAX];
	size_t steps_nr;
};

/* Take a script from an input; bytes behind the last whole step are ignored. */
void script_read(struct script *script, const uint8_t *data, size_t bytes);

static inline enum script_kind script_kind(const struct script_step *step)
{
	return step->kind % STEPS_NR;
}

#endif /* SCRIPT_H */
