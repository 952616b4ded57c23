// SPDX-License-Identifier: GPL-2.0
/*
 * test_refuse.c - open of a region that is damaged or foreign, or whose device is dead
 */
#include "rig.h"

static void a_damaged_superblock_is_logged_and_the_other_copy_is_used(void **state)
{
	struct rig *rig = *state;
	int copy, how;

	for (copy = 0; copy < 2; copy++) {
		for (how = 0; how < 2; how++) {
			rig_open(rig);
			assert_int_equal(rig_store(rig, 1, 1), 0);
			assert_int_equal(rig_close(rig), 0);
			shim_log_clear();
			if (how)
				rig_super(rig, copy)->reserved[7] ^= 1;
			else
				shim_pmem_poison(rig_super(rig, copy), 64);
			rig_open(rig);
			assert_true(shim_log_has(copy ?
				"the secondary superblock is damaged" :
				"the primary superblock is damaged"));
			shim_pmem_heal();
			/* The open has repaired the damaged copy. */
			assert_int_equal(rig->region->super_copy, copy);
			assert_int_equal(rig_close(rig), 0);
			shim_log_clear();
			rig_open(rig);
			assert_true(shim_log_empty());
			assert_int_equal(rig_close(rig), 0);
		}
	}
}

static void the_secondary_superblock_replaces_a_wiped_primary(void **state)
{
	struct rig *rig = *state;

	memset(rig->pmem.addr, 0, 4096);
	rig_open(rig);
	assert_true(shim_log_has("no magic"));
	assert_int_equal(rig_store(rig, 1, 1), 0);
	rig_assert_holds(rig, 1, 1);
}

struct refusal {
	const char *what;
	void (*spoil)(struct psw_media_super *super);
	int err;
	const char *says;
};

static void spoil_magic(struct psw_media_super *super)
{
	super->magic[3] ^= 1;
}

static void spoil_checksum(struct psw_media_super *super)
{
	super->sequence ^= 1;
}

static void spoil_version(struct psw_media_super *super)
{
	super->version = cpu_to_le32(2);
	psw_super_seal(super);
}

static void spoil_incompat(struct psw_media_super *super)
{
	super->incompat = cpu_to_le64(4);
	psw_super_seal(super);
}

static void spoil_size(struct psw_media_super *super)
{
	format_super(super, 4 * RIG_BYTES, 2);
}

static void spoil_geometry(struct psw_media_super *super)
{
	super->slots_nr = cpu_to_le64(le64_to_cpu(super->slots_nr) + 1);
	psw_super_seal(super);
}

static const struct refusal refusals[] = {
	{ "magic", spoil_magic, -EINVAL, "no pmemswap region is here" },
	{ "checksum", spoil_checksum, -EUCLEAN, "damaged (wrong checksum)" },
	{ "version", spoil_version, -EOPNOTSUPP, "use the version of pmemswap" },
	{ "incompat", spoil_incompat, -EOPNOTSUPP, "use the version of pmemswap" },
	{ "size", spoil_size, -EINVAL, "give the namespace its size back" },
	{ "geometry", spoil_geometry, -EUCLEAN, "impossible geometry" },
};

static void a_region_without_a_valid_superblock_is_refused_by_its_reason(void **state)
{
	struct rig *rig = *state;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		format_region(rig->pmem.addr, rig->pmem.bytes);
		refusals[i].spoil(rig_super(rig, 0));
		refusals[i].spoil(rig_super(rig, 1));
		shim_log_clear();
		assert_int_equal(rig_try_open(rig), refusals[i].err);
		assert_true(shim_log_has("pmem0: no valid superblock"));
		assert_true(shim_log_has(refusals[i].says));
		assert_int_equal(shim_alloc_live(), 0);
	}
}

static void two_superblocks_that_cannot_be_read_are_damaged(void **state)
{
	struct rig *rig = *state;

	shim_pmem_poison(rig_super(rig, 0), 4096);
	shim_pmem_poison(rig_super(rig, 1), 4096);
	assert_int_equal(rig_try_open(rig), -EUCLEAN);
	assert_true(shim_log_has("format it anew"));
}

static void a_device_too_small_for_any_region_is_refused(void **state)
{
	struct rig *rig = *state;
	u64 bytes = rig->pmem.bytes;

	rig->pmem.bytes = PSW_REGION_BYTES_MIN - 4096;
	assert_int_equal(rig_try_open(rig), -EINVAL);
	assert_true(shim_log_has("too small"));
	rig->pmem.bytes = 0;
	assert_int_equal(rig_try_open(rig), -EINVAL);
	rig->pmem.bytes = bytes;
}

static void a_dead_device_is_not_opened(void **state)
{
	struct rig *rig = *state;

	kill_dax(&rig->dax);
	assert_int_equal(rig_try_open(rig), -ENODEV);
	assert_int_equal(shim_alloc_live(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test_closed(a_damaged_superblock_is_logged_and_the_other_copy_is_used),
		rig_test_closed(the_secondary_superblock_replaces_a_wiped_primary),
		rig_test_closed(a_region_without_a_valid_superblock_is_refused_by_its_reason),
		rig_test_closed(two_superblocks_that_cannot_be_read_are_damaged),
		rig_test_closed(a_device_too_small_for_any_region_is_refused),
		rig_test_closed(a_dead_device_is_not_opened),
	};

	return rig_main("refuse", tests);
}
