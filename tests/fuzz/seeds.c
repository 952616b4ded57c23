// SPDX-License-Identifier: GPL-2.0
/*
 * seeds.c - the inputs that fuzzing begins with
 *
 * Usage: seeds DIR
 *
 * Each seed becomes a file. One that a target has found becomes a seed when its bug
 * is fixed: show prints it in this form.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "image.h"
#include "script.h"

/* Index of a field in PSW_MEDIA_FIELDS. */
#define FIELD_INDEX(structure, name, off, bytes)	structure##_##name,
enum { PSW_MEDIA_FIELDS(FIELD_INDEX) };
#undef FIELD_INDEX

#define FIELD(structure, name, flags, at, part, value) \
	{ STEP_FIELD, flags, at, structure##_##name, part, value }
#define SUPER(name, at, value)	FIELD(psw_media_super, name, STEP_SEALED, at, 0, value)

struct seed {
	const char *name;
	struct script_step step[8];
	size_t steps_nr;
};

#define SEED(name, ...) \
	{ name, { __VA_ARGS__ }, \
	  sizeof((struct script_step[]){ __VA_ARGS__ }) / sizeof(struct script_step) }
#define BASE(base)	{ STEP_BASE, 0, 0, 0, 0, base }

static const struct seed seeds[] = {
	SEED("a-fresh-region", BASE(IMAGE_FRESH)),
	SEED("a-used-region", BASE(IMAGE_USED)),
	SEED("an-unclean-shutdown", BASE(IMAGE_UNCLEAN)),
	SEED("pages-are-stored-loaded-and-invalidated",
	     BASE(IMAGE_USED),
	     { STEP_STORE, 0, 0, 0, 127, 0 },
	     { STEP_SWEEP, 0, 0, 0, 0, 0 },
	     { STEP_STORE, 0, 0, 0, 300, 0 },
	     { STEP_SWEEP, 0, 0, 0, 0, 0 },
	     { STEP_LOAD, 0, 5, 0, 0, 0 },
	     { STEP_INVALIDATE, 0, 5, 0, 0, 0 },
	     { STEP_LOAD, 0, 5, 0, 0, 0 }),
	SEED("slots-decay-under-their-pages",
	     { STEP_STORE, 0, 0, 0, 127, 0 },
	     { STEP_DECAY, 0, 0, 0, 40, 0 },
	     { STEP_LOAD, 0, 3, 0, 0, 0 },
	     { STEP_STORE, 0, 3, 0, 30, 0 }),
	SEED("slots-are-unreadable",
	     { STEP_POISON, STEP_KNOWN, 600, 0, 3, 0 },
	     { STEP_POISON, 0, 700, 0, 7, 0 },
	     { STEP_STORE, 0, 0, 0, 511, 0 }),
	SEED("the-primary-superblock-is-damaged",
	     BASE(IMAGE_USED), { STEP_BYTES, 0, 0, 30, 0, 0xff }),
	SEED("the-secondary-superblock-is-unreadable",
	     BASE(IMAGE_USED), { STEP_POISON, 0, 2047, 0, 0, 0 }),
	SEED("the-superblocks-are-exchanged",
	     BASE(IMAGE_USED), { STEP_SWAP, 0, 0, 19, 0, 0 }),
	SEED("both-superblocks-have-another-version",
	     SUPER(version, 0, 2), SUPER(version, 1, 2)),
	SEED("an-unknown-incompat-feature",
	     SUPER(incompat, 0, 1), SUPER(incompat, 1, 1)),
	SEED("an-impossible-state", SUPER(state, 0, 3), SUPER(state, 1, 3)),
	SEED("offsets-that-are-forged",
	     SUPER(data_off, 0, 4096), SUPER(table_off, 1, ~0ull - 4095)),
	SEED("more-slots-than-there-are",
	     SUPER(slots_nr, 0, ~0ull), SUPER(slots_nr, 1, ~0ull)),
	SEED("more-table-blocks-than-there-are",
	     SUPER(table_blocks, 0, 1ull << 32), SUPER(table_blocks, 1, 1ull << 32)),
	SEED("a-larger-bad-slot-list",
	     SUPER(bad_blocks, 0, 1ull << 40), SUPER(bad_blocks, 1, 1ull << 40)),
	SEED("counters-at-their-limit",
	     SUPER(sequence, 0, PSW_COUNTER_MAX), SUPER(sequence, 1, PSW_COUNTER_MAX - 1),
	     SUPER(table_generation, 0, PSW_COUNTER_MAX)),
	SEED("a-secondary-of-another-format",
	     BASE(IMAGE_USED), SUPER(table_seed, 1, 99)),
	SEED("the-device-became-smaller",
	     BASE(IMAGE_USED), { STEP_RESIZE, 0, 0, 0, 0, IMAGE_BYTES - 4096 }),
	SEED("the-device-became-larger",
	     BASE(IMAGE_USED), { STEP_RESIZE, 0, 0, 0, 0, IMAGE_BYTES + (1 << 20) },
	     { STEP_BYTES, 0, 0, 0, 0, 1 }),
	SEED("the-device-became-tiny", { STEP_RESIZE, 0, 0, 0, 0, 5000 }),
	SEED("a-table-block-is-torn",
	     BASE(IMAGE_USED), { STEP_BYTES, 0, 3, 2000, 0, 0x10 }),
	SEED("a-table-block-is-lost",
	     BASE(IMAGE_USED), { STEP_BYTES, 0, 3, 2000, 0, 1 },
	     { STEP_BYTES, 0, 10, 2000, 0, 1 }),
	SEED("a-table-block-is-unreadable",
	     BASE(IMAGE_UNCLEAN), { STEP_POISON, STEP_KNOWN, 2, 0, 0, 0 }),
	SEED("a-table-block-of-another-place",
	     BASE(IMAGE_USED), { STEP_COPY, 0, 3, 4, 0, 0 }),
	SEED("generations-that-are-forged",
	     { STEP_TABLE, 0, 0, 7, 0, PSW_GENERATION_MAX + 1 },
	     { STEP_TABLE, 0, 1, 9, 0, PSW_COUNTER_MAX + 1 }),
	SEED("wear-that-is-forged",
	     { STEP_TABLE, 0, 4, 0xffff, 0xffff, 5 },
	     { STEP_STORE, 0, 0, 0, 511, 0 }),
	SEED("flags-that-are-forged",
	     BASE(IMAGE_UNCLEAN), { STEP_TABLE, 0, 2, 3, 15, 9 },
	     FIELD(psw_media_entry, flags, STEP_SEALED, 4, 7, 0xffff)),
	SEED("a-block-has-too-many-entries",
	     BASE(IMAGE_USED),
	     FIELD(psw_media_table_block, entries_nr, STEP_SEALED, 0, 0, 0xffffffff),
	     FIELD(psw_media_table_block, entries_nr, STEP_SEALED, 1, 0, 0xffffffff)),
	SEED("a-bad-slot-is-beyond-the-end",
	     { STEP_BAD, 0, 0, 1, 0, 1ull << 40 }, { STEP_BAD, 0, 1, 2, 0, 17 }),
	SEED("a-bad-slot-behind-a-gap",
	     { STEP_BAD, 0, 3, 1, 0, 100 }, { STEP_BAD, 0, 300, 2, 0, 101 }),
	SEED("a-torn-entry-of-the-bad-slot-list",
	     BASE(IMAGE_USED), { STEP_BYTES, 0, 15, 16, 0, 0x55 }),
	SEED("the-bad-slot-list-is-unreadable",
	     BASE(IMAGE_USED), { STEP_POISON, 0, 15, 0, 0, 0 }),
};

static int write_seed(const char *directory, const struct seed *seed)
{
	char path[4096];
	FILE *file;
	int err;

	snprintf(path, sizeof(path), "%s/%s", directory, seed->name);
	file = fopen(path, "w");
	if (!file) {
		perror(path);
		return 1;
	}
	fwrite(seed->step, sizeof(*seed->step), seed->steps_nr, file);
	err = ferror(file);
	return fclose(file) || err;
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc != 2) {
		fputs("Usage: seeds DIR\n", stderr);
		return 2;
	}
	if (mkdir(argv[1], 0777) && errno != EEXIST) {
		perror(argv[1]);
		return 1;
	}
	for (i = 0; i < sizeof(seeds) / sizeof(*seeds); i++)
		if (write_seed(argv[1], &seeds[i]))
			return 1;
	return 0;
}
