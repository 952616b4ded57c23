// SPDX-License-Identifier: GPL-2.0
/*
 * test_store.c - store, load, invalidate_page, invalidate_area
 */
#include "recorder.h"
#include "rig.h"

static void load_after_store_returns_the_page(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(rig_store(rig, 5, 1), 0);
	rig_assert_holds(rig, 5, 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_STORES), 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOADS), 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_SLOT_WRITES), 1);
}

static void load_of_an_unknown_page_misses_and_leaves_zeros(void **state)
{
	struct rig *rig = *state;

	rig_assert_fails(rig, 5, -ENOENT);
	assert_int_equal(rig_store(rig, 5, 1), 0);
	rig_assert_fails(rig, 4, -ENOENT);
	rig_assert_fails(rig, 5 + PSW_LEAF_ENTRIES, -ENOENT);
	rig_assert_fails(rig, 5 + PSW_NODE_PAGES, -ENOENT);
	rig_assert_fails(rig, PSW_AREA_PAGES_MAX - 1, -ENOENT);
	rig_assert_fails(rig, PSW_AREA_PAGES_MAX, -ENOENT);
	rig_assert_fails(rig, ~0ull, -ENOENT);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOADS), 0);
}

static void load_leaves_the_page_in_place(void **state)
{
	struct rig *rig = *state;
	int i;

	assert_int_equal(rig_store(rig, 5, 1), 0);
	for (i = 0; i < 3; i++)
		rig_assert_holds(rig, 5, 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 1);
}

static void store_over_a_page_replaces_it_and_frees_its_slot(void **state)
{
	struct rig *rig = *state;
	u32 free_nr;

	assert_int_equal(rig_store(rig, 5, 1), 0);
	free_nr = rig_free_nr(rig);
	assert_int_equal(rig_store(rig, 5, 2), 0);
	rig_assert_holds(rig, 5, 2);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_STORES), 2);
	assert_int_equal(rig_free_nr(rig), free_nr);
}

static void pages_far_apart_are_distinct(void **state)
{
	static const u64 pages[] = {
		0, 1, PSW_LEAF_ENTRIES - 1, PSW_LEAF_ENTRIES,
		PSW_NODE_PAGES - 1, PSW_NODE_PAGES, 1ull << 31,
		PSW_AREA_PAGES_MAX - 1,
	};
	struct rig *rig = *state;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pages); i++)
		assert_int_equal(rig_store(rig, pages[i], i), 0);
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		rig_assert_holds(rig, pages[i], i);
	for (i = 0; i < ARRAY_SIZE(pages); i += 2)
		psw_invalidate_page(rig->area, pages[i]);
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		if (i % 2)
			rig_assert_holds(rig, pages[i], i);
		else
			rig_assert_fails(rig, pages[i], -ENOENT);
	}
}

static void load_after_invalidate_page_misses(void **state)
{
	struct rig *rig = *state;
	u32 free_nr = rig_free_nr(rig);

	assert_int_equal(rig_store(rig, 5, 1), 0);
	assert_int_equal(rig_store(rig, 6, 1), 0);
	psw_invalidate_page(rig->area, 5);
	rig_assert_fails(rig, 5, -ENOENT);
	rig_assert_holds(rig, 6, 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_INVALIDATES), 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 1);
	assert_int_equal(rig_free_nr(rig), free_nr - 1);
}

static void invalidate_of_an_unknown_page_changes_nothing(void **state)
{
	struct rig *rig = *state;

	psw_invalidate_page(rig->area, 5);
	assert_int_equal(rig_store(rig, 5, 1), 0);
	psw_invalidate_page(rig->area, 6);
	psw_invalidate_page(rig->area, PSW_AREA_PAGES_MAX);
	psw_invalidate_page(rig->area, ~0ull);
	psw_invalidate_page(rig->area, 5);
	psw_invalidate_page(rig->area, 5);
	assert_int_equal(rig_stat(rig, PSW_STAT_INVALIDATES), 1);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
}

static void invalidate_area_drops_all_pages_and_their_index(void **state)
{
	struct rig *rig = *state;
	unsigned long live = shim_alloc_live();
	u32 free_nr = rig_free_nr(rig);
	u64 offset;

	for (offset = 0; offset < 1000; offset++)
		assert_int_equal(rig_store(rig, offset * 1777, offset), 0);
	assert_true(shim_alloc_live() > live);
	psw_invalidate_area(rig->area);
	assert_int_equal(shim_alloc_live(), live);
	assert_int_equal(rig_free_nr(rig), free_nr);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_INVALIDATES), 1000);
	for (offset = 0; offset < 1000; offset++)
		rig_assert_fails(rig, offset * 1777, -ENOENT);

	assert_int_equal(rig_store(rig, 1777, 9), 0);
	rig_assert_holds(rig, 1777, 9);
}

static struct psw_area *foreign_area(struct rig *rig, u16 number)
{
	struct psw_area *area = psw_area_create(number);

	assert_non_null(area);
	assert_true(psw_area_bind(area, rig->region));
	return area;
}

static void pages_of_several_areas_do_not_mix(void **state)
{
	struct rig *rig = *state;
	struct psw_area *disk = rig->area;
	struct psw_area *areas[3];
	u64 offset;
	int i;

	areas[0] = disk;
	areas[1] = foreign_area(rig, 0);
	areas[2] = foreign_area(rig, 31);
	for (i = 0; i < 3; i++) {
		rig->area = areas[i];
		for (offset = 0; offset < 50; offset++)
			assert_int_equal(rig_store(rig, offset, 100 * i + offset), 0);
	}
	for (i = 0; i < 3; i++) {
		rig->area = areas[i];
		for (offset = 0; offset < 50; offset++)
			rig_assert_holds(rig, offset, 100 * i + offset);
	}
	psw_invalidate_area(areas[1]);
	rig->area = areas[1];
	rig_assert_fails(rig, 7, -ENOENT);
	rig->area = areas[2];
	rig_assert_holds(rig, 7, 207);
	psw_invalidate_page(areas[2], 7);
	rig->area = disk;
	rig_assert_holds(rig, 7, 7);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 50 + 49);

	for (i = 1; i < 3; i++) {
		psw_area_unbind(areas[i]);
		psw_area_destroy(areas[i]);
	}
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 50);
}

static void an_area_is_bound_to_one_region_at_a_time(void **state)
{
	struct rig *rig = *state;
	struct psw_area *area = foreign_area(rig, 3);
	struct rig other;

	rig_create(&other, RIG_BYTES);
	rig_open(&other);
	assert_true(psw_area_bind(area, rig->region));
	assert_false(psw_area_bind(area, other.region));
	assert_ptr_equal(psw_region_area(rig->region, 3), area);
	assert_null(psw_region_area(other.region, 3));
	psw_area_unbind(area);
	assert_null(psw_region_area(rig->region, 3));
	assert_true(psw_area_bind(area, other.region));
	psw_area_unbind(area);
	psw_area_destroy(area);
	assert_int_equal(rig_close(&other), 0);
	rig_destroy(&other);
}

/* Store pages from @first on until the region is full. Return: their number. */
static u64 fill_up(struct rig *rig, u64 first)
{
	u64 offset = first;

	while (!rig_store(rig, offset, offset))
		offset++;
	return offset - first;
}

static void every_slot_is_usable_even_from_magazines_of_other_cpus(void **state)
{
	struct rig *rig = *state;
	u32 slots_nr = rig->region->geo.slots_nr;
	u64 offset;

	/* Leave slots in the magazines of both CPUs. */
	for (offset = 0; offset < 10; offset++) {
		shim_cpu_set(offset % 2);
		assert_int_equal(rig_store(rig, offset, offset), 0);
	}
	for (offset = 0; offset < 10; offset += 3) {
		shim_cpu_set(offset % 2);
		psw_invalidate_page(rig->area, offset);
	}
	shim_cpu_set(1);
	fill_up(rig, 10);
	assert_int_equal(rig_free_nr(rig), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), slots_nr);
	for (offset = 0; offset < 100; offset++)
		if (offset >= 10 || offset % 3)
			rig_assert_holds(rig, offset, offset);
}

static void a_full_region_rejects_and_recovers(void **state)
{
	struct rig *rig = *state;
	u64 held = fill_up(rig, 0);

	assert_int_equal(held, rig->region->geo.slots_nr);
	assert_int_equal(rig_store(rig, held, 1), -ENOSPC);
	assert_int_equal(rig_stat(rig, PSW_STAT_REJECT_FULL), 2);
	rig_assert_fails(rig, held, -ENOENT);
	rig_assert_holds(rig, 17, 17);

	shim_cpu_set(1);
	psw_invalidate_page(rig->area, 17);
	shim_cpu_set(0);
	assert_int_equal(rig_store(rig, held, 1), 0);
	rig_assert_holds(rig, held, 1);
	assert_int_equal(rig_store(rig, 17, 2), -ENOSPC);
}

static void a_full_region_accepts_a_new_version_of_a_stored_page(void **state)
{
	struct rig *rig = *state;

	fill_up(rig, 0);
	shim_cpu_set(1);
	assert_int_equal(rig_store(rig, 3, 1000), 0);
	rig_assert_holds(rig, 3, 1000);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES),
			 rig->region->geo.slots_nr);
}

static void a_full_region_accepts_zero_pages(void **state)
{
	struct rig *rig = *state;
	u64 held = fill_up(rig, 0);

	assert_int_equal(rig_store_zero(rig, held), 0);
	rig_assert_holds_zero(rig, held);
}

static void a_rejected_store_drops_the_old_page(void **state)
{
	struct rig *rig = *state;
	u64 held = fill_up(rig, 1);

	/* A zero page has no slot that the store could take. */
	assert_int_equal(rig_store_zero(rig, 0), 0);
	assert_int_equal(rig_store(rig, 0, 1), -ENOSPC);
	rig_assert_fails(rig, 0, -ENOENT);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), held);
}

static void a_store_without_memory_for_the_index_is_rejected(void **state)
{
	struct rig *rig = *state;
	u32 free_nr = rig_free_nr(rig);
	unsigned int nth;

	for (nth = 1; nth <= 2; nth++) {
		shim_alloc_fail(nth, false);
		assert_int_equal(rig_store(rig, 5, 1), -ENOMEM);
		assert_true(shim_alloc_failed());
		rig_assert_fails(rig, 5, -ENOENT);
	}
	assert_int_equal(rig_stat(rig, PSW_STAT_REJECT_MEMORY), 2);
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
	assert_int_equal(rig_free_nr(rig), free_nr);
	assert_int_equal(rig_store(rig, 5, 1), 0);
	/* Now the index exists, and a store allocates nothing. */
	shim_alloc_fail(1, true);
	assert_int_equal(rig_store(rig, 5, 2), 0);
	rig_assert_holds(rig, 5, 2);
	psw_invalidate_page(rig->area, 5);
	assert_false(shim_alloc_failed());
}

static void a_page_beyond_the_index_is_rejected(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(rig_store(rig, PSW_AREA_PAGES_MAX, 1), -EFBIG);
	assert_int_equal(rig_store(rig, ~0ull, 1), -EFBIG);
	assert_int_equal(rig_stat(rig, PSW_STAT_REJECT_RANGE), 2);
	assert_int_equal(rig_stat(rig, PSW_STAT_STORES), 0);
}

static void a_closing_region_rejects_stores_and_still_loads(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(rig_store(rig, 5, 1), 0);
	assert_int_equal(psw_region_quiesce(rig->region), -EBUSY);
	assert_int_equal(rig_store(rig, 6, 1), 0);

	WRITE_ONCE(rig->region->closing, true);
	assert_int_equal(rig_store(rig, 7, 1), -ENODEV);
	rig_assert_holds(rig, 6, 1);
	assert_int_equal(rig_store(rig, 5, 2), -ENODEV);
	rig_assert_fails(rig, 5, -ENOENT);
	assert_int_equal(rig_stat(rig, PSW_STAT_REJECT_CLOSING), 2);

	psw_invalidate_page(rig->area, 6);
	assert_int_equal(psw_region_quiesce(rig->region), 0);
	assert_int_equal(rig_store(rig, 7, 1), -ENODEV);
	psw_region_resume(rig->region);
	assert_int_equal(rig_store(rig, 7, 1), 0);
}

static void a_dead_device_rejects_stores_and_fails_loads(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(rig_store(rig, 5, 1), 0);
	assert_int_equal(rig_store(rig, 6, 1), 0);
	kill_dax(&rig->dax);
	rig_assert_fails(rig, 5, -EIO);
	assert_int_equal(rig_store(rig, 5, 2), -ENODEV);
	assert_int_equal(rig_store(rig, 8, 2), -ENODEV);
	psw_invalidate_page(rig->area, 6);
	assert_int_equal(rig_checkpoint(rig), -ENODEV);
	assert_true(shim_log_has("cannot write the slot table"));
	assert_int_equal(rig_stat(rig, PSW_STAT_PAGES), 0);
	assert_int_equal(rig_stat(rig, PSW_STAT_LOST), 0);
}

static void capacity_excludes_the_reserve_and_retired_slots(void **state)
{
	struct rig *rig = *state;
	struct psw_region *region = rig->region;
	u32 capacity = psw_region_capacity(region);

	assert_int_equal(capacity + psw_region_reserve(region),
			 region->geo.slots_nr);
	assert_true(psw_region_reserve(region) >= region->geo.slots_nr / 100);
	assert_int_equal(rig_store(rig, 1, 1), 0);
	shim_pmem_poison(rig_slot_addr(rig, rig_slot_of(rig, 1)), 64);
	rig_assert_fails(rig, 1, -EIO);
	assert_int_equal(psw_region_capacity(region), capacity - 1);
}

static void the_sweep_is_called_once_per_table_block_of_stores(void **state)
{
	struct rig *rig = *state;
	u64 stores, taken;

	for (stores = 0; stores < 5 * rig->region->geo.slots_nr; stores++) {
		unsigned int sweep_calls = rig->sweep_calls;

		assert_int_equal(rig_store(rig, stores % 100, stores), 0);
		assert_in_range(rig->sweep_calls, sweep_calls, sweep_calls + 1);
	}
	/* Slots are counted when they go to a magazine, a batch at a time. */
	taken = rig->region->slots.taken;
	assert_in_range(rig->sweep_calls, taken / (PSW_MEDIA_ENTRIES_PER_BLOCK +
					    PSW_MAGAZINE_SLOTS),
			taken / PSW_MEDIA_ENTRIES_PER_BLOCK);
}

static void a_round_takes_as_many_stores_as_there_are_slots(void **state)
{
	struct rig *rig = *state;
	u32 slots_nr = rig->region->geo.slots_nr;
	u64 stores;

	for (stores = 0; stores < 5ull * slots_nr; stores++) {
		assert_int_equal(rig_store(rig, stores % 100, stores), 0);
		rig_work(rig);
		assert_true(rig->region->rounds * (u64)slots_nr <=
			    rig->region->slots.taken);
	}
	for (; stores < 5ull * slots_nr + 2 * PSW_MEDIA_ENTRIES_PER_BLOCK; stores++) {
		assert_int_equal(rig_store(rig, stores % 100, stores), 0);
		rig_work(rig);
	}
	assert_int_equal(rig->region->rounds, 5);
}

static void a_region_without_callbacks_works(void **state)
{
	struct rig *rig = *state;
	u64 stores;

	rig->options.next_bad = NULL;
	rig->options.sweep_due = NULL;
	rig_open(rig);
	for (stores = 0; stores < 2 * rig->region->geo.slots_nr; stores++)
		assert_int_equal(rig_store(rig, stores % 10, stores), 0);
}

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
		rig_test(load_after_store_returns_the_page),
		rig_test(load_of_an_unknown_page_misses_and_leaves_zeros),
		rig_test(load_leaves_the_page_in_place),
		rig_test(store_over_a_page_replaces_it_and_frees_its_slot),
		rig_test(pages_far_apart_are_distinct),
		rig_test(load_after_invalidate_page_misses),
		rig_test(invalidate_of_an_unknown_page_changes_nothing),
		rig_test(invalidate_area_drops_all_pages_and_their_index),
		rig_test(pages_of_several_areas_do_not_mix),
		rig_test(an_area_is_bound_to_one_region_at_a_time),
		rig_test(every_slot_is_usable_even_from_magazines_of_other_cpus),
		rig_test(a_full_region_rejects_and_recovers),
		rig_test(a_full_region_accepts_a_new_version_of_a_stored_page),
		rig_test(a_full_region_accepts_zero_pages),
		rig_test(a_rejected_store_drops_the_old_page),
		rig_test(a_store_without_memory_for_the_index_is_rejected),
		rig_test(a_page_beyond_the_index_is_rejected),
		rig_test(a_closing_region_rejects_stores_and_still_loads),
		rig_test(a_dead_device_rejects_stores_and_fails_loads),
		rig_test(capacity_excludes_the_reserve_and_retired_slots),
		rig_test(the_sweep_is_called_once_per_table_block_of_stores),
		rig_test(a_round_takes_as_many_stores_as_there_are_slots),
		rig_test_closed(a_region_without_callbacks_works),
		rig_test_closed(a_store_writes_its_page_and_one_fence_alone),
		rig_test(wear_counts_a_write_before_its_first_byte),
		rig_test(loads_and_invalidates_write_nothing_to_the_medium),
	};

	return rig_main("store", tests);
}
