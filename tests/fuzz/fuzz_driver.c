// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_driver.c - fuzz target: open a damaged region, use it, close it, open it again
 *
 * The open succeeds, or refuses with a message and writes nothing. If it succeeds,
 * each page loads right or as lost, and the wear survives the close.
 */
#include "check.h"
#include "damage.h"
#include "driver.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	driver_make_bases(image_get());
	return 0;
}

/* Updates of the superblock in one run, and more. */
#define UPDATES_MAX	64u

static bool is_near_limit(__le64 counter)
{
	return __le64_to_cpu(counter) > PSW_COUNTER_MAX - UPDATES_MAX;
}

static bool super_is_near_limit(const struct psw_media_super *super)
{
	return super && (is_near_limit(super->sequence) ||
			 is_near_limit(super->table_generation[0]) ||
			 is_near_limit(super->table_generation[1]));
}

/* The next generations do not continue from this one: see PSW_GENERATION_MAX. */
static bool block_is_forged(const struct psw_media_table_block *block)
{
	return block && __le64_to_cpu(block->generation) > PSW_GENERATION_MAX;
}

/*
 * Counters that are forged so high that they reach their limit stay there. A forged
 * block stays current until the next write of its copy.
 */
static bool counters_are_forged(const struct image *image)
{
	const struct psw_geometry *geo = &image->geo;
	__u64 index;
	int copy;

	for (copy = 0; copy < 2; copy++) {
		if (super_is_near_limit(image_at(image, geo->super_off[copy])))
			return true;
		for (index = 0; index < geo->table_blocks; index++)
			if (block_is_forged(image_at(image,
					psw_table_block_off(geo, copy, index))))
				return true;
	}
	return false;
}

/* Poison may hit the copies that were written, or cost too many slots. */
static void open_again(struct image *image, struct driver_facts before,
		       bool is_forged)
{
	struct driver_facts after;
	int err = driver_open(image);

	fuzz_require(!err || image->poison_nr, "the second open: error %d", err);
	if (err)
		return;
	after = driver_facts();
	driver_close();
	if (is_forged || image->poison_nr)
		return;
	fuzz_require(after.wear_sum == before.wear_sum, "wear has changed over a close");
	/* An entry behind a gap of the list is read once the gap is filled. */
	fuzz_require(after.bad_nr >= before.bad_nr, "a close has forgotten bad slots");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct image *image = image_get();
	struct driver_facts facts;
	struct script script;
	bool is_forged;

	script_read(&script, data, bytes);
	damage_image(image, &script);
	is_forged = counters_are_forged(image);
	if (driver_open(image))
		return 0;
	driver_use(image, &script);
	driver_verify();
	facts = driver_facts();
	driver_close();
	open_again(image, facts, is_forged);
	return 0;
}
