// SPDX-License-Identifier: GPL-2.0
/*
 * test_persist.c - what the medium keeps from one open to the next
 */
#include <libpmem.h>
#include <unistd.h>
#include "rig.h"

static void wear_survives_close_and_open_exactly(void **state)
{
	struct rig *rig = *state;
	u32 *before, *after;
	int round;

	for (round = 0; round < 6; round++) {
		rig_store_some(rig, 5000, round);
		if (round % 2)
			assert_int_equal(rig_checkpoint(rig), 0);
		rig_store_some(rig, 1000, round + 100);
		before = rig_wear_copy(rig);
		assert_int_equal(rig_close(rig), 0);
		rig_open(rig);
		after = rig_wear_copy(rig);
		assert_memory_equal(before, after,
				    rig->region->slots.slots_nr * sizeof(*after));
		free(before);
		free(after);
	}
}

/*
 * After the power loss, open adds an estimate to slots that were free; see
 * test_recover.c.
 */
static void a_power_loss_loses_only_the_wear_since_the_checkpoint(void **state)
{
	struct rig *rig = *state;
	struct psw_media_entry *table;
	u32 *before, *after;
	u32 slot;

	rig_store_some(rig, 5000, 1);
	assert_int_equal(rig_checkpoint(rig), 0);
	before = rig_wear_copy(rig);
	rig_store_some(rig, 3000, 2);
	rig_lose_power(rig);
	rig_open(rig);
	assert_true(shim_log_has("unclean shutdown"));
	after = rig_wear_copy(rig);
	table = rig_table(rig);
	for (slot = 0; slot < rig->region->slots.slots_nr; slot++) {
		assert_int_equal(le32_to_cpu(table[slot].wear), before[slot]);
		assert_true(after[slot] >= before[slot]);
		if (le16_to_cpu(table[slot].flags) == PSW_MEDIA_SLOT_USED)
			assert_int_equal(after[slot], before[slot]);
	}
	free(table);
	free(before);
	free(after);
}

static void the_superblock_records_state_times_and_writes(void **state)
{
	struct rig *rig = *state;
	struct psw_media_super *super;

	shim_time_set(2000000001);
	rig_open(rig);
	super = rig_super_current(rig);
	assert_int_equal(le32_to_cpu(super->state), PSW_MEDIA_STATE_ATTACHED);
	assert_int_equal(le64_to_cpu(super->attach_generation), 1);
	assert_int_equal(le64_to_cpu(super->attach_time), 2000000001);

	rig_store_some(rig, 700, 1);
	shim_time_set(2000000002);
	assert_int_equal(rig_checkpoint(rig), 0);
	super = rig_super_current(rig);
	assert_int_equal(le32_to_cpu(super->state), PSW_MEDIA_STATE_ATTACHED);
	assert_int_equal(le64_to_cpu(super->checkpoint_time), 2000000002);
	assert_int_equal(le64_to_cpu(super->slot_writes), 700);
	assert_int_equal(le64_to_cpu(super->prev_slot_writes), 0);

	rig_store_some(rig, 300, 2);
	shim_time_set(2000000003);
	assert_int_equal(rig_close(rig), 0);
	super = rig_super_current(rig);
	assert_int_equal(le32_to_cpu(super->state), PSW_MEDIA_STATE_CLEAN);
	assert_int_equal(le64_to_cpu(super->checkpoint_time), 2000000003);
	assert_int_equal(le64_to_cpu(super->prev_checkpoint_time), 2000000002);
	assert_int_equal(le64_to_cpu(super->slot_writes), 1000);
	assert_int_equal(le64_to_cpu(super->prev_slot_writes), 700);

	rig_open(rig);
	assert_int_equal(le64_to_cpu(rig_super_current(rig)->attach_generation), 2);
	assert_int_equal(le64_to_cpu(rig_super_current(rig)->slot_writes), 1000);
	shim_time_set(1700000000);
}

static void identity_survives_every_update(void **state)
{
	struct rig *rig = *state;
	struct psw_media_super before = *rig_super(rig, 0);
	int i;

	for (i = 0; i < 3; i++) {
		const struct psw_media_super *after;

		rig_open(rig);
		assert_int_equal(rig_checkpoint(rig), 0);
		assert_int_equal(rig_close(rig), 0);
		after = rig_super_current(rig);
		assert_memory_equal(before.uuid, after->uuid, 16);
		assert_memory_equal(before.label, after->label, 16);
		assert_int_equal(before.table_seed, after->table_seed);
		assert_int_equal(before.format_time, after->format_time);
	}
}

static void the_table_says_what_each_slot_holds(void **state)
{
	struct rig *rig = *state;
	struct psw_geometry geo = rig_geometry(rig);
	struct page_buffer page;
	u64 held = 0, index;
	u32 i;

	rig_store_some(rig, 3000, 3);
	psw_badlist_retire(rig->region, 3500, PSW_MEDIA_BAD_CHECKSUM);
	assert_int_equal(rig_checkpoint(rig), 0);
	for (index = 0; index < geo.table_blocks; index++) {
		const struct psw_media_table_block *block =
			rig_table_block(rig, 0, index);

		for (i = 0; i < le32_to_cpu(block->entries_nr); i++) {
			const struct psw_media_entry *entry = &block->entry[i];
			u32 slot = index * PSW_MEDIA_ENTRIES_PER_BLOCK + i;
			u16 flags = le16_to_cpu(entry->flags);

			assert_int_equal(le32_to_cpu(entry->wear),
					 rig->region->slots.info[slot].wear);
			assert_int_equal(flags & PSW_MEDIA_SLOT_BAD,
					 slot == 3500 ? PSW_MEDIA_SLOT_BAD : 0);
			if (!(flags & PSW_MEDIA_SLOT_USED)) {
				assert_int_equal(entry->sum, 0);
				assert_int_equal(entry->owner_page, 0);
				assert_int_equal(entry->owner_area, 0);
				continue;
			}
			held++;
			assert_int_equal(rig_slot_of(rig, le32_to_cpu(entry->owner_page)),
					 slot);
			assert_int_equal(le16_to_cpu(entry->owner_area),
					 PSW_MEDIA_AREA_DISK);
			assert_int_equal(psw_load(rig->area,
						  le32_to_cpu(entry->owner_page),
						  &page), 0);
			assert_int_equal(le32_to_cpu(entry->sum),
					 psw_page_sum(&page));
		}
	}
	assert_int_equal(held, rig_stat(rig, PSW_STAT_PAGES));
}

static void a_region_on_a_device_that_grew_keeps_its_size(void **state)
{
	struct rig *rig = *state;
	struct rig large;
	u64 wear;

	rig_store_some(rig, 500, 6);
	wear = rig_wear_sum(rig);
	assert_int_equal(rig_close(rig), 0);

	rig_create(&large, 2 * RIG_BYTES);
	memset(large.pmem.addr, 0, large.pmem.bytes);
	memcpy(large.pmem.addr, rig->pmem.addr, RIG_BYTES);
	rig_open(&large);
	assert_int_equal(rig_wear_sum(&large), wear);
	assert_int_equal(large.region->geo.region_bytes, RIG_BYTES);
	assert_int_equal(rig_store(&large, 1, 1), 0);
	rig_assert_holds(&large, 1, 1);
	assert_int_equal(rig_close(&large), 0);
	rig_destroy(&large);
}

static void a_region_in_a_mapped_file_survives_unmapping(void **state)
{
	char path[] = "/tmp/pmemswap-unit-XXXXXX";
	int fd = mkstemp(path);
	struct rig rig = { .options = ((struct rig *)*state)->options };
	size_t mapped;
	u64 wear = 0;
	int round;

	assert_true(fd >= 0);
	close(fd);
	rig.pmem.dax = &rig.dax;
	rig.options.context = &rig;
	for (round = 0; round < 3; round++) {
		rig.pmem.addr = pmem_map_file(path, RIG_BYTES, PMEM_FILE_CREATE,
					      0600, &mapped, NULL);
		assert_non_null(rig.pmem.addr);
		assert_int_equal(mapped, RIG_BYTES);
		rig.pmem.bytes = mapped;
		if (!round)
			format_region(rig.pmem.addr, mapped);
		rig_open(&rig);
		assert_int_equal(rig_wear_sum(&rig), wear);
		rig_store_some(&rig, 400, round);
		rig_assert_holds(&rig, rig_store(&rig, 900, 1) + 900, 1);
		wear = rig_wear_sum(&rig);
		assert_int_equal(rig_close(&rig), 0);
		assert_int_equal(pmem_unmap(rig.pmem.addr, mapped), 0);
	}
	unlink(path);
}

/* The removal of another DAX device waits for whoever is inside dax_read_lock(). */
static void no_job_stays_inside_the_device_for_long(void **state)
{
	struct rig rig = {};
	u64 blocks;

	rig_create(&rig, 512ull << 20);
	blocks = rig_geometry(&rig).table_blocks;
	shim_dax_most_copies();
	rig_open(&rig);
	assert_true(blocks > 500 && shim_dax_most_copies() < blocks / 2);
	assert_int_equal(rig_checkpoint(&rig), 0);
	assert_true(shim_dax_most_copies() < blocks / 2);
	assert_int_equal(rig_close(&rig), 0);
	assert_true(shim_dax_most_copies() < blocks / 2);
	rig_destroy(&rig);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(wear_survives_close_and_open_exactly),
		rig_test(a_power_loss_loses_only_the_wear_since_the_checkpoint),
		rig_test_closed(the_superblock_records_state_times_and_writes),
		rig_test_closed(identity_survives_every_update),
		rig_test(the_table_says_what_each_slot_holds),
		rig_test(a_region_on_a_device_that_grew_keeps_its_size),
		rig_test_closed(a_region_in_a_mapped_file_survives_unmapping),
		cmocka_unit_test(no_job_stays_inside_the_device_for_long),
	};

	return rig_main("persist", tests);
}
