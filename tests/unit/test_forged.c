// SPDX-License-Identifier: GPL-2.0
/*
 * test_forged.c - metadata with forged fields and a valid checksum
 */
#include "rig.h"

/* Use an open region. Nothing may crash, and loads must return the pages. */
static void use_region(struct rig *rig)
{
	u64 offset;

	for (offset = 0; offset < 70; offset++)
		if (!rig_store(rig, offset, offset))
			rig_assert_holds(rig, offset, offset);
	rig_checkpoint(rig);
	rig_close(rig);
}

static void superblocks_with_any_field_forged_never_crash(void **state)
{
	/* All fields but the reserved bytes. */
	const size_t fields = offsetof(struct psw_media_super, reserved);
	struct rig *rig = *state;
	unsigned int i, opened = 0;
	u64 random = 20;

	for (i = 0; i < 3000; i++) {
		unsigned int flips = 1 + random_below(&random, 3);
		int copy = random_below(&random, 2);
		int err;

		format_region(rig->pmem.addr, rig->pmem.bytes);
		while (flips--) {
			u8 *byte = (u8 *)rig_super(rig, copy) +
				   PSW_MEDIA_MAGIC_BYTES +
				   random_below(&random, fields - 16);

			*byte = random_next(&random) & 1 ? 0xff :
				random_next(&random);
		}
		psw_super_seal(rig_super(rig, copy));
		if (random_next(&random) & 1)
			memset(rig_super(rig, !copy), 0, 4096);

		err = rig_try_open(rig);
		if (!err) {
			opened++;
			use_region(rig);
		} else {
			assert_true(err == -EINVAL || err == -EUCLEAN ||
				    err == -EOPNOTSUPP);
		}
		assert_int_equal(shim_alloc_live(), 0);
	}
	assert_true(opened > 100 && opened < 3000);
}

static void table_blocks_with_any_entry_forged_never_crash(void **state)
{
	struct rig *rig = *state;
	struct psw_geometry geo = rig_geometry(rig);
	u64 random = 21;
	unsigned int i;

	for (i = 0; i < 300; i++) {
		struct psw_media_super *super = rig_super(rig, 0);
		u64 index;

		format_region(rig->pmem.addr, rig->pmem.bytes);
		super->table_generation[0] = cpu_to_le64(1);
		psw_super_seal(super);
		for (index = 0; index < geo.table_blocks; index++) {
			struct psw_media_table_block *block =
				rig_table_block(rig, 0, index);
			unsigned int word;

			for (word = 0; word < 512; word++)
				((u64 *)block)[word] =
					random_next(&random) &
					random_next(&random) << i % 64;
			psw_table_block_seal(block, &geo,
					     le64_to_cpu(super->table_seed),
					     index, 1 + random_next(&random) % 9);
		}
		if (!rig_try_open(rig))
			use_region(rig);
		assert_int_equal(shim_alloc_live(), 0);
	}
}

static void wear_that_reached_its_limit_stays_there(void **state)
{
	struct rig *rig = *state;
	u32 slot;

	for (slot = 0; slot < rig->region->slots.slots_nr; slot++)
		rig_set_wear(rig, slot, U32_MAX - 1);
	for (slot = 0; slot < 3 * rig->region->slots.slots_nr; slot++) {
		assert_int_equal(rig_store(rig, slot % 7, slot), 0);
		rig_assert_holds(rig, slot % 7, slot);
	}
	for (slot = 0; slot < rig->region->slots.slots_nr; slot++)
		assert_true(rig->region->slots.info[slot].wear >= U32_MAX - 1);
}

/* A wear that cannot grow would not tell two uses of a slot apart. */
static void wear_can_grow_after_any_open(void **state)
{
	struct rig *rig = *state;
	u32 slot;

	for (slot = 0; slot < rig->region->slots.slots_nr; slot++)
		rig_set_wear(rig, slot, U32_MAX);
	assert_int_equal(rig_close(rig), 0);
	rig_open(rig);
	for (slot = 0; slot < rig->region->slots.slots_nr; slot++)
		assert_int_equal(rig->region->slots.info[slot].wear, PSW_WEAR_MAX);
}

/* Forge the wear of a slot of block 0, in the current copy of the table. */
static void forge_wear(struct rig *rig, u32 slot, u32 wear)
{
	struct psw_media_table_block *block =
		rig_table_block(rig, rig_table_current(rig), 0);
	struct psw_geometry geo = rig_geometry(rig);

	block->entry[slot].wear = cpu_to_le32(wear);
	psw_table_block_seal(block, &geo,
			     le64_to_cpu(rig_super_current(rig)->table_seed), 0,
			     le64_to_cpu(block->generation));
}

/* With one outlier near 2^32, all others would look alike to the free list. */
static void one_forged_wear_does_not_hide_which_slots_are_worn(void **state)
{
	struct rig *rig = *state;
	u32 slots_nr = rig->region->slots.slots_nr;
	u32 slot, least = 1000, most = 0;
	u64 stores;

	for (slot = 0; slot < slots_nr; slot++)
		rig_set_wear(rig, slot, slot % 2 ? 1000 : 0);
	assert_int_equal(rig_close(rig), 0);
	forge_wear(rig, 7, U32_MAX);
	rig_open(rig);
	for (stores = 0; stores < 200ull * slots_nr; stores++)
		assert_int_equal(rig_store(rig, stores % 50, stores), 0);
	for (slot = 0; slot < slots_nr; slot++) {
		u32 wear = rig->region->slots.info[slot].wear;

		if (slot == 7)
			continue;
		if (slot % 2)
			most = max(most, wear);
		else
			least = min(least, wear);
	}
	assert_int_equal(most, 1000);
	assert_true(least > 300);
}

/* The generation after PSW_COUNTER_MAX is not valid. */
static void a_forged_generation_is_not_continued(void **state)
{
	struct rig *rig = *state;
	struct psw_geometry geo = rig_geometry(rig);
	struct psw_media_table_block *block = rig_table_block(rig, 0, 1);
	int i;

	rig_open(rig);
	assert_int_equal(rig_close(rig), 0);
	psw_table_block_seal(block, &geo,
			     le64_to_cpu(rig_super(rig, 0)->table_seed), 1,
			     PSW_COUNTER_MAX);
	for (i = 0; i < 4; i++) {
		rig_open(rig);
		assert_int_equal(rig_store(rig, 1, i), 0);
		assert_int_equal(rig_close(rig), 0);
	}
	assert_true(le64_to_cpu(block->generation) < 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test_closed(superblocks_with_any_field_forged_never_crash),
		rig_test_closed(table_blocks_with_any_entry_forged_never_crash),
		rig_test(wear_that_reached_its_limit_stays_there),
		rig_test(wear_can_grow_after_any_open),
		rig_test(one_forged_wear_does_not_hide_which_slots_are_worn),
		rig_test_closed(a_forged_generation_is_not_continued),
	};

	return rig_main("forged", tests);
}
