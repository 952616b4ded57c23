// SPDX-License-Identifier: GPL-2.0
/*
 * test_persist.c - which metadata persists, and where and when it is written
 */
#include <libpmem.h>
#include <unistd.h>
#include "recorder.h"
#include "rig.h"

/* The wear of every slot. The caller frees it. */
static u32 *wear_copy(const struct rig *rig)
{
	u32 slots_nr = rig->region->slots.slots_nr;
	u32 *wear = calloc(slots_nr, sizeof(*wear));
	u32 slot;

	for (slot = 0; slot < slots_nr; slot++)
		wear[slot] = rig->region->slots.info[slot].wear;
	return wear;
}

static void store_some(struct rig *rig, u64 stores, u64 seed)
{
	while (stores--)
		assert_int_equal(rig_store(rig, random_below(&seed, 800), stores),
				 0);
}

static void wear_survives_close_and_open_exactly(void **state)
{
	struct rig *rig = *state;
	u32 *before, *after;
	int round;

	for (round = 0; round < 6; round++) {
		store_some(rig, 5000, round);
		if (round % 2)
			assert_int_equal(rig_checkpoint(rig), 0);
		store_some(rig, 1000, round + 100);
		before = wear_copy(rig);
		assert_int_equal(rig_close(rig), 0);
		rig_open(rig);
		after = wear_copy(rig);
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

	store_some(rig, 5000, 1);
	assert_int_equal(rig_checkpoint(rig), 0);
	before = wear_copy(rig);
	store_some(rig, 3000, 2);
	rig_lose_power(rig);
	rig_open(rig);
	assert_true(shim_log_has("unclean shutdown"));
	after = wear_copy(rig);
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

static u64 fresh_sequence(struct rig *rig)
{
	return max(le64_to_cpu(rig_super(rig, 0)->sequence),
		   le64_to_cpu(rig_super(rig, 1)->sequence));
}

static struct psw_media_super *fresh_super(struct rig *rig)
{
	return rig_super(rig, le64_to_cpu(rig_super(rig, 1)->sequence) ==
			      fresh_sequence(rig));
}

static void the_superblock_records_state_times_and_writes(void **state)
{
	struct rig *rig = *state;
	struct psw_media_super *super;

	shim_time_set(2000000001);
	rig_open(rig);
	super = fresh_super(rig);
	assert_int_equal(le32_to_cpu(super->state), PSW_MEDIA_STATE_ATTACHED);
	assert_int_equal(le64_to_cpu(super->attach_generation), 1);
	assert_int_equal(le64_to_cpu(super->attach_time), 2000000001);

	store_some(rig, 700, 1);
	shim_time_set(2000000002);
	assert_int_equal(rig_checkpoint(rig), 0);
	super = fresh_super(rig);
	assert_int_equal(le32_to_cpu(super->state), PSW_MEDIA_STATE_ATTACHED);
	assert_int_equal(le64_to_cpu(super->checkpoint_time), 2000000002);
	assert_int_equal(le64_to_cpu(super->slot_writes), 700);
	assert_int_equal(le64_to_cpu(super->prev_slot_writes), 0);

	store_some(rig, 300, 2);
	shim_time_set(2000000003);
	assert_int_equal(rig_close(rig), 0);
	super = fresh_super(rig);
	assert_int_equal(le32_to_cpu(super->state), PSW_MEDIA_STATE_CLEAN);
	assert_int_equal(le64_to_cpu(super->checkpoint_time), 2000000003);
	assert_int_equal(le64_to_cpu(super->prev_checkpoint_time), 2000000002);
	assert_int_equal(le64_to_cpu(super->slot_writes), 1000);
	assert_int_equal(le64_to_cpu(super->prev_slot_writes), 700);

	rig_open(rig);
	assert_int_equal(le64_to_cpu(fresh_super(rig)->attach_generation), 2);
	assert_int_equal(le64_to_cpu(fresh_super(rig)->slot_writes), 1000);
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
		after = fresh_super(rig);
		assert_memory_equal(before.uuid, after->uuid, 16);
		assert_memory_equal(before.label, after->label, 16);
		assert_int_equal(before.table_seed, after->table_seed);
		assert_int_equal(before.format_time, after->format_time);
	}
}

static u64 table_bytes(const struct rig *rig)
{
	return rig_geometry(rig).table_blocks * PSW_MEDIA_BLOCK_BYTES;
}

static void each_checkpoint_goes_to_the_older_copies(void **state)
{
	struct rig *rig = *state;
	struct psw_geometry geo = rig_geometry(rig);
	struct recorder recorder;
	int table = -1, super = -1;
	int i;

	for (i = 0; i < 6; i++) {
		int copy;

		recorder_start(&recorder, rig->pmem.addr);
		assert_int_equal(rig_checkpoint(rig), 0);
		recorder_stop(&recorder);
		copy = !recorder_bytes(&recorder, geo.table_off[0],
				       table_bytes(rig));
		assert_int_equal(recorder_bytes(&recorder, geo.table_off[copy],
						table_bytes(rig)),
				 table_bytes(rig));
		assert_int_equal(recorder_bytes(&recorder, geo.table_off[!copy],
						table_bytes(rig)), 0);
		assert_true(table == -1 || copy == !table);
		table = copy;

		copy = !recorder_bytes(&recorder, geo.super_off[0], 4096);
		assert_true(super == -1 || copy == !super);
		super = copy;
		assert_int_equal(recorder_fences(&recorder), 2);
		recorder_free(&recorder);
	}
}

static void a_checkpoint_fences_the_table_before_it_writes_the_superblock(void **state)
{
	struct rig *rig = *state;
	struct psw_geometry geo = rig_geometry(rig);
	struct recorder recorder;
	size_t i;

	recorder_start(&recorder, rig->pmem.addr);
	assert_int_equal(rig_checkpoint(rig), 0);
	recorder_stop(&recorder);
	assert_int_equal(recorder.events_nr, geo.table_blocks + 3);
	for (i = 0; i < geo.table_blocks; i++)
		assert_int_equal(recorder.event[i].kind, RECORDER_STORE);
	assert_int_equal(recorder.event[i++].kind, RECORDER_FENCE);
	assert_int_equal(recorder.event[i].kind, RECORDER_STORE);
	assert_true(recorder.event[i].off == geo.super_off[0] ||
		    recorder.event[i].off == geo.super_off[1]);
	i++;
	assert_int_equal(recorder.event[i].kind, RECORDER_FENCE);
	recorder_free(&recorder);
}

static void the_table_says_what_each_slot_holds(void **state)
{
	struct rig *rig = *state;
	struct psw_geometry geo = rig_geometry(rig);
	struct page_buffer page;
	u64 held = 0, index;
	u32 i;

	store_some(rig, 3000, 3);
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

/* Number of writes of each line of the medium. */
struct line_count {
	char *base;
	u32 *writes;
};

static void count_store(void *context, void *dst, const void *src, size_t bytes)
{
	struct line_count *count = context;
	u64 off = (char *)dst - count->base;
	u64 line;

	memcpy(dst, src, bytes);
	for (line = off / PSW_MEDIA_LINE_BYTES;
	     line <= (off + bytes - 1) / PSW_MEDIA_LINE_BYTES; line++)
		count->writes[line]++;
}

static void count_fence(void *context)
{
}

static u32 most_writes(const struct line_count *count, u64 off, u64 bytes)
{
	u64 line = off / PSW_MEDIA_LINE_BYTES;
	u64 end = (off + bytes) / PSW_MEDIA_LINE_BYTES;
	u32 most = 0;

	for (; line < end; line++)
		most = max(most, count->writes[line]);
	return most;
}

static void no_metadata_line_wears_faster_than_a_data_line(void **state)
{
	struct rig *rig = *state;
	struct psw_geometry geo = rig_geometry(rig);
	struct line_count count = {
		.base = rig->pmem.addr,
		.writes = calloc(RIG_BYTES / PSW_MEDIA_LINE_BYTES, sizeof(u32)),
	};
	const struct shim_pmem_observer observer = {
		count_store, count_fence, &count
	};
	u64 stores;

	for (stores = 0; stores < 12 * geo.slots_nr; stores++) {
		shim_pmem_observe(&observer);
		assert_int_equal(rig_store(rig, stores % 1000, stores), 0);
		rig_work(rig);
		shim_pmem_observe(NULL);
	}
	assert_in_range(rig->region->rounds, 11, 12);
	assert_true(most_writes(&count, 0, geo.data_off) <= 6);
	assert_true(most_writes(&count, geo.super_off[1], 4096) <= 6);
	assert_in_range(most_writes(&count, geo.data_off,
				    geo.slots_nr * PSW_MEDIA_SLOT_BYTES), 12, 14);
	free(count.writes);
}

static void the_metadata_bytes_counted_are_the_bytes_written(void **state)
{
	struct rig *rig = *state;
	struct psw_geometry geo = rig_geometry(rig);
	struct recorder recorder;

	recorder_start(&recorder, rig->pmem.addr);
	rig_open(rig);
	assert_int_equal(rig_checkpoint(rig), 0);
	assert_int_equal(rig_checkpoint(rig), 0);
	assert_int_equal(rig_close(rig), 0);
	recorder_stop(&recorder);
	assert_int_equal(le64_to_cpu(fresh_super(rig)->meta_bytes),
			 recorder_bytes(&recorder, 0, geo.region_bytes));
	recorder_free(&recorder);
}

/* A medium that needs a flush after a fence. */

static int flushes;
static int flush_error;

static int count_flush(const struct psw_pmem *pmem)
{
	flushes++;
	return flush_error;
}

static void a_medium_that_needs_flushes_gets_them(void **state)
{
	struct rig *rig = *state;

	flushes = 0;
	flush_error = 0;
	rig->pmem.flush = count_flush;
	rig_open(rig);
	assert_true(flushes > 0);
	flushes = 0;
	assert_int_equal(rig_store(rig, 1, 1), 0);
	assert_int_equal(flushes, 0);
	assert_int_equal(rig_checkpoint(rig), 0);
	assert_int_equal(flushes, 2);
}

static void a_failed_flush_fails_the_checkpoint_and_the_next_can_succeed(void **state)
{
	struct rig *rig = *state;
	u64 wear;

	rig->pmem.flush = count_flush;
	flush_error = 0;
	rig_open(rig);
	store_some(rig, 500, 4);
	flush_error = -EIO;
	assert_int_equal(rig_checkpoint(rig), -EIO);
	assert_true(shim_log_has("cannot write the slot table (error -5)"));
	flush_error = 0;
	store_some(rig, 500, 5);
	assert_int_equal(rig_checkpoint(rig), 0);
	wear = rig_wear_sum(rig);
	rig_lose_power(rig);
	assert_int_equal(rig_table_wear_sum(rig), wear);
	rig_open(rig);
	flush_error = -EIO;
	assert_int_equal(rig_close(rig), -EIO);
	assert_int_equal(rig_try_open(rig), -EIO);
	flush_error = 0;
}

static void a_region_on_a_device_that_grew_keeps_its_size(void **state)
{
	struct rig *rig = *state;
	struct rig large;
	u64 wear;

	store_some(rig, 500, 6);
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
		store_some(&rig, 400, round);
		rig_assert_holds(&rig, rig_store(&rig, 900, 1) + 900, 1);
		wear = rig_wear_sum(&rig);
		assert_int_equal(rig_close(&rig), 0);
		assert_int_equal(pmem_unmap(rig.pmem.addr, mapped), 0);
	}
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(wear_survives_close_and_open_exactly),
		rig_test(a_power_loss_loses_only_the_wear_since_the_checkpoint),
		rig_test_closed(the_superblock_records_state_times_and_writes),
		rig_test_closed(identity_survives_every_update),
		rig_test(each_checkpoint_goes_to_the_older_copies),
		rig_test(a_checkpoint_fences_the_table_before_it_writes_the_superblock),
		rig_test(the_table_says_what_each_slot_holds),
		rig_test(no_metadata_line_wears_faster_than_a_data_line),
		rig_test_closed(the_metadata_bytes_counted_are_the_bytes_written),
		rig_test_closed(a_medium_that_needs_flushes_gets_them),
		rig_test_closed(a_failed_flush_fails_the_checkpoint_and_the_next_can_succeed),
		rig_test(a_region_on_a_device_that_grew_keeps_its_size),
		rig_test_closed(a_region_in_a_mapped_file_survives_unmapping),
	};

	return rig_main("persist", tests);
}
