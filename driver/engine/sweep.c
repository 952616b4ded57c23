// SPDX-License-Identifier: GPL-2.0
/*
 * sweep.c - the pass over all slots, once a round
 *
 * A round is as many stores as the region has slots. While they come in, the
 * sweep passes over all slots at the same pace, one block of the slot table at a
 * time. For each block it
 *
 *	1. chooses the pages that move (wl.c),
 *	2. writes the block to the copy of the table that is not current,
 *	3. moves the chosen pages.
 *
 * After the last block, a superblock makes that copy the current one. Then all
 * slots are scanned and the next round begins.
 *
 * Invariant: the wear on the medium is at most a round old while the sweep keeps
 * up with the stores. The table says that a page is about to move before its slot
 * becomes free. Recovery after an unclean shutdown relies on both (recover.c).
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "badblock.h"
#include "badlist.h"
#include "mem.h"
#include "recover.h"
#include "region.h"
#include "table.h"

/* Slots of the next block. */
static u32 psw_sweep_slots(const struct psw_region *region)
{
	return psw_table_entries_nr(region->geo.slots_nr, region->sweep.block);
}

/**
 * psw_sweep_init() - prepare the first round
 * @region: the region, its superblock and slots loaded
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int psw_sweep_init(struct psw_region *region)
{
	struct psw_sweep *sweep = &region->sweep;

	sweep->buffer = kmalloc(sizeof(*sweep->buffer), PSW_GFP);
	if (!sweep->buffer)
		return -ENOMEM;
	sweep->first = psw_table_first_block(region->geo.table_blocks,
				le64_to_cpu(region->super.attach_generation));
	sweep->block = sweep->first;
	sweep->blocks_left = region->geo.table_blocks;
	region->slots.notify = (struct psw_notify) {
		.at = psw_sweep_slots(region),
		.stride = psw_sweep_stride(region->geo.slots_nr),
		.call = region->options.sweep_due,
		.context = region->options.context,
	};
	return 0;
}

void psw_sweep_destroy(struct psw_region *region)
{
	kfree(region->sweep.buffer);
}

static void psw_sweep_begin_round(struct psw_region *region)
{
	region->sweep.blocks_left = region->geo.table_blocks;
	WRITE_ONCE(region->rounds, region->rounds + 1);
	psw_wl_plan(region);
	psw_slots_raise_floor(&region->slots, region->wear.min);
}

/* Pass over the slots of the next block. Adds the pages moved to @moved. */
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

	sweep->passed += psw_sweep_slots(region);
	sweep->block = index + 1 < region->geo.table_blocks ? index + 1 : 0;
	return err;
}

static void psw_sweep_warn(const struct psw_region *region, int err)
{
	pr_warn("%s: cannot write the slot table (error %d): the wear since the last checkpoint is not on the medium\n",
		region->options.name, err);
}

/* What the sweep looks after even if no step is due. */
static void psw_sweep_look(struct psw_region *region)
{
	int cookie;

	lockdep_assert_held(&region->sweep.lock);
	if (!psw_pmem_enter(region->pmem, &cookie))
		return;
	psw_badblock_apply(region);
	psw_badlist_flush(region);
	psw_pmem_exit(cookie);
}

/* One step, and the begin of the next round. False if the device was removed. */
static bool psw_sweep_advance(struct psw_region *region, unsigned int *moved)
{
	bool alive;
	int cookie;
	int err = -ENODEV;

	lockdep_assert_held(&region->sweep.lock);
	alive = psw_pmem_enter(region->pmem, &cookie);
	if (alive) {
		psw_badblock_apply(region);
		err = psw_sweep_step(region, moved);
		psw_pmem_exit(cookie);
	}
	if (err)
		psw_sweep_warn(region, err);
	if (!region->sweep.blocks_left)
		psw_sweep_begin_round(region);
	return alive;
}

/* Whether the slots of the next block were taken since the sweep passed them. */
static bool psw_sweep_is_due(struct psw_region *region)
{
	struct psw_sweep *sweep = &region->sweep;
	u64 taken = READ_ONCE(region->slots.taken);

	/* After more than two rounds without a sweep, catch up with one. */
	if (taken - sweep->passed > 2 * region->geo.slots_nr)
		sweep->passed = taken - region->geo.slots_nr;
	return taken - sweep->passed >= psw_sweep_slots(region);
}

/**
 * psw_sweep_run() - take all steps that are due
 * @region: the region
 *
 * An error is logged; the next round tries again.
 *
 * Context: may sleep. Stores and loads may run at the same time.
 * Return: number of pages moved.
 */
unsigned int psw_sweep_run(struct psw_region *region)
{
	unsigned int moved = 0;

	mutex_lock(&region->sweep.lock);
	psw_sweep_look(region);
	while (psw_sweep_is_due(region) && psw_sweep_advance(region, &moved))
		cond_resched();
	mutex_unlock(&region->sweep.lock);
	return moved;
}

/**
 * psw_sweep_block() - take one step, whether or not it is due
 * @region: the region
 *
 * Context: as psw_sweep_run(). For tests, which steer the sweep by it.
 * Return: number of pages moved.
 */
unsigned int psw_sweep_block(struct psw_region *region)
{
	unsigned int moved = 0;

	mutex_lock(&region->sweep.lock);
	psw_sweep_advance(region, &moved);
	mutex_unlock(&region->sweep.lock);
	return moved;
}

static void psw_sweep_write_block(struct psw_region *region, u64 index, u32 state)
{
	struct psw_media_table_block *block = region->sweep.buffer;

	psw_table_block_fill(region, index, block);
	/* After a detach, no store follows that could be missing. */
	if (state == PSW_MEDIA_STATE_ATTACHED)
		psw_recover_mark(region, index, block);
	psw_table_block_write(region, index, block);
}

static int psw_sweep_checkpoint_locked(struct psw_region *region, u32 state)
{
	struct psw_sweep *sweep = &region->sweep;
	bool alive;
	int cookie;
	u64 index;
	int err;

	lockdep_assert_held(&region->meta_lock);
	bitmap_zero(region->wl.chosen, PSW_MEDIA_ENTRIES_PER_BLOCK);
	alive = psw_pmem_enter(region->pmem, &cookie);
	for (index = 0; alive && index < region->geo.table_blocks; index++) {
		psw_sweep_write_block(region, index, state);
		if (index % PSW_PMEM_BLOCKS == PSW_PMEM_BLOCKS - 1)
			alive = psw_pmem_reenter(region->pmem, &cookie);
	}
	if (!alive)
		return -ENODEV;
	/* The round starts again from its first block, in the other copy. */
	sweep->block = sweep->first;
	sweep->blocks_left = region->geo.table_blocks;
	err = psw_table_confirm(region, state);
	psw_pmem_exit(cookie);
	return err;
}

/**
 * psw_sweep_checkpoint() - write the whole slot table now
 * @region: the region
 * @state: PSW_MEDIA_STATE_*, for the superblock
 *
 * Context: may sleep. Stores and loads may run at the same time.
 * Return: 0, or the error of the device, which is logged.
 */
int psw_sweep_checkpoint(struct psw_region *region, u32 state)
{
	int err;

	mutex_lock(&region->sweep.lock);
	mutex_lock(&region->meta_lock);
	err = psw_sweep_checkpoint_locked(region, state);
	mutex_unlock(&region->meta_lock);
	mutex_unlock(&region->sweep.lock);

	if (err)
		psw_sweep_warn(region, err);
	return err;
}
