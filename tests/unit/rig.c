// SPDX-License-Identifier: GPL-2.0
/*
 * rig.c - a region on a medium in memory, and common operations on it
 */
#include <linux/rcupdate.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "rig.h"

static void rig_sweep_due(void *context)
{
	struct rig *rig = context;

	__atomic_fetch_add(&rig->sweep_calls, 1, __ATOMIC_RELAXED);
}

static bool rig_next_bad(void *context, u64 off, u64 bytes, u64 *bad_off,
			 u64 *bad_bytes)
{
	struct rig *rig = context;
	u64 start = rig->bad_off > off ? rig->bad_off : off;
	u64 end = rig->bad_off + rig->bad_bytes;

	if (start >= end || start >= off + bytes)
		return false;
	*bad_off = start;
	*bad_bytes = (end < off + bytes ? end : off + bytes) - start;
	return true;
}

static unsigned int rig_bad_stamp(void *context)
{
	struct rig *rig = context;

	return READ_ONCE(rig->bad_stamp);
}

void rig_create(struct rig *rig, u64 bytes)
{
	memset(rig, 0, sizeof(*rig));
	rig->fd = memfd_create("region", 0);
	assert_true(rig->fd >= 0);
	assert_int_equal(ftruncate(rig->fd, bytes), 0);
	rig->pmem.addr = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
			      rig->fd, 0);
	assert_ptr_not_equal(rig->pmem.addr, MAP_FAILED);
	rig->pmem.bytes = bytes;
	rig->pmem.dax = &rig->dax;
	rig->options.name = "pmem0";
	rig->options.verify = true;
	rig->options.zero_pages = true;
	rig->options.wear_mode = PSW_WEAR_STATIC;
	rig->options.next_bad = rig_next_bad;
	rig->options.bad_stamp = rig_bad_stamp;
	rig->options.sweep_due = rig_sweep_due;
	rig->options.context = rig;
	format_region(rig->pmem.addr, bytes);
	shim_log_clear();
}

void rig_destroy(struct rig *rig)
{
	munmap(rig->pmem.addr, rig->pmem.bytes);
	close(rig->fd);
}

int rig_try_open(struct rig *rig)
{
	int err = psw_region_open(&rig->region, &rig->pmem, &rig->options);

	rig->area = err ? NULL : rig->region->disk;
	if (err)
		rig->region = NULL;
	return err;
}

void rig_open(struct rig *rig)
{
	assert_int_equal(rig_try_open(rig), 0);
}

int rig_close(struct rig *rig)
{
	struct psw_region *region = rig->region;

	psw_invalidate_area(rig->area);
	assert_int_equal(psw_region_quiesce(region), 0);
	rig->region = NULL;
	rig->area = NULL;
	return psw_region_close(region);
}

void rig_set_closing(struct rig *rig)
{
	WRITE_ONCE(rig->region->closing, true);
}

void rig_lose_power(struct rig *rig)
{
	kill_dax(&rig->dax);
	assert_int_equal(rig_close(rig), -ENODEV);
	rig->dax.dead = false;
	shim_log_clear();
}

int rig_checkpoint(struct rig *rig)
{
	return psw_sweep_checkpoint(rig->region, PSW_MEDIA_STATE_ATTACHED);
}

unsigned int rig_work(struct rig *rig)
{
	if (!rig->sweep_calls)
		return 0;
	rig->sweep_calls = 0;
	return psw_sweep_run(rig->region);
}

static int rig_make(void **state, bool open)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	if (!rig)
		return -1;
	*state = rig;
	shim_cpus(2, false);
	rig_create(rig, RIG_BYTES);
	rig->live = shim_alloc_live();
	if (open)
		rig_open(rig);
	return 0;
}

int rig_setup(void **state)
{
	return rig_make(state, true);
}

int rig_setup_closed(void **state)
{
	return rig_make(state, false);
}

/* Free a region that a failed test left open. */
static void rig_abandon(struct rig *rig)
{
	unsigned int i;

	for (i = 0; i < PSW_FOREIGN_AREAS; i++) {
		struct psw_area *area = rig->region->foreign[i];

		if (!area)
			continue;
		psw_area_unbind(area);
		psw_area_destroy(area);
	}
	kill_dax(&rig->dax);
	psw_region_close(rig->region);
}

int rig_teardown(void **state)
{
	struct rig *rig = *state;
	bool leaks;

	shim_pmem_observe(NULL);
	shim_pmem_heal();
	shim_cpu_generic(false);
	shim_alloc_fail(0, false);
	shim_memory_available(LONG_MAX);
	if (rig->region)
		rig_abandon(rig);
	leaks = shim_alloc_live() != rig->live;
	rig_destroy(rig);
	free(rig);
	return leaks ? -1 : 0;
}

int rig_store(struct rig *rig, u64 offset, u64 version)
{
	struct page_buffer buffer;

	page_fill(&buffer, offset, version);
	return psw_store(rig->area, offset, &buffer, GFP_NOWAIT);
}

int rig_store_zero(struct rig *rig, u64 offset)
{
	struct page_buffer buffer;

	page_same(&buffer, 0);
	return psw_store(rig->area, offset, &buffer, GFP_NOWAIT);
}

void rig_store_some(struct rig *rig, u64 stores, u64 seed)
{
	while (stores--)
		assert_int_equal(rig_store(rig, random_below(&seed, 800), stores),
				 0);
}

void rig_assert_holds(struct rig *rig, u64 offset, u64 version)
{
	struct page_buffer buffer;

	assert_int_equal(psw_load(rig->area, offset, &buffer), 0);
	assert_true(page_is(&buffer, offset, version));
}

void rig_assert_holds_zero(struct rig *rig, u64 offset)
{
	struct page_buffer buffer;

	assert_int_equal(psw_load(rig->area, offset, &buffer), 0);
	assert_true(page_is_same(&buffer, 0));
}

void rig_assert_fails(struct rig *rig, u64 offset, int err)
{
	struct page_buffer buffer;

	page_fill(&buffer, offset, ~0ull);
	assert_int_equal(psw_load(rig->area, offset, &buffer), err);
	assert_true(page_is_same(&buffer, 0));
}

u64 rig_stat(const struct rig *rig, enum psw_stat stat)
{
	return psw_region_stat(rig->region, stat);
}

u32 rig_free_nr(struct rig *rig)
{
	return psw_slots_free_nr(&rig->region->slots);
}

u32 rig_slot_of(struct rig *rig, u64 offset)
{
	u32 *entry;
	u32 slot = PSW_SLOT_NONE;

	rcu_read_lock();
	entry = psw_index_find(rig->area, offset);
	if (entry && psw_entry_is_slot(*entry))
		slot = psw_entry_slot(*entry);
	rcu_read_unlock();
	return slot;
}

void *rig_slot_addr(struct rig *rig, u32 slot)
{
	return (char *)rig->pmem.addr + psw_slot_off(&rig->region->geo, slot);
}

u64 rig_wear_sum(const struct rig *rig)
{
	u64 sum = 0;
	u32 slot;

	for (slot = 0; slot < rig->region->slots.slots_nr; slot++)
		sum += rig->region->slots.info[slot].wear;
	return sum;
}

void rig_set_wear(struct rig *rig, u32 slot, u32 wear)
{
	u32 *now = &rig->region->slots.info[slot].wear;

	/* As if all of it had been written: the totals limit what wear is valid. */
	if (wear > *now)
		rig->region->loaded[PSW_STAT_SLOT_WRITES] += wear - *now;
	*now = wear;
}

u32 *rig_wear_copy(const struct rig *rig)
{
	u32 slots_nr = rig->region->slots.slots_nr;
	u32 *wear = calloc(slots_nr, sizeof(*wear));
	u32 slot;

	assert_non_null(wear);
	for (slot = 0; slot < slots_nr; slot++)
		wear[slot] = rig->region->slots.info[slot].wear;
	return wear;
}

struct psw_geometry rig_geometry(const struct rig *rig)
{
	struct psw_geometry geo = {};

	assert_true(psw_geometry_init(&geo, rig->pmem.bytes));
	return geo;
}

struct psw_media_super *rig_super(struct rig *rig, int copy)
{
	return (void *)((char *)rig->pmem.addr +
			rig_geometry(rig).super_off[copy]);
}

struct psw_media_super *rig_super_current(struct rig *rig)
{
	const struct psw_media_super *copies[2];
	enum psw_super_status status[2];
	struct psw_geometry geo;
	int copy;

	for (copy = 0; copy < 2; copy++) {
		copies[copy] = rig_super(rig, copy);
		status[copy] = psw_super_check(copies[copy], copy,
					rig_geometry(rig).super_off[copy],
					rig->pmem.bytes, &geo);
	}
	copy = psw_super_choose(status, copies);
	return copy < 0 ? NULL : rig_super(rig, copy);
}

int rig_table_current(struct rig *rig)
{
	return psw_table_current_copy(rig_super_current(rig));
}

struct psw_media_table_block *rig_table_block(const struct rig *rig, int copy,
					      u64 index)
{
	struct psw_geometry geo = rig_geometry(rig);

	return (void *)((char *)rig->pmem.addr +
			psw_table_block_off(&geo, copy, index));
}

/* The valid copy of a block with the higher generation, or NULL. */
static const struct psw_media_table_block *rig_table_block_chosen(struct rig *rig,
								  u64 index)
{
	struct psw_media_super *super = rig_super_current(rig);
	const struct psw_media_table_block *blocks[2];
	struct psw_geometry geo = rig_geometry(rig);
	bool valid[2];
	int copy;

	for (copy = 0; copy < 2; copy++) {
		blocks[copy] = rig_table_block(rig, copy, index);
		valid[copy] = psw_table_block_check(blocks[copy], &geo,
				le64_to_cpu(super->table_seed), index);
	}
	copy = psw_table_block_choose(super, valid, blocks);
	return copy < 0 ? NULL : blocks[copy];
}

struct psw_media_entry *rig_table(struct rig *rig)
{
	struct psw_geometry geo = rig_geometry(rig);
	struct psw_media_entry *entry = calloc(geo.slots_nr, sizeof(*entry));
	u32 slot, limit;
	u64 index;

	assert_non_null(entry);
	for (index = 0; index < geo.table_blocks; index++) {
		const struct psw_media_table_block *block =
			rig_table_block_chosen(rig, index);

		if (block)
			memcpy(&entry[index * PSW_MEDIA_ENTRIES_PER_BLOCK],
			       block->entry, le32_to_cpu(block->entries_nr) *
			       sizeof(*entry));
	}
	limit = psw_wear_limit(rig_super_current(rig), &geo);
	for (slot = 0; slot < geo.slots_nr; slot++)
		entry[slot].wear = cpu_to_le32(psw_entry_wear(&entry[slot], limit));
	return entry;
}

u64 rig_table_wear_sum(struct rig *rig)
{
	struct psw_media_entry *entry = rig_table(rig);
	u64 sum = 0;
	u32 slot;

	for (slot = 0; slot < rig_geometry(rig).slots_nr; slot++)
		sum += le32_to_cpu(entry[slot].wear);
	free(entry);
	return sum;
}
