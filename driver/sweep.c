// SPDX-License-Identifier: GPL-2.0
/*
 * sweep.c - once a round, past every slot
 *
 * A round is as many stores as there are slots. While they come in, a sweep goes
 * past all slots at their pace, a block of the slot table at a time: it chooses
 * the pages of the block that are to be moved, writes the block to the copy of
 * the table that is not in force, and then moves the pages. Behind the last
 * block the superblock puts that copy in force.
 *
 * Invariant: wear on the medium is a round old at most, if the sweep keeps up,
 * and a page that is moved is marked there before its slot is free to be written.
 * See recover.c for why.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "engine.h"

/* The sweep is woken so often in a round; and for so many blocks at most. */
#define PSW_SWEEP_RUNS		64u
#define PSW_SWEEP_BLOCKS	16u

static u32 psw_sweep_block_slots(const struct psw_region *region)
{
	return psw_table_entries_nr(region->geo.slots_nr, region->sweep.block);
}

/**
 * psw_sweep_init() - get ready for the first round
 * @region: the region, its superblock loaded
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int psw_sweep_init(struct psw_region *region)
{
	struct psw_sweep *sweep = &region->sweep;

	mutex_init(&sweep->lock);
	sweep->buffer = kmalloc(sizeof(*sweep->buffer), GFP_KERNEL);
	if (!sweep->buffer)
		return -ENOMEM;
	sweep->first = psw_table_first_block(region->geo.table_blocks,
				le64_to_cpu(region->super.attach_generation));
	sweep->block = sweep->first;
	sweep->blocks_left = region->geo.table_blocks;
	sweep->stride = clamp_t(u64, region->geo.slots_nr / PSW_SWEEP_RUNS,
				PSW_MEDIA_ENTRIES_PER_BLOCK,
				PSW_SWEEP_BLOCKS * PSW_MEDIA_ENTRIES_PER_BLOCK);
	sweep->due = psw_sweep_block_slots(region);
	return 0;
}

void psw_sweep_destroy(struct psw_region *region)
{
	kfree(region->sweep.buffer);
}

/**
 * psw_sweep_check() - see whether the sweep is due
 * @region: the region
 * @taken: slots taken for stores so far
 *
 * Context: any; tells options.sweep_due.
 */
void psw_sweep_check(struct psw_region *region, u64 taken)
{
	u64 due = READ_ONCE(region->sweep.due);

	if (likely(taken < due))
		return;
	if (cmpxchg64(&region->sweep.due, due,
		      taken + region->sweep.stride) != due)
		return;
	if (region->options.sweep_due)
		region->options.sweep_due(region->options.context);
}

/* A round is over, and the next one begins: walks all slots. */
static void psw_sweep_begin_round(struct psw_region *region)
{
	struct psw_wear wear;

	region->sweep.blocks_left = region->geo.table_blocks;
	WRITE_ONCE(region->rounds, region->rounds + 1);
	/* This also tells the free list how far the least wear has come. */
	psw_slots_wear(&region->slots, &wear);
	psw_wl_plan(region);
}

/* Past the slots of one block; behind the last one, the round is over. */
static int psw_sweep_step(struct psw_region *region, unsigned int *moved)
{
	struct psw_sweep *sweep = &region->sweep;
	u64 index = sweep->block;
	int err = 0;

	psw_wl_choose(region, index);
	mutex_lock(&region->meta_lock);
	psw_table_block_fill(region, index, sweep->buffer);
	psw_recover_mark(region, index, sweep->buffer);
	psw_table_block_write(region, index, sweep->buffer);
	if (!--sweep->blocks_left)
		err = psw_table_confirm(region, PSW_MEDIA_STATE_ATTACHED);
	mutex_unlock(&region->meta_lock);
	*moved += psw_wl_move_chosen(region, index);

	sweep->passed += psw_sweep_block_slots(region);
	sweep->block = index + 1 < region->geo.table_blocks ? index + 1 : 0;
	return err;
}

static void psw_sweep_warn(const struct psw_region *region, int err)
{
	pr_warn("%s: the slot table could not be written (error %d): wear since the last checkpoint is not remembered\n",
		region->options.name, err);
}

/* Whether the stores so far have made up for the next block. */
static bool psw_sweep_is_due(struct psw_region *region)
{
	struct psw_sweep *sweep = &region->sweep;
	u64 taken = READ_ONCE(region->slots.taken);

	/* A sweep that was kept away for rounds need not make up for them. */
	if (taken - sweep->passed > 2 * region->geo.slots_nr)
		sweep->passed = taken - region->geo.slots_nr;
	return taken - sweep->passed >= psw_sweep_block_slots(region);
}

/**
 * psw_sweep_run() - take the steps that are due
 * @region: the region
 *
 * What fails is told in the log, and tried again in the next round.
 *
 * Context: may sleep; stores and loads go on.
 * Return: how many pages were moved.
 */
unsigned int psw_sweep_run(struct psw_region *region)
{
	unsigned int moved = 0;
	bool alive = true;
	int cookie;
	int err;

	mutex_lock(&region->sweep.lock);
	while (alive && psw_sweep_is_due(region)) {
		alive = psw_pmem_enter(region->pmem, &cookie);
		err = alive ? psw_sweep_step(region, &moved) : -ENODEV;
		psw_pmem_exit(cookie);
		if (err)
			psw_sweep_warn(region, err);
		if (!region->sweep.blocks_left)
			psw_sweep_begin_round(region);
		cond_resched();
	}
	mutex_unlock(&region->sweep.lock);
	return moved;
}

static int psw_sweep_checkpoint_locked(struct psw_region *region, u32 state)
{
	u64 index;

	lockdep_assert_held(&region->meta_lock);
	for (index = 0; index < region->geo.table_blocks; index++) {
		psw_table_block_fill(region, index, region->sweep.buffer);
		psw_table_block_write(region, index, region->sweep.buffer);
		cond_resched();
	}
	/* The round under way goes on from its beginning, in the other copy. */
	region->sweep.block = region->sweep.first;
	region->sweep.blocks_left = region->geo.table_blocks;
	return psw_table_confirm(region, state);
}

/**
 * psw_sweep_checkpoint() - write the whole slot table, as it is
 * @region: the region
 * @state: PSW_MEDIA_STATE_*, for the superblock that puts it in force
 *
 * Context: may sleep; stores and loads may go on.
 * Return: 0, or the error of the device; it is told in the log.
 */
int psw_sweep_checkpoint(struct psw_region *region, u32 state)
{
	int err = -ENODEV;
	int cookie;

	mutex_lock(&region->sweep.lock);
	mutex_lock(&region->meta_lock);
	if (psw_pmem_enter(region->pmem, &cookie))
		err = psw_sweep_checkpoint_locked(region, state);
	psw_pmem_exit(cookie);
	mutex_unlock(&region->meta_lock);
	mutex_unlock(&region->sweep.lock);

	if (err)
		psw_sweep_warn(region, err);
	return err;
}
