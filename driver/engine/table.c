// SPDX-License-Identifier: GPL-2.0
/*
 * table.c - the slot table on the medium
 *
 * Swap data is dead after a reboot, so a store writes no metadata. What must
 * survive is the wear. It is kept in DRAM, and the sweep writes it to the table one
 * block at a time, a detach all at once.
 *
 * Invariant: the current copy of the table is complete, and nothing is written to
 * it. A power loss while the other copy is written leaves new, old and torn blocks
 * there. Each block has its own checksum and generation, so the new ones are valid,
 * and the current copy has the others.
 *
 * The first write of the table in the life of a region writes both copies. So from
 * then on, a bad block of the medium costs a table block in one copy only.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include "mem.h"
#include "meta.h"
#include "recover.h"
#include "region.h"
#include "super.h"
#include "table.h"

/* Both copies of one block, for reading. */
struct psw_table_pair {
	struct psw_media_table_block copy[2];
};

static u64 psw_table_seed(const struct psw_region *region)
{
	return le64_to_cpu(region->super.table_seed);
}

static bool psw_table_block_read(const struct psw_region *region, int copy,
				 u64 index, struct psw_media_table_block *block)
{
	return !psw_meta_read(region, psw_table_block_off(&region->geo, copy, index),
			      block, sizeof(*block)) &&
	       psw_table_block_check(block, &region->geo,
				     psw_table_seed(region), index);
}

static void psw_table_block_take(struct psw_region *region, u64 index,
				 const struct psw_media_table_block *block,
				 struct psw_recovery *recovery)
{
	u32 limit = psw_wear_limit(&region->super, &region->geo);
	u32 first = index * PSW_MEDIA_ENTRIES_PER_BLOCK;
	u32 i;

	psw_recover_note(recovery, region, block);
	for (i = 0; i < le32_to_cpu(block->entries_nr); i++) {
		region->slots.info[first + i].wear =
			psw_entry_wear(&block->entry[i], limit);
		if (le16_to_cpu(block->entry[i].flags) & PSW_MEDIA_SLOT_BAD)
			psw_slot_retire(&region->slots, first + i);
	}
}

/*
 * Read both copies of a block and find the current one. @damaged counts copies
 * that should be valid and are not.
 */
static enum psw_table_source
psw_table_pair_read(struct psw_region *region, u64 index,
		    struct psw_table_pair *pair, u64 *damaged)
{
	const struct psw_media_table_block *blocks[] = {
		&pair->copy[0], &pair->copy[1],
	};
	bool valid[2];
	int copy;

	for (copy = 0; copy < 2; copy++) {
		valid[copy] = psw_table_block_read(region, copy, index,
						   &pair->copy[copy]);
		if (valid[copy])
			region->table_newest = psw_table_newest_generation(
				region->table_newest,
				le64_to_cpu(blocks[copy]->generation));
		else if (psw_table_was_written(&region->super, copy))
			++*damaged;
	}
	return psw_table_block_choose(&region->super, valid, blocks);
}

/* Read one block. A block that is lost is in @recovery, and not in @damaged. */
static void psw_table_block_load(struct psw_region *region, u64 index,
				 struct psw_table_pair *pair,
				 struct psw_recovery *recovery, u64 *damaged)
{
	u64 damaged_nr = 0;
	enum psw_table_source source =
		psw_table_pair_read(region, index, pair, &damaged_nr);

	if (source == PSW_TABLE_LOST) {
		psw_recover_note_lost(recovery, index);
		return;
	}
	*damaged += damaged_nr;
	if (source == PSW_TABLE_UNWRITTEN)
		psw_recover_note_unwritten(recovery, region, index);
	else
		psw_table_block_take(region, index, &pair->copy[source], recovery);
}

/**
 * psw_table_load() - read the wear of all slots, and which are retired
 * @region: the region; its slots are filled in
 * @recovery: from psw_recovery_init(); psw_recover_wear() must follow
 *
 * Context: may sleep; reads only; not inside psw_pmem_enter().
 * Return: 0; -ENOMEM; -ENODEV if the device was removed.
 */
int psw_table_load(struct psw_region *region, struct psw_recovery *recovery)
{
	struct psw_table_pair *pair;
	u64 index, damaged = 0;
	bool alive;
	int cookie;

	pair = kmalloc(sizeof(*pair), PSW_GFP);
	if (!pair)
		return -ENOMEM;

	alive = psw_pmem_enter(region->pmem, &cookie);
	for (index = 0; alive && index < region->geo.table_blocks; index++) {
		psw_table_block_load(region, index, pair, recovery, &damaged);
		if (index % PSW_PMEM_BLOCKS == PSW_PMEM_BLOCKS - 1)
			alive = psw_pmem_reenter(region->pmem, &cookie);
	}
	if (alive)
		psw_pmem_exit(cookie);
	kfree(pair);
	if (!alive)
		return -ENODEV;

	if (damaged)
		pr_warn("%s: %llu blocks of the slot table are damaged in one copy; the other copy is used: pmemswap-fmt check --repair repairs them\n",
			region->options.name, damaged);
	return 0;
}

static void psw_table_entry_fill(struct psw_media_entry *entry,
				 const struct psw_slot_info *info)
{
	u8 state = READ_ONCE(info->state);

	memset(entry, 0, sizeof(*entry));
	entry->wear = cpu_to_le32(READ_ONCE(info->wear));
	if (state == PSW_SLOT_BAD)
		entry->flags = cpu_to_le16(PSW_MEDIA_SLOT_BAD);
	if (state != PSW_SLOT_USED && state != PSW_SLOT_HELD)
		return;
	entry->flags = cpu_to_le16(PSW_MEDIA_SLOT_USED);
	entry->sum = cpu_to_le32(READ_ONCE(info->sum));
	entry->owner_page = cpu_to_le32(READ_ONCE(info->owner_page));
	entry->owner_area = cpu_to_le16(READ_ONCE(info->owner_area));
}

/**
 * psw_table_block_fill() - make a block of the table
 * @region: the region
 * @index: which block
 * @block: filled in, but for the fields that psw_table_block_write() fills in
 *
 * Stores may run at the same time; a slot is seen before or after each.
 *
 * Context: any.
 */
void psw_table_block_fill(const struct psw_region *region, u64 index,
			  struct psw_media_table_block *block)
{
	u32 first = index * PSW_MEDIA_ENTRIES_PER_BLOCK;
	u32 i;

	memset(block, 0, sizeof(*block));
	/* Before the entries: a store of this moment may be missing in them. */
	block->slot_writes = cpu_to_le64(psw_region_total(region, PSW_STAT_SLOT_WRITES));
	for (i = 0; i < psw_table_entries_nr(region->geo.slots_nr, index); i++)
		psw_table_entry_fill(&block->entry[i],
				     &region->slots.info[first + i]);
}

static void psw_table_copy_write(struct psw_region *region, int copy, u64 index,
				 const struct psw_media_table_block *block)
{
	psw_pmem_write(region->pmem, psw_table_block_off(&region->geo, copy, index),
		       block, sizeof(*block));
	psw_region_count(region, PSW_STAT_META_BYTES, sizeof(*block));
}

/**
 * psw_table_block_write() - write a block to the copy that is not current
 * @region: the region
 * @index: which block
 * @block: from psw_table_block_fill(); it is sealed here
 *
 * A table that was never complete has no current copy, so the block goes to both, one
 * after the other. So a power loss tears one at most. On virtio-pmem it may tear both,
 * as a flush for each block would take too long. Such a block counts as never written.
 *
 * Context: may sleep; region->meta_lock is held; inside psw_pmem_enter().
 */
void psw_table_block_write(struct psw_region *region, u64 index,
			   struct psw_media_table_block *block)
{
	int copy = psw_table_next_copy(&region->super);

	lockdep_assert_held(&region->meta_lock);
	psw_table_block_seal(block, &region->geo, psw_table_seed(region), index,
			     psw_table_next_generation(&region->super, region->table_newest));
	psw_table_copy_write(region, copy, index, block);
	if (!psw_table_is_new(&region->super))
		return;
	psw_pmem_fence();
	psw_table_copy_write(region, !copy, index, block);
}

/**
 * psw_table_confirm() - make the copy that was written the current one
 * @region: the region; every block of the table was written
 * @state: PSW_MEDIA_STATE_*, for the superblock
 *
 * Context: may sleep; region->meta_lock is held; inside psw_pmem_enter().
 * Return: 0, or the error of the device; then the old copy stays current.
 */
int psw_table_confirm(struct psw_region *region, u32 state)
{
	struct psw_media_super *super = &region->super;
	int copy = psw_table_next_copy(super);
	bool both = psw_table_is_new(super);
	int err;

	lockdep_assert_held(&region->meta_lock);
	psw_pmem_fence();
	err = psw_pmem_flush(region->pmem);
	if (err)
		return err;
	super->table_generation[copy] =
		cpu_to_le64(psw_table_next_generation(super, region->table_newest));
	if (both)
		super->table_generation[!copy] = super->table_generation[copy];
	super->prev_checkpoint_time = super->checkpoint_time;
	super->prev_slot_writes = super->slot_writes;
	super->checkpoint_time = cpu_to_le64(ktime_get_real_seconds());
	return psw_super_write(region, state);
}
