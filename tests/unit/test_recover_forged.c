// SPDX-License-Identifier: GPL-2.0
/*
 * test_recover_forged.c - slot tables with forged flags and wear after an unclean shutdown
 */
#include "recovery.h"

/**
 * struct forgery - a forged slot table
 * @flags: flags of the slots with even and with odd numbers
 * @wear: wear of the slots with even and with odd numbers
 * @generation: generation of block 0; each later block has one more
 * @attachments: attach_generation of the superblock
 */
struct forgery {
	u16 flags[2];
	u32 wear[2];
	u64 generation;
	u64 attachments;
};

#define USED	PSW_MEDIA_SLOT_USED
#define BUSY	PSW_MEDIA_SLOT_BUSY
#define LEAVING	PSW_MEDIA_SLOT_LEAVING
#define BAD	PSW_MEDIA_SLOT_BAD

static const struct forgery forgeries[] = {
	/* No slot is in use, so there is no most worn one. */
	{ { USED, USED }, { 0, U32_MAX }, 1, 1 },
	{ { USED | LEAVING, USED | LEAVING }, { 0, U32_MAX }, 1, 1 },
	{ { USED | LEAVING, USED }, { 5, 7 }, 1, 1 },
	/* All slots are in use, with wear at its limit or close to it. */
	{ { 0, 0 }, { U32_MAX, U32_MAX }, 1, 1 },
	{ { 0, 0 }, { U32_MAX - 1, U32_MAX }, 1, 1 },
	{ { 0, 0 }, { 0, U32_MAX }, 1, 1 },
	{ { USED | BUSY, USED | LEAVING }, { U32_MAX, U32_MAX - 2 }, 1, 1 },
	/* Flags that contradict each other, or that are unknown. */
	{ { LEAVING, BUSY }, { 3, 900 }, 1, 1 },
	{ { USED | BUSY | LEAVING, 0xfff0 }, { 0, 100 }, 1, 1 },
	{ { 0xffff, 0xfffd }, { U32_MAX, 1 }, 1, 1 },
	{ { BAD | LEAVING, 0 }, { U32_MAX, 1 }, 1, 1 },
	/* Unclean though never attached; each block newer than the one before. */
	{ { 0, USED | LEAVING }, { 0, 1000 }, 1, 0 },
	{ { 0, USED | LEAVING }, { 1000, 0 }, PSW_COUNTER_MAX - 10, PSW_COUNTER_MAX - 1 },
};

static void forge(struct rig *rig, const struct forgery *forgery)
{
	struct psw_geometry geo = rig_geometry(rig);
	u64 seed = le64_to_cpu(rig_super(rig, 0)->table_seed);
	u64 index;
	int copy;
	u32 i;

	format_region(rig->pmem.addr, rig->pmem.bytes);
	for (copy = 0; copy < 2; copy++) {
		struct psw_media_super *super = rig_super(rig, copy);

		super->state = cpu_to_le32(PSW_MEDIA_STATE_ATTACHED);
		super->table_generation[0] = cpu_to_le64(1);
		super->attach_generation = cpu_to_le64(forgery->attachments);
		psw_super_seal(super);
	}
	for (index = 0; index < geo.table_blocks; index++) {
		struct psw_media_table_block *block =
			rig_table_block(rig, 0, index);

		memset(block, 0, sizeof(*block));
		for (i = 0; i < PSW_MEDIA_ENTRIES_PER_BLOCK; i++) {
			block->entry[i].flags = cpu_to_le16(forgery->flags[i % 2]);
			block->entry[i].wear = cpu_to_le32(forgery->wear[i % 2]);
		}
		psw_table_block_seal(block, &geo, seed, index,
				     forgery->generation + index);
	}
}

/* The wear must be in range and the region usable, whatever the table says. */
static void open_forged(struct rig *rig)
{
	struct psw_media_entry *table = rig_table(rig);
	u64 stores;

	rig_open(rig);
	assert_charges_in_range(rig, table);
	for (stores = 0; stores < 2 * slots_nr(rig); stores++) {
		assert_int_equal(rig_store(rig, stores % 20, stores), 0);
		rig_work(rig);
	}
	assert_int_equal(rig_close(rig), 0);
	free(table);
}

static void forged_marks_and_wear_stay_in_range(void **state)
{
	struct rig *rig = *state;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(forgeries); i++) {
		forge(rig, &forgeries[i]);
		open_forged(rig);
	}
}

static void random_marks_and_wear_stay_in_range(void **state)
{
	static const u32 wears[] = { 0, 1, 31, 32, 33, 5000, U32_MAX - 1, U32_MAX };
	struct rig *rig = *state;
	u64 random = 8;
	int i;

	for (i = 0; i < 60; i++) {
		struct forgery forgery = {
			/* Not all slots are retired. */
			.flags = { random_next(&random) & ~BAD,
				   random_next(&random) },
			.generation = 1 + random_below(&random, 3),
			.attachments = random_below(&random, 20),
		};

		forgery.wear[0] = wears[random_below(&random, ARRAY_SIZE(wears))];
		forgery.wear[1] = wears[random_below(&random, ARRAY_SIZE(wears))];
		forge(rig, &forgery);
		open_forged(rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cold_test(forged_marks_and_wear_stay_in_range),
		cold_test(random_marks_and_wear_stay_in_range),
	};

	return rig_main("recover forged", tests);
}
