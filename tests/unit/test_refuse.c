// SPDX-License-Identifier: GPL-2.0
/*
 * test_refuse.c - open of a region that is damaged or foreign, or whose device is dead
 */
#include "recorder.h"
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

static void assert_refused_and_not_written(struct rig *rig, int err, const char *says)
{
	struct psw_media_super before[2] = { *rig_super(rig, 0), *rig_super(rig, 1) };
	int copy;

	shim_log_clear();
	assert_int_equal(rig_try_open(rig), err);
	assert_true(shim_log_has("no superblock can be used"));
	assert_true(shim_log_has(says));
	for (copy = 0; copy < 2; copy++)
		assert_memory_equal(rig_super(rig, copy), &before[copy],
				    sizeof(*before));
	assert_int_equal(shim_alloc_live(), 0);
}

static void write_zeros(u8 *block)
{
	memset(block, 0, 4096);
}

static void write_other_magic(u8 *block)
{
	memcpy(block, "LUKS\xba\xbe\0\2", 8);
}

static void write_half_of_other_magic(u8 *block)
{
	memset(block, 0, 8);
	memcpy(block + 8, "LUKS\xba\xbe\0\2", 8);
}

static void write_swap_header(u8 *block)
{
	block[1024] = 1;
	memcpy(block + 4086, "SWAPSPACE2", 10);
}

static void write_partition_table(u8 *block)
{
	memset(block + 446, 7, 16);
	block[510] = 0x55;
	block[511] = 0xaa;
}

/* No magic, and another seed: a format that never wrote its secondary. */
static void write_other_format(u8 *block)
{
	struct psw_media_super *super = (struct psw_media_super *)block;

	super->table_seed ^= 1;
	psw_super_seal(super);
	memset(block, 0, PSW_MEDIA_MAGIC_BYTES);
}

static void (*const writers[])(u8 *block) = {
	write_zeros, write_other_magic, write_half_of_other_magic, write_swap_header,
	write_partition_table, write_other_format,
};

static void what_was_written_over_a_region_is_left_alone(void **state)
{
	struct rig *rig = *state;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(writers); i++) {
		format_region(rig->pmem.addr, rig->pmem.bytes);
		writers[i](rig->pmem.addr);
		assert_refused_and_not_written(rig, -EUCLEAN,
			"something else was written over the region");
	}
}

/* Each half of the magic is written at once, in any order. */
static void leave_magic(struct rig *rig, bool first, bool second)
{
	format_region(rig->pmem.addr, rig->pmem.bytes);
	if (!first)
		memset(rig->pmem.addr, 0, 8);
	if (!second)
		memset((u8 *)rig->pmem.addr + 8, 0, 8);
}

static void an_interrupted_format_leaves_a_region(void **state)
{
	struct rig *rig = *state;
	int halves;

	for (halves = 0; halves < 3; halves++) {
		leave_magic(rig, halves == 1, halves == 2);
		shim_log_clear();
		rig_open(rig);
		assert_true(shim_log_has("no magic"));
		assert_int_equal(rig_store(rig, 1, 1), 0);
		rig_assert_holds(rig, 1, 1);
		assert_int_equal(rig_close(rig), 0);
		shim_log_clear();
		rig_open(rig);
		assert_true(shim_log_empty());
		assert_int_equal(rig_close(rig), 0);
	}
}

/* Replay a record of an open with the power lost at each event, in several ways. */
static void assert_opens_after_any_power_loss(struct rig *rig,
					      const struct recorder *recorder,
					      const void *before)
{
	struct recorder_crash crash = { .dropped = -1, .grain = 8 };
	u64 variant;

	for (crash.at = 0; crash.at <= recorder->events_nr; crash.at++) {
		for (variant = 1; variant <= 20; variant++) {
			crash.seed = crash.at * 1000 + variant;
			memcpy(rig->pmem.addr, before, rig->pmem.bytes);
			recorder_replay(recorder, &crash, rig->pmem.addr);
			rig_open(rig);
			rig_lose_power(rig);
		}
	}
}

static void a_damaged_primary_is_never_without_magic_while_it_is_written(void **state)
{
	struct rig *rig = *state;
	void *before = malloc(rig->pmem.bytes);
	struct recorder recorder;
	int kind;

	assert_non_null(before);
	for (kind = 0; kind < 2; kind++) {
		leave_magic(rig, kind, kind);
		rig_super(rig, 0)->label[0] ^= kind;
		memcpy(before, rig->pmem.addr, rig->pmem.bytes);
		recorder_start(&recorder, rig->pmem.addr);
		rig_open(rig);
		recorder_stop(&recorder);
		rig_lose_power(rig);
		assert_opens_after_any_power_loss(rig, &recorder, before);
		recorder_free(&recorder);
	}
	free(before);
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
	{ "size", spoil_size, -EINVAL, "give the device its size back" },
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
		assert_true(shim_log_has("pmem0: no superblock can be used"));
		assert_true(shim_log_has(refusals[i].says));
		assert_int_equal(shim_alloc_live(), 0);
	}
}

/* Only a primary that looks as damage leaves it is replaced by the secondary. */
static void a_sealed_primary_that_is_refused_stops_the_secondary(void **state)
{
	struct rig *rig = *state;
	unsigned int i;

	for (i = 2; i < ARRAY_SIZE(refusals); i++) {
		format_region(rig->pmem.addr, rig->pmem.bytes);
		refusals[i].spoil(rig_super(rig, 0));
		assert_refused_and_not_written(rig, refusals[i].err,
						 refusals[i].says);
	}
}

static void a_secondary_of_a_newer_version_stops_the_primary(void **state)
{
	struct rig *rig = *state;
	unsigned int i;

	for (i = 2; i < 4; i++) {
		format_region(rig->pmem.addr, rig->pmem.bytes);
		refusals[i].spoil(rig_super(rig, 1));
		assert_refused_and_not_written(rig, refusals[i].err,
						 refusals[i].says);
	}
}

static void a_secondary_of_another_format_is_logged_and_replaced(void **state)
{
	struct rig *rig = *state;
	struct psw_media_super *secondary = rig_super(rig, 1);

	secondary->table_seed ^= 1;
	secondary->sequence = cpu_to_le64(1000);
	psw_super_seal(secondary);
	rig_open(rig);
	assert_true(shim_log_has("the secondary superblock is of another format"));
	assert_int_equal(rig_close(rig), 0);
	shim_log_clear();
	rig_open(rig);
	assert_true(shim_log_empty());
}

static void forge_counters(struct psw_media_super *super, u64 sequence)
{
	super->sequence = cpu_to_le64(sequence);
	super->table_generation[0] = cpu_to_le64(PSW_COUNTER_MAX);
	super->table_generation[1] = cpu_to_le64(PSW_COUNTER_MAX);
	psw_super_seal(super);
}

static void counters_at_their_limit_do_not_end_a_region(void **state)
{
	struct rig *rig = *state;
	u64 wear = 0;
	int i;

	rig_open(rig);
	assert_int_equal(rig_checkpoint(rig), 0);
	assert_int_equal(rig_checkpoint(rig), 0);
	assert_int_equal(rig_close(rig), 0);
	forge_counters(rig_super(rig, 0), PSW_COUNTER_MAX);
	forge_counters(rig_super(rig, 1), PSW_COUNTER_MAX - 1);
	for (i = 0; i < 6; i++) {
		rig_open(rig);
		assert_int_equal(rig_wear_sum(rig), wear);
		assert_int_equal(le64_to_cpu(rig->region->super.attach_generation),
				 i + 2);
		rig_store_some(rig, 100 + i, i);
		if (i % 2)
			assert_int_equal(rig_checkpoint(rig), 0);
		wear = rig_wear_sum(rig);
		assert_int_equal(rig_close(rig), 0);
		assert_int_equal(le32_to_cpu(rig_super_current(rig)->state),
				 PSW_MEDIA_STATE_CLEAN);
	}
}

static void two_superblocks_that_cannot_be_read_are_damaged(void **state)
{
	struct rig *rig = *state;

	shim_pmem_poison(rig_super(rig, 0), 4096);
	shim_pmem_poison(rig_super(rig, 1), 4096);
	assert_int_equal(rig_try_open(rig), -EUCLEAN);
	assert_true(shim_log_has("only a new format helps"));
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
		rig_test_closed(what_was_written_over_a_region_is_left_alone),
		rig_test_closed(an_interrupted_format_leaves_a_region),
		rig_test_closed(a_damaged_primary_is_never_without_magic_while_it_is_written),
		rig_test_closed(a_region_without_a_valid_superblock_is_refused_by_its_reason),
		rig_test_closed(a_sealed_primary_that_is_refused_stops_the_secondary),
		rig_test_closed(a_secondary_of_a_newer_version_stops_the_primary),
		rig_test_closed(a_secondary_of_another_format_is_logged_and_replaced),
		rig_test_closed(counters_at_their_limit_do_not_end_a_region),
		rig_test_closed(two_superblocks_that_cannot_be_read_are_damaged),
		rig_test_closed(a_device_too_small_for_any_region_is_refused),
		rig_test_closed(a_dead_device_is_not_opened),
	};

	return rig_main("refuse", tests);
}
