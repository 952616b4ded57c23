// SPDX-License-Identifier: GPL-2.0
/*
 * table.c - read the slot table and choose the current copy of each block
 *
 * The table of a 1 TiB region has 4 GiB a copy. So it is never in memory as a
 * whole: a walk reads some blocks of both copies at a time.
 */
#include <errno.h>
#include <stdlib.h>

#include "message.h"
#include "progress.h"
#include "table.h"

#define BATCH_BLOCKS	256u

/* The module may be writing the block, which takes microseconds. */
#define BLOCK_READ_TRIES	3

/* Consecutive blocks of both copies. */
struct batch {
	const struct region *region;
	__u64 first;
	__u32 blocks_nr;
	struct psw_media_table_block *media[2];
	bool unreadable[2][BATCH_BLOCKS];
};

static __u64 block_off(const struct batch *batch, int copy, __u32 i)
{
	return psw_table_block_off(&batch->region->geo, copy, batch->first + i);
}

static void read_block(struct batch *batch, int copy, __u32 i)
{
	batch->unreadable[copy][i] =
		device_read(&batch->region->device, block_off(batch, copy, i),
			    &batch->media[copy][i], PSW_MEDIA_BLOCK_BYTES) != 0;
}

static void read_batch(struct batch *batch, int copy)
{
	bool failed;
	__u32 i;

	failed = device_read(&batch->region->device, block_off(batch, copy, 0),
			     batch->media[copy],
			     (size_t)batch->blocks_nr * PSW_MEDIA_BLOCK_BYTES) != 0;
	for (i = 0; i < batch->blocks_nr; i++) {
		batch->unreadable[copy][i] = false;
		if (failed)
			read_block(batch, copy, i);
	}
}

static bool copy_is_valid(const struct batch *batch, int copy, __u32 i)
{
	const struct region *region = batch->region;

	return !batch->unreadable[copy][i] &&
	       psw_table_block_check(&batch->media[copy][i], &region->geo,
				     __le64_to_cpu(region_super(region)->table_seed),
				     batch->first + i);
}

static enum table_status check_copy(struct batch *batch, int copy, __u32 i)
{
	const struct psw_media_super *super = region_super(batch->region);
	int tries;

	if (copy_is_valid(batch, copy, i))
		return TABLE_VALID;
	for (tries = 1; batch->region->disk[0] && tries < BLOCK_READ_TRIES; tries++) {
		read_block(batch, copy, i);
		if (copy_is_valid(batch, copy, i))
			return TABLE_VALID;
	}
	if (batch->unreadable[copy][i])
		return TABLE_UNREADABLE;
	return psw_table_was_written(super, copy) ? TABLE_DAMAGED : TABLE_NEVER;
}

static void check_block(struct batch *batch, __u32 i, struct table_block *block)
{
	bool valid[2];
	int copy;

	block->index = batch->first + i;
	block->first_slot = block->index * PSW_MEDIA_ENTRIES_PER_BLOCK;
	block->entries_nr = psw_table_entries_nr(batch->region->geo.slots_nr,
						 block->index);
	block->wear_limit = psw_wear_limit(region_super(batch->region),
					   &batch->region->geo);
	for (copy = 0; copy < 2; copy++) {
		block->media[copy] = &batch->media[copy][i];
		block->status[copy] = check_copy(batch, copy, i);
		valid[copy] = block->status[copy] == TABLE_VALID;
	}
	block->current = psw_table_block_choose(region_super(batch->region), valid,
						block->media);
}

static int visit_batch(struct batch *batch, table_visit visit, void *context)
{
	struct table_block block;
	__u32 i;
	int ret;

	read_batch(batch, 0);
	read_batch(batch, 1);
	for (i = 0; i < batch->blocks_nr; i++) {
		check_block(batch, i, &block);
		ret = visit(&block, context);
		if (ret)
			return ret;
	}
	return 0;
}

static int walk(struct batch *batch, __u64 first, __u64 blocks_nr,
		table_visit visit, void *context)
{
	struct progress progress;
	__u64 done;
	int ret = 0;

	progress_start(&progress, "Reading the slot table", blocks_nr);
	for (done = 0; !ret && done < blocks_nr; done += batch->blocks_nr) {
		batch->first = first + done;
		batch->blocks_nr = blocks_nr - done < BATCH_BLOCKS ?
				   (__u32)(blocks_nr - done) : BATCH_BLOCKS;
		progress_at(&progress, done);
		ret = visit_batch(batch, visit, context);
	}
	progress_end(&progress);
	return ret;
}

/* Ends early when @visit returns non-zero, and returns that. */
int table_walk(const struct region *region, __u64 first, __u64 blocks_nr,
	       table_visit visit, void *context)
{
	struct batch *batch = calloc(1, sizeof(*batch));
	int ret = -ENOMEM;

	if (!batch) {
		error("out of memory");
		return ret;
	}
	batch->region = region;
	batch->media[0] = device_buffer_alloc(BATCH_BLOCKS * PSW_MEDIA_BLOCK_BYTES);
	batch->media[1] = device_buffer_alloc(BATCH_BLOCKS * PSW_MEDIA_BLOCK_BYTES);
	if (batch->media[0] && batch->media[1])
		ret = walk(batch, first, blocks_nr, visit, context);

	free(batch->media[0]);
	free(batch->media[1]);
	free(batch);
	return ret;
}
