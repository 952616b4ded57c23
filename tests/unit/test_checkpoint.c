// SPDX-License-Identifier: GPL-2.0
/*
 * test_checkpoint.c - the order, the place and the amount of metadata writes
 */
#include "recorder.h"
#include "rig.h"

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

	/* The first checkpoint of a life writes both copies of the table. */
	assert_int_equal(rig_checkpoint(rig), 0);
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

static void the_first_checkpoint_of_a_life_writes_both_copies(void **state)
{
	struct rig *rig = *state;
	struct psw_geometry geo = rig_geometry(rig);
	struct recorder recorder;
	u64 index;

	recorder_start(&recorder, rig->pmem.addr);
	rig_store_some(rig, 500, 6);
	assert_int_equal(rig_checkpoint(rig), 0);
	recorder_stop(&recorder);
	assert_int_equal(recorder_bytes(&recorder, geo.table_off[0], 2 * table_bytes(rig)),
			 2 * table_bytes(rig));
	for (index = 0; index < geo.table_blocks; index++)
		assert_memory_equal(rig_table_block(rig, 0, index),
				    rig_table_block(rig, 1, index), 4096);
	assert_true(psw_table_was_written(rig_super_current(rig), 0));
	assert_true(psw_table_was_written(rig_super_current(rig), 1));
	recorder_free(&recorder);
}

static void a_checkpoint_fences_the_table_before_it_writes_the_superblock(void **state)
{
	struct rig *rig = *state;
	struct psw_geometry geo = rig_geometry(rig);
	struct recorder recorder;
	size_t i;

	assert_int_equal(rig_checkpoint(rig), 0);
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
	/* Half of the rounds, and the first one of the life. */
	assert_true(most_writes(&count, 0, geo.data_off) <= 7);
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
	assert_int_equal(le64_to_cpu(rig_super_current(rig)->meta_bytes),
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

static void a_retired_slot_is_flushed_by_the_sweep_soon(void **state)
{
	struct rig *rig = *state;

	flush_error = 0;
	rig->pmem.flush = count_flush;
	rig_open(rig);
	rig->sweep_calls = 0;
	flushes = 0;
	psw_badlist_retire(rig->region, 5, PSW_MEDIA_BAD_CHECKSUM);
	/* Not yet: the caller may hold spinlocks. */
	assert_int_equal(flushes, 0);
	assert_int_equal(rig->sweep_calls, 1);
	rig_work(rig);
	assert_int_equal(flushes, 1);
	psw_sweep_run(rig->region);
	assert_int_equal(flushes, 1);

	flush_error = -EIO;
	psw_badlist_retire(rig->region, 6, PSW_MEDIA_BAD_CHECKSUM);
	rig_work(rig);
	assert_true(shim_log_has("the bad-slot list cannot be flushed"));
	flush_error = 0;
}

static void a_failed_flush_fails_the_checkpoint_and_the_next_can_succeed(void **state)
{
	struct rig *rig = *state;
	u64 wear;

	rig->pmem.flush = count_flush;
	flush_error = 0;
	rig_open(rig);
	rig_store_some(rig, 500, 4);
	flush_error = -EIO;
	assert_int_equal(rig_checkpoint(rig), -EIO);
	assert_true(shim_log_has("cannot write the slot table (error -5)"));
	flush_error = 0;
	rig_store_some(rig, 500, 5);
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

static u32 state_on_medium(struct rig *rig)
{
	return le32_to_cpu(rig_super_current(rig)->state);
}

static void only_a_quiesced_region_is_clean_after_a_checkpoint(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(rig_store(rig, 1, 1), 0);
	assert_int_equal(psw_region_quiesce(rig->region), -EBUSY);
	assert_int_equal(psw_region_checkpoint(rig->region), 0);
	assert_int_equal(state_on_medium(rig), PSW_MEDIA_STATE_ATTACHED);
	psw_invalidate_page(rig->region->disk, 1);
	assert_int_equal(psw_region_checkpoint(rig->region), 0);
	assert_int_equal(state_on_medium(rig), PSW_MEDIA_STATE_ATTACHED);
	assert_int_equal(psw_region_quiesce(rig->region), 0);
	assert_int_equal(psw_region_checkpoint(rig->region), 0);
	assert_int_equal(state_on_medium(rig), PSW_MEDIA_STATE_CLEAN);
	psw_region_resume(rig->region);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(each_checkpoint_goes_to_the_older_copies),
		rig_test(the_first_checkpoint_of_a_life_writes_both_copies),
		rig_test(a_checkpoint_fences_the_table_before_it_writes_the_superblock),
		rig_test(no_metadata_line_wears_faster_than_a_data_line),
		rig_test(only_a_quiesced_region_is_clean_after_a_checkpoint),
		rig_test_closed(the_metadata_bytes_counted_are_the_bytes_written),
		rig_test_closed(a_medium_that_needs_flushes_gets_them),
		rig_test_closed(a_retired_slot_is_flushed_by_the_sweep_soon),
		rig_test_closed(a_failed_flush_fails_the_checkpoint_and_the_next_can_succeed),
	};

	return rig_main("checkpoint", tests);
}
