// SPDX-License-Identifier: GPL-2.0
/*
 * test_badblock.c - ranges that the device knows to be bad
 *
 * Such a range is never read. A read would be a machine check, which some machines
 * do not survive.
 */
#include "rig.h"

/* Make a range unreadable, and let the device know it. */
static void make_bad(struct rig *rig, u64 off, u64 bytes)
{
	rig->bad_off = off;
	rig->bad_bytes = bytes;
	shim_pmem_poison((char *)rig->pmem.addr + off, bytes);
}

/* Write both copies of the table, and close. Return: the sum of the wear. */
static u64 close_with_two_tables(struct rig *rig)
{
	u64 wear;

	rig_store_some(rig, 1000, 1);
	assert_int_equal(rig_checkpoint(rig), 0);
	wear = rig_wear_sum(rig);
	assert_int_equal(rig_close(rig), 0);
	shim_log_clear();
	return wear;
}

/*
 * An update of the region would not clear the poison, and the next attach would not
 * read it. So a repair must come first.
 */
static void a_region_with_a_superblock_that_is_known_to_be_bad_is_refused(void **state)
{
	struct rig *rig = *state;
	u64 wear = close_with_two_tables(rig);
	unsigned long reads = shim_pmem_poison_reads();
	int copy;

	for (copy = 0; copy < 2; copy++) {
		make_bad(rig, rig_geometry(rig).super_off[copy], 512);
		assert_int_equal(rig_try_open(rig), -EUCLEAN);
		assert_true(shim_log_has(copy ?
			"the secondary superblock is in a bad block of the device" :
			"the primary superblock is in a bad block of the device"));
		assert_true(shim_log_has("pmemswap-fmt check --repair"));
		shim_log_clear();
		shim_pmem_heal();
	}
	assert_int_equal(shim_pmem_poison_reads(), reads);
	rig->bad_bytes = 0;
	rig_open(rig);
	assert_int_equal(rig_wear_sum(rig), wear);
}

/* A power loss may tear what is written. The other copy is the only one to read. */
static void a_superblock_is_left_alone_if_the_other_one_becomes_bad(void **state)
{
	struct rig *rig = *state;
	struct psw_media_super before;
	int copy, i;

	for (copy = 0; copy < 2; copy++) {
		make_bad(rig, rig_geometry(rig).super_off[copy], 512);
		before = *rig_super(rig, !copy);
		for (i = 0; i < 3; i++)
			assert_int_equal(rig_checkpoint(rig), 0);
		assert_memory_equal(rig_super(rig, !copy), &before, sizeof(before));
		assert_true(shim_log_has("superblock is in a bad block of the device"));
		shim_log_clear();
		shim_pmem_heal();
		rig->bad_bytes = 0;
		assert_int_equal(rig_checkpoint(rig), 0);
	}
}

static void a_table_block_that_is_known_to_be_bad_is_not_read(void **state)
{
	struct rig *rig = *state;
	struct psw_geometry geo = rig_geometry(rig);
	u64 wear = close_with_two_tables(rig);
	unsigned long reads = shim_pmem_poison_reads();
	int copy;

	for (copy = 0; copy < 2; copy++) {
		make_bad(rig, psw_table_block_off(&geo, copy, 2) + 1024, 512);
		rig_open(rig);
		assert_true(shim_log_has("1 blocks of the slot table are damaged in one copy"));
		assert_int_equal(rig_wear_sum(rig), wear);
		/* The sweep writes blocks over it, and reads none. */
		rig_store_some(rig, 4 * geo.slots_nr, copy);
		while (rig->region->rounds < 3)
			psw_sweep_block(rig->region);
		wear = rig_wear_sum(rig);
		assert_int_equal(rig_checkpoint(rig), 0);
		assert_int_equal(rig_close(rig), 0);
		shim_pmem_heal();
		rig->bad_bytes = 0;
	}
	assert_int_equal(shim_pmem_poison_reads(), reads);
}

static void after_the_first_detach_a_bad_table_block_loses_nothing(void **state)
{
	struct rig *rig = *state;
	struct psw_geometry geo = rig_geometry(rig);
	int copy;
	u64 wear;

	rig_store_some(rig, 1000, 2);
	wear = rig_wear_sum(rig);
	assert_int_equal(rig_close(rig), 0);
	for (copy = 0; copy < 2; copy++) {
		make_bad(rig, psw_table_block_off(&geo, copy, 0), 4096);
		rig_open(rig);
		assert_int_equal(rig_wear_sum(rig), wear);
		rig_lose_power(rig);
		shim_pmem_heal();
	}
}

/* Whether the list on the medium names a slot in its entry @index. */
static bool list_names(const struct rig *rig, u32 index, u32 slot)
{
	struct psw_geometry geo = rig_geometry(rig);
	const struct psw_media_bad *list = (void *)((char *)rig->pmem.addr + geo.bad_off);

	return psw_bad_check(&list[index], &geo, le64_to_cpu(rig->region->super.table_seed)) &&
	       le64_to_cpu(list[index].slot) == slot;
}

static void entries_of_the_bad_list_skip_what_is_known_to_be_bad(void **state)
{
	struct rig *rig = *state;
	struct psw_geometry geo = rig_geometry(rig);
	unsigned long reads = shim_pmem_poison_reads();

	psw_badlist_retire(rig->region, 5, PSW_MEDIA_BAD_CHECKSUM);
	make_bad(rig, geo.bad_off + sizeof(struct psw_media_bad), 500);
	psw_badlist_retire(rig->region, 6, PSW_MEDIA_BAD_CHECKSUM);
	psw_badlist_retire(rig->region, 7, PSW_MEDIA_BAD_CHECKSUM);
	assert_true(list_names(rig, 0, 5));
	/* The bad range ends in the 33rd entry. */
	assert_true(list_names(rig, 33, 6));
	assert_true(list_names(rig, 34, 7));
	rig_lose_power(rig);

	rig_open(rig);
	assert_int_equal(rig->region->bad_nr, 35);
	assert_int_equal(atomic_read(&rig->region->slots.bad_nr), 3);
	assert_int_equal(shim_pmem_poison_reads(), reads);
}

/* Whoever clears poison leaves zeros there, and entries are behind them. */
static void zeros_in_a_cleared_range_do_not_end_the_bad_list(void **state)
{
	struct rig *rig = *state;
	u64 hole = rig_geometry(rig).bad_off + sizeof(struct psw_media_bad);

	psw_badlist_retire(rig->region, 5, PSW_MEDIA_BAD_CHECKSUM);
	make_bad(rig, hole, 500);
	psw_badlist_retire(rig->region, 6, PSW_MEDIA_BAD_CHECKSUM);
	rig_lose_power(rig);
	shim_pmem_heal();
	memset((char *)rig->pmem.addr + hole, 0, 500);
	rig->bad_bytes = 0;

	rig_open(rig);
	assert_true(shim_log_has("32 entries of the bad-slot list are damaged"));
	assert_int_equal(atomic_read(&rig->region->slots.bad_nr), 2);
	psw_badlist_retire(rig->region, 7, PSW_MEDIA_BAD_CHECKSUM);
	assert_true(list_names(rig, 33, 6));
	assert_true(list_names(rig, 34, 7));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(a_region_with_a_superblock_that_is_known_to_be_bad_is_refused),
		rig_test(a_superblock_is_left_alone_if_the_other_one_becomes_bad),
		rig_test(a_table_block_that_is_known_to_be_bad_is_not_read),
		rig_test(after_the_first_detach_a_bad_table_block_loses_nothing),
		rig_test(entries_of_the_bad_list_skip_what_is_known_to_be_bad),
		rig_test(zeros_in_a_cleared_range_do_not_end_the_bad_list),
	};

	return rig_main("badblock", tests);
}
