// SPDX-License-Identifier: GPL-2.0
/*
 * round.c - once a round, past every slot
 *
 * A round is as many stores as there are slots. While they come in, a walker goes
 * past all slots at their pace, a block of the slot table at a time: it chooses
 * the pages of the block that are to be moved, writes the block to the copy of
 * the table that is not in force, and then moves the pages. Behind the last
 * block the superblock puts that copy in force.
 *
 * Invariant: wear on the medium is a round old at most, if the walker keeps up,
 * and a page that is moved is marked there before its slot is free to be written.
 * See cut.c for why.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "engine.h"

/* The walker is woken so often in a round; and for so many blocks at most. */
#define PSW_ROUND_RUNS		64u
#define PSW_ROUND_BLOCKS	16u

static u32 psw_round_block_slots(const struct psw_region *region)
{
	return psw_table_entries_nr(region->geo.slots_nr, region->round.block);
}

/**
 * psw_round_init() - get ready for the first round
 * @region: the region, its superblock loaded
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int psw_round_init(struct psw_region *region)
{
	struct psw_round *round = &region->round;

	mutex_init(&round->lock);
	round->buffer = kmalloc(sizeof(*round->buffer), GFP_KERNEL);
	if (!round->buffer)
		return -ENOMEM;
	round->first = psw_table_first_block(region->geo.table_blocks,
				le64_to_cpu(region->super.attach_generation));
	round->block = round->first;
	round->blocks_left = region->geo.table_blocks;
	round->stride = clamp_t(u64, region->geo.slots_nr / PSW_ROUND_RUNS,
				PSW_MEDIA_ENTRIES_PER_BLOCK,
				PSW_ROUND_BLOCKS * PSW_MEDIA_ENTRIES_PER_BLOCK);
	round->due = psw_round_block_slots(region);
	return 0;
}

void psw_round_destroy(struct psw_region *region)
{
	kfree(region->round.buffer);
}

/**
 * psw_round_check() - see whether the walker is due
 * @region: the region
 * @taken: slots taken for stores so far
 *
 * Context: any; tells options.round_due.
 */
void psw_round_check(struct psw_region *region, u64 taken)
{
	u64 due = READ_ONCE(region->round.due);

	if (likely(taken < due))
		return;
	if (cmpxchg64(&region->round.due, due,
		      taken + region->round.stride) != due)
		return;
	if (region->options.round_due)
		region->options.round_due(region->options.context);
}

/* A round is over, and the next one begins: walks all slots. */
static void psw_round_begin(struct psw_region *region)
{
	struct psw_wear wear;

	region->round.blocks_left = region->geo.table_blocks;
	WRITE_ONCE(region->rounds, region->rounds + 1);
	/* This also tells the free list how far the least wear has come. */
	psw_slots_wear(&region->slots, &wear);
	psw_level_plan(region, &wear);
}

/* Past the slots of one block; behind the last one, the round is over. */
static int psw_round_step(struct psw_region *region, unsigned int *moved)
{
	struct psw_round *round = &region->round;
	u64 index = round->block;
	int err = 0;

	psw_level_choose(region, index);
	mutex_lock(&region->meta_lock);
	psw_table_block_fill(region, index, round->buffer);
	psw_cut_mark(region, index, round->buffer);
	psw_table_block_write(region, index, round->buffer);
	if (!--round->blocks_left)
		err = psw_table_confirm(region, PSW_MEDIA_STATE_ATTACHED);
	mutex_unlock(&region->meta_lock);
	*moved += psw_level_move_chosen(region, index);

	round->passed += psw_round_block_slots(region);
	round->block = index + 1 < region->geo.table_blocks ? index + 1 : 0;
	return err;
}

static void psw_round_warn(const struct psw_region *region, int err)
{
	pr_warn("%s: the slot table could not be written (error %d): wear since the last checkpoint is not remembered\n",
		region->options.name, err);
}

/* Whether the stores so far have made up for the next block. */
static bool psw_round_is_due(struct psw_region *region)
{
	struct psw_round *round = &region->round;
	u64 taken = READ_ONCE(region->slots.taken);

	/* A walker that was kept away for rounds need not make up for them. */
	if (taken - round->passed > 2 * region->geo.slots_nr)
		round->passed = taken - region->geo.slots_nr;
	return taken - round->passed >= psw_round_block_slots(region);
}

/**
 * psw_round_run() - take the steps that are due
 * @region: the region
 *
 * What fails is told in the log, and tried again in the next round.
 *
 * Context: may sleep; stores and loads go on.
 * Return: how many pages were moved.
 */
unsigned int psw_round_run(struct psw_region *region)
{
	unsigned int moved = 0;
	bool alive = true;
	int cookie;
	int err;

	mutex_lock(&region->round.lock);
	while (alive && psw_round_is_due(region)) {
		alive = psw_media_enter(region->media, &cookie);
		err = alive ? psw_round_step(region, &moved) : -ENODEV;
		psw_media_exit(cookie);
		if (err)
			psw_round_warn(region, err);
		if (!region->round.blocks_left)
			psw_round_begin(region);
		cond_resched();
	}
	mutex_unlock(&region->round.lock);
	return moved;
}

static int psw_round_write_locked(struct psw_region *region, u32 state)
{
	u64 index;

	lockdep_assert_held(&region->meta_lock);
	for (index = 0; index < region->geo.table_blocks; index++) {
		psw_table_block_fill(region, index, region->round.buffer);
		psw_table_block_write(region, index, region->round.buffer);
		cond_resched();
	}
	/* The round under way goes on from its beginning, in the other copy. */
	region->round.block = region->round.first;
	region->round.blocks_left = region->geo.table_blocks;
	return psw_table_confirm(region, state);
}

/**
 * psw_round_write() - write the whole slot table, as it is
 * @region: the region
 * @state: PSW_MEDIA_STATE_*, for the superblock that puts it in force
 *
 * Context: may sleep; stores and loads may go on.
 * Return: 0, or the error of the device; it is told in the log.
 */
int psw_round_write(struct psw_region *region, u32 state)
{
	int err = -ENODEV;
	int cookie;

	mutex_lock(&region->round.lock);
	mutex_lock(&region->meta_lock);
	if (psw_media_enter(region->media, &cookie))
		err = psw_round_write_locked(region, state);
	psw_media_exit(cookie);
	mutex_unlock(&region->meta_lock);
	mutex_unlock(&region->round.lock);

	if (err)
		psw_round_warn(region, err);
	return err;
}
