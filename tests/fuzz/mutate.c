// SPDX-License-Identifier: GPL-2.0
/*
 * mutate.c - how libFuzzer changes a script
 *
 * Bytes of a script that change at random mostly leave it equivalent. So most
 * changes are of whole steps, and take numbers that the readers compare with.
 */
#include <string.h>
#include "damage.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t bytes, size_t bytes_max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t bytes_max,
			       unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_bytes,
				 const uint8_t *other, size_t other_bytes, uint8_t *out,
				 size_t out_bytes_max, unsigned int seed);

static uint64_t random_state;

static uint64_t random_below(uint64_t limit)
{
	random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
	return (random_state >> 33) % limit;
}

/* Numbers at the bounds of the format. */
static uint64_t random_value(void)
{
	static const uint64_t values[] = {
		0, 1, 2, 3, 4095, 4096, 0xffff, 0x7fffffff, 0xffffffff,
		PSW_MEDIA_ENTRIES_PER_BLOCK, PSW_SLOTS_NR_MAX, PSW_REGION_BYTES_MIN,
		PSW_GENERATION_MAX, PSW_COUNTER_MAX, 1ull << 63, ~0ull,
	};
	uint64_t value = values[random_below(sizeof(values) / sizeof(*values))];

	return value + random_below(3) - 1;
}

/* Below 1 << @bits, and small as often as large. */
static uint16_t random_place(unsigned int bits)
{
	return (uint16_t)random_below(1ull << random_below(bits + 1));
}

/* Most fields are of the superblock. Those behind it get half of the changes. */
static uint16_t random_field(void)
{
	const unsigned int others_nr = 14;

	if (random_below(2))
		return (uint16_t)random_below(damage_fields_nr);
	return (uint16_t)(damage_fields_nr - 1 - random_below(others_nr));
}

static struct script_step random_step(void)
{
	return (struct script_step) {
		.kind = (uint8_t)(random_below(4) ? random_below(STEPS_NR) : STEP_FIELD),
		/* Most damage has a valid checksum. */
		.flags = (uint8_t)(random_below(4) ? random_below(4) | STEP_SEALED :
				   random_below(4)),
		.at = random_place(11),
		.field = random_below(2) ? random_field() : random_place(12),
		.part = random_place(9),
		.value = random_below(4) ? random_value() : random_below(1 << 24),
	};
}

static void change_step(struct script_step *step)
{
	struct script_step other = random_step();

	switch (random_below(6)) {
	case 0:
		step->kind = other.kind;
		break;
	case 1:
		step->flags = other.flags;
		break;
	case 2:
		step->at = other.at;
		break;
	case 3:
		step->field = other.field;
		break;
	case 4:
		step->part = other.part;
		break;
	default:
		step->value = other.value;
	}
}

static void insert_step(struct script *script, size_t steps_max)
{
	size_t at = random_below(script->steps_nr + 1);
	struct script_step *step = &script->step[at];

	if (script->steps_nr >= steps_max)
		return;
	memmove(step + 1, step, (script->steps_nr - at) * sizeof(*step));
	script->steps_nr++;
	*step = random_step();
	/* Two similar steps can damage both copies. */
	if (at && !random_below(3)) {
		*step = step[-1];
		change_step(step);
	}
}

static void remove_step(struct script *script)
{
	size_t at = random_below(script->steps_nr);
	struct script_step *step = &script->step[at];

	script->steps_nr--;
	memmove(step, step + 1, (script->steps_nr - at) * sizeof(*step));
}

static void exchange_steps(struct script *script)
{
	struct script_step *one = &script->step[random_below(script->steps_nr)];
	struct script_step *other = &script->step[random_below(script->steps_nr)];
	struct script_step kept = *one;

	*one = *other;
	*other = kept;
}

static void change_script(struct script *script, size_t steps_max)
{
	switch (script->steps_nr ? random_below(8) : 0) {
	case 0:
	case 1:
	case 2:
	case 3:
		insert_step(script, steps_max);
		break;
	case 4:
		remove_step(script);
		break;
	case 5:
		exchange_steps(script);
		break;
	default:
		change_step(&script->step[random_below(script->steps_nr)]);
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t bytes_max,
			       unsigned int seed)
{
	size_t steps_max = bytes_max / sizeof(struct script_step);
	struct script script;

	random_state = seed;
	if (!random_below(16))
		return LLVMFuzzerMutate(data, bytes, bytes_max);
	if (steps_max > SCRIPT_STEPS_MAX)
		steps_max = SCRIPT_STEPS_MAX;
	script_read(&script, data, bytes);
	do {
		change_script(&script, steps_max);
	} while (random_below(2));
	memcpy(data, script.step, script.steps_nr * sizeof(*script.step));
	return script.steps_nr * sizeof(*script.step);
}

/* The first steps of one script, then the last steps of the other. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_bytes,
				 const uint8_t *other, size_t other_bytes, uint8_t *out,
				 size_t out_bytes_max, unsigned int seed)
{
	const size_t unit = sizeof(struct script_step);
	size_t head, tail;

	random_state = seed;
	head = random_below(one_bytes / unit + 1) * unit;
	tail = random_below(other_bytes / unit + 1) * unit;
	if (head > out_bytes_max)
		head = out_bytes_max / unit * unit;
	if (tail > out_bytes_max - head)
		tail = (out_bytes_max - head) / unit * unit;
	memcpy(out, one, head);
	memcpy(out + head, other + other_bytes / unit * unit - tail, tail);
	return head + tail;
}
