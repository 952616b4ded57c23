// SPDX-License-Identifier: GPL-2.0
/*
 * history.c - a recorded history of a region, and what a power loss may leave
 *
 * Each operation notes twice what the medium must hold after a power loss: before
 * it begins, and when it has ended.
 */
#include <sys/mman.h>
#include <unistd.h>
#include "history.h"

/* Room for the wear of all slots; history_free() frees it. */
static u32 *history_wear_alloc(struct history *history)
{
	u32 *wear = calloc(rig_geometry(&history->rig).slots_nr, sizeof(*wear));

	assert_non_null(wear);
	assert_true(history->wears_nr < EXPECTED_MAX);
	history->wear[history->wears_nr++] = wear;
	return wear;
}

/* The wear in the table on the medium. */
static u32 *history_wear_on_medium(struct history *history)
{
	u32 *wear = history_wear_alloc(history);
	struct psw_media_entry *table = rig_table(&history->rig);
	u32 slot;

	for (slot = 0; slot < rig_geometry(&history->rig).slots_nr; slot++)
		wear[slot] = le32_to_cpu(table[slot].wear);
	free(table);
	return wear;
}

/* The wear of all slots in memory. */
static u32 *history_wear(struct history *history)
{
	const struct psw_slots *slots = &history->rig.region->slots;
	u32 *wear = history_wear_alloc(history);
	u32 slot;

	for (slot = 0; slot < slots->slots_nr; slot++)
		wear[slot] = slots->info[slot].wear;
	return wear;
}

void history_expect(struct history *history)
{
	assert_true(history->expected_nr < EXPECTED_MAX);
	history->expected[history->expected_nr] = history->now;
	recorder_mark(&history->recorder, history->expected_nr++);
}

/* An update of the superblock begins, with the table before it if @table. */
static void history_update_begin(struct history *history, u32 state, bool table)
{
	/* Blocks written in this round stay until this update writes them. */
	if (table && history->now.next)
		history->now.older = history->now.next;
	if (table)
		history->now.next = history_wear(history);
	history->now.sequence_next = history->now.sequence + 1;
	history->now.state_next = state;
	history_expect(history);
}

/* Entries of the bad-slot list are durable, and so are those before them. */
static void history_retired(struct history *history)
{
	history->now.retired_nr += history->now.retiring_nr;
	history->now.retiring_nr = 0;
}

/* The update has ended. */
static void history_update_end(struct history *history)
{
	if (history->now.next) {
		history->now.done = history->now.next;
		history->now.older = NULL;
	}
	history->now.next = NULL;
	history->now.sequence = history->now.sequence_next;
	history->now.sequence_next = 0;
	history->now.state = history->now.state_next;
	history_retired(history);
	history_expect(history);
}

void history_open(struct history *history)
{
	history_update_begin(history, PSW_MEDIA_STATE_ATTACHED, false);
	rig_open(&history->rig);
	history_update_end(history);
}

void history_store(struct history *history, u64 first, u64 pages)
{
	while (pages--)
		assert_int_equal(rig_store(&history->rig, first + pages, pages), 0);
}

void history_checkpoint(struct history *history)
{
	history_update_begin(history, PSW_MEDIA_STATE_ATTACHED, true);
	assert_int_equal(rig_checkpoint(&history->rig), 0);
	history_update_end(history);
}

/* The wear in the table once the sweep has written its next block. */
static u32 *history_wear_after_block(struct history *history)
{
	const u32 *before = history->now.next ? history->now.next : history->now.done;
	const struct psw_region *region = history->rig.region;
	u64 index = region->sweep.block;
	u32 *wear = history_wear_alloc(history);
	u32 first = index * PSW_MEDIA_ENTRIES_PER_BLOCK;
	u32 slot = first + psw_table_entries_nr(region->slots.slots_nr, index);

	memcpy(wear, before, region->slots.slots_nr * sizeof(*wear));
	while (slot-- > first)
		wear[slot] = region->slots.info[slot].wear;
	return wear;
}

/* Sweep the next block. Return: number of pages moved. */
static unsigned int history_sweep_block(struct history *history)
{
	struct psw_region *region = history->rig.region;
	bool last = region->sweep.blocks_left == 1;
	unsigned int moved;

	history->now.next = history_wear_after_block(history);
	if (last) {
		history->now.sequence_next = history->now.sequence + 1;
		history->now.state_next = PSW_MEDIA_STATE_ATTACHED;
	}
	history_expect(history);
	moved = steer_sweep_block(&history->rig);
	if (last)
		history_update_end(history);
	return moved;
}

unsigned int history_sweep(struct history *history, u64 blocks)
{
	unsigned int moved = 0;

	while (blocks--) {
		moved += history_sweep_block(history);
		history_store(history, 100 + blocks % 2, 1);
	}
	return moved;
}

void history_lose_page(struct history *history, u64 offset)
{
	u32 slot = rig_slot_of(&history->rig, offset);

	history->now.retired[history->now.retired_nr + history->now.retiring_nr++] = slot;
	history_expect(history);
	shim_pmem_poison(rig_slot_addr(&history->rig, slot), 1);
	rig_assert_fails(&history->rig, offset, -EIO);
	shim_pmem_heal();
	if (!history->recorder.needs_flush)
		history_retired(history);
	history_expect(history);
}

void history_close(struct history *history)
{
	history_update_begin(history, PSW_MEDIA_STATE_CLEAN, true);
	assert_int_equal(rig_close(&history->rig), 0);
	history_update_end(history);
}

/* The wear in the current copy of the table. */
static u32 *history_wear_in_current_copy(struct history *history)
{
	struct psw_media_super *super = rig_super_current(&history->rig);
	int copy = rig_table_current(&history->rig);
	u32 *wear = history_wear_alloc(history);
	u64 slot;

	for (slot = 0; super->table_generation[copy] &&
	     slot < rig_geometry(&history->rig).slots_nr; slot++)
		wear[slot] = le32_to_cpu(rig_table_block(&history->rig, copy,
				slot / PSW_MEDIA_ENTRIES_PER_BLOCK)->entry[
				slot % PSW_MEDIA_ENTRIES_PER_BLOCK].wear);
	return wear;
}

static int image_save(const void *addr)
{
	int fd = memfd_create("before", 0);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, addr, HISTORY_BYTES), HISTORY_BYTES);
	return fd;
}

/* At first, what the medium holds is expected. */
void history_start(struct history *history, struct rig *rig)
{
	memset(history, 0, sizeof(*history));
	history->rig = *rig;
	history->rig.options.context = &history->rig;
	history->rig.pmem.dax = &history->rig.dax;
	history->before = image_save(rig->pmem.addr);

	history->now.done = history_wear_on_medium(history);
	history->now.older = history_wear_in_current_copy(history);
	history->now.sequence = le64_to_cpu(rig_super_current(rig)->sequence);
	history->now.state = le32_to_cpu(rig_super_current(rig)->state);
	recorder_start(&history->recorder, rig->pmem.addr);
	history->recorder.needs_flush = rig->pmem.flush;
	history_expect(history);
}

void history_stop(struct history *history)
{
	recorder_stop(&history->recorder);
}

void history_free(struct history *history)
{
	while (history->wears_nr)
		free(history->wear[--history->wears_nr]);
	recorder_free(&history->recorder);
	close(history->before);
}

void history_wear_unevenly(struct history *history)
{
	const struct psw_slots *slots = &history->rig.region->slots;
	u32 slot;

	for (slot = 0; slot < slots->slots_nr; slot += 2)
		rig_set_wear(&history->rig, slot, slots->info[slot].wear + 3);
}
