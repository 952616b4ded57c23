// SPDX-License-Identifier: GPL-2.0
/*
 * test_medium.c - what store, load and invalidate write to the medium
 */
#include "recorder.h"
#include "rig.h"

static void a_store_writes_its_page_and_one_fence_alone(void **state)
{
	struct rig *rig = *state;
	struct recorder recorder;
	int verify;

	for (verify = 0; verify < 2; verify++) {
		u64 offset;

		rig->options.verify = verify;
		rig_open(rig);
		for (offset = 0; offset < 500; offset++) {
			recorder_start(&recorder, rig->pmem.addr);
			assert_int_equal(rig_store(rig, offset % 100, offset), 0);
			recorder_stop(&recorder);
			assert_int_equal(recorder_bytes(&recorder,
						psw_slot_off(&rig->region->geo,
							     rig_slot_of(rig, offset % 100)),
						PAGE_BYTES), PAGE_BYTES);
			assert_int_equal(recorder_bytes(&recorder, 0, RIG_BYTES),
					 PAGE_BYTES);
			assert_int_equal(recorder_fences(&recorder), 1);
			assert_int_equal(recorder.event[recorder.events_nr - 1].kind,
					 RECORDER_FENCE);
			recorder_free(&recorder);
		}
		assert_int_equal(rig_close(rig), 0);
	}
}

/* Count stores to slots whose wear is still zero. */
static void count_uncounted(void *context, void *dst, const void *src, size_t bytes)
{
	struct rig *rig = context;
	u64 off = (char *)dst - (char *)rig->pmem.addr;

	if (off >= rig->region->geo.data_off) {
		u64 slot = (off - rig->region->geo.data_off) / PSW_MEDIA_SLOT_BYTES;

		rig->uncounted += !rig->region->slots.info[slot].wear;
	}
	memcpy(dst, src, bytes);
}

static void pass_fence(void *context)
{
}

static void wear_counts_a_write_before_its_first_byte(void **state)
{
	struct rig *rig = *state;
	const struct shim_pmem_observer observer = {
		.store = count_uncounted, .fence = pass_fence, .context = rig,
	};
	u64 offset;

	shim_pmem_observe(&observer);
	for (offset = 0; offset < 500; offset++)
		assert_int_equal(rig_store(rig, offset, offset), 0);
	shim_pmem_observe(NULL);
	assert_int_equal(rig->uncounted, 0);
	assert_int_equal(rig_wear_sum(rig), 500);
}

static void loads_and_invalidates_write_nothing_to_the_medium(void **state)
{
	struct rig *rig = *state;
	struct recorder recorder;

	assert_int_equal(rig_store(rig, 1, 1), 0);
	assert_int_equal(rig_store(rig, 2, 2), 0);
	recorder_start(&recorder, rig->pmem.addr);
	rig_assert_holds(rig, 1, 1);
	rig_assert_fails(rig, 3, -ENOENT);
	psw_invalidate_page(rig->area, 1);
	psw_invalidate_area(rig->area);
	assert_int_equal(rig_store_zero(rig, 4), 0);
	recorder_stop(&recorder);
	assert_int_equal(recorder.events_nr, 0);
	recorder_free(&recorder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test_closed(a_store_writes_its_page_and_one_fence_alone),
		rig_test(wear_counts_a_write_before_its_first_byte),
		rig_test(loads_and_invalidates_write_nothing_to_the_medium),
	};

	return rig_main("medium", tests);
}
