// SPDX-License-Identifier: GPL-2.0
/*
 * life.c - a recorded life of a region, and what a cut may leave of it
 *
 * Before and after each operation a promise is made: what must be found on the
 * medium if the power is cut from here on.
 */
#include <sys/mman.h>
#include <unistd.h>
#include "life.h"

/* Room for the wear of all slots, for as long as @life. */
static u32 *life_wear_alloc(struct life *life)
{
	u32 *wear = calloc(rig_geometry(&life->rig).slots_nr, sizeof(*wear));

	assert_non_null(wear);
	assert_true(life->wears_nr < PROMISES_MAX);
	life->wear[life->wears_nr++] = wear;
	return wear;
}

/* The wear that the table on the medium says. */
static u32 *life_wear_on_medium(struct life *life)
{
	u32 *wear = life_wear_alloc(life);
	struct psw_media_entry *table = rig_table(&life->rig);
	u32 slot;

	for (slot = 0; slot < rig_geometry(&life->rig).slots_nr; slot++)
		wear[slot] = le32_to_cpu(table[slot].wear);
	free(table);
	return wear;
}

/* The wear of all slots as it is now. */
static u32 *life_wear(struct life *life)
{
	const struct psw_slots *slots = &life->rig.region->slots;
	u32 *wear = life_wear_alloc(life);
	u32 slot;

	for (slot = 0; slot < slots->slots_nr; slot++)
		wear[slot] = slots->info[slot].wear;
	return wear;
}

/* From here on a cut may leave what @life->now says. */
void life_promise(struct life *life)
{
	assert_true(life->promises_nr < PROMISES_MAX);
	life->promise[life->promises_nr] = life->now;
	recorder_mark(&life->recorder, life->promises_nr++);
}

/* An update of the superblock begins; perhaps with the table before it. */
static void life_begin(struct life *life, u32 state, bool table)
{
	/* Blocks that a round has written by now stay until they are. */
	if (table && life->now.next)
		life->now.older = life->now.next;
	if (table)
		life->now.next = life_wear(life);
	life->now.sequence_next = life->now.sequence + 1;
	life->now.state_next = state;
	life_promise(life);
}

/* It has come to its end. */
static void life_end(struct life *life)
{
	if (life->now.next) {
		life->now.done = life->now.next;
		life->now.older = NULL;
	}
	life->now.next = NULL;
	life->now.sequence = life->now.sequence_next;
	life->now.sequence_next = 0;
	life->now.state = life->now.state_next;
	life_promise(life);
}

void life_open(struct life *life)
{
	life_begin(life, PSW_MEDIA_STATE_ATTACHED, false);
	rig_open(&life->rig);
	life_end(life);
}

void life_store(struct life *life, u64 first, u64 pages)
{
	while (pages--)
		assert_int_equal(rig_store(&life->rig, first + pages, pages), 0);
}

void life_checkpoint(struct life *life)
{
	life_begin(life, PSW_MEDIA_STATE_ATTACHED, true);
	assert_int_equal(rig_checkpoint(&life->rig), 0);
	life_end(life);
}

/* As the table will be with its next block written, of those of a round. */
static u32 *life_wear_after_step(struct life *life)
{
	const u32 *before = life->now.next ? life->now.next : life->now.done;
	const struct psw_region *region = life->rig.region;
	u64 index = region->sweep.block;
	u32 *wear = life_wear_alloc(life);
	u32 first = index * PSW_MEDIA_ENTRIES_PER_BLOCK;
	u32 slot = first + psw_table_entries_nr(region->slots.slots_nr, index);

	memcpy(wear, before, region->slots.slots_nr * sizeof(*wear));
	while (slot-- > first)
		wear[slot] = region->slots.info[slot].wear;
	return wear;
}

/* Let the sweep go past the next block: how many pages it moved. */
static unsigned int life_step(struct life *life)
{
	struct psw_region *region = life->rig.region;
	bool last = region->sweep.blocks_left == 1;
	unsigned int moved;

	life->now.next = life_wear_after_step(life);
	if (last) {
		life->now.sequence_next = life->now.sequence + 1;
		life->now.state_next = PSW_MEDIA_STATE_ATTACHED;
	}
	life_promise(life);
	moved = steer_step(&life->rig);
	if (last)
		life_end(life);
	return moved;
}

/* As many blocks, with a store after each: how many pages were moved. */
unsigned int life_walk(struct life *life, u64 blocks)
{
	unsigned int moved = 0;

	while (blocks--) {
		moved += life_step(life);
		life_store(life, 100 + blocks % 2, 1);
	}
	return moved;
}

/* The medium loses a page; when the loss is told, the slot is retired for good. */
void life_lose(struct life *life, u64 offset)
{
	u32 slot = rig_slot_of(&life->rig, offset);

	life->now.retiring = slot;
	life_promise(life);
	shim_pmem_poison(rig_slot_addr(&life->rig, slot), 1);
	rig_assert_fails(&life->rig, offset, -EIO);
	shim_pmem_heal();
	life->now.retired[life->now.retired_nr++] = slot;
	life->now.retiring = PSW_SLOT_NONE;
	life_promise(life);
}

void life_close(struct life *life)
{
	life_begin(life, PSW_MEDIA_STATE_CLEAN, true);
	assert_int_equal(rig_close(&life->rig), 0);
	life_end(life);
}

/* The wear in the copy of the table that is in force. */
static u32 *life_wear_in_force(struct life *life)
{
	struct psw_media_super *super = rig_super_current(&life->rig);
	int copy = rig_table_current(&life->rig);
	u32 *wear = life_wear_alloc(life);
	u64 slot;

	for (slot = 0; super->table_generation[copy] &&
		     slot < rig_geometry(&life->rig).slots_nr; slot++)
		wear[slot] = le32_to_cpu(rig_table_block(&life->rig, copy,
				slot / PSW_MEDIA_ENTRIES_PER_BLOCK)->entry[
				slot % PSW_MEDIA_ENTRIES_PER_BLOCK].wear);
	return wear;
}

static int image_save(const void *addr)
{
	int fd = memfd_create("before", 0);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, addr, CRASH_BYTES), CRASH_BYTES);
	return fd;
}

/* A life begins on the medium of @rig; what it holds is what is promised. */
void life_start(struct life *life, struct rig *rig)
{
	memset(life, 0, sizeof(*life));
	life->rig = *rig;
	life->rig.options.context = &life->rig;
	life->rig.pmem.dax = &life->rig.dax;
	life->before = image_save(rig->pmem.addr);

	life->now.done = life_wear_on_medium(life);
	life->now.retiring = PSW_SLOT_NONE;
	life->now.older = life_wear_in_force(life);
	life->now.sequence = le64_to_cpu(rig_super_current(rig)->sequence);
	life->now.state = le32_to_cpu(rig_super_current(rig)->state);
	recorder_start(&life->recorder, rig->pmem.addr);
	life_promise(life);
}

void life_stop(struct life *life)
{
	recorder_stop(&life->recorder);
}

void life_free(struct life *life)
{
	while (life->wears_nr)
		free(life->wear[--life->wears_nr]);
	recorder_free(&life->recorder);
	close(life->before);
}

/* As if every second slot had been written more often. */
void life_wear_unevenly(struct life *life)
{
	struct psw_slots *slots = &life->rig.region->slots;
	u32 slot;

	for (slot = 0; slot < slots->slots_nr; slot += 2)
		slots->info[slot].wear += 3;
}
