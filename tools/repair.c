// SPDX-License-Identifier: GPL-2.0
/*
 * repair.c - repair damaged metadata from valid metadata
 *
 * Only damaged copies are written. So every valid copy stays valid, and an
 * interrupted repair can be run again.
 */
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "repair.h"

struct repair {
	struct region *region;
	const struct survey *survey;
	struct repair_result *result;
	struct psw_media_table_block *made;
};

static int repair_supers(struct region *region, struct repair_result *result)
{
	struct psw_media_super super DEVICE_ALIGNED;
	int copy, err;

	/* The damaged copy is replaced by an ordinary update of the current one. */
	for (copy = 0; copy < 2; copy++) {
		if (region->super[copy].status == PSW_SUPER_OK)
			continue;
		super = *region_super(region);
		err = region_update_super(region, copy, &super);
		if (err)
			return err;
		result->supers_nr++;
	}
	return 0;
}

/* Wear levelling keeps slots alike, so the mean of the others is the best estimate. */
static __u32 estimate_wear(const struct region *region, const struct survey *survey)
{
	double mean = wearstat_mean(&survey->wear);

	if (!survey->wear.slots_nr)
		mean = (double)__le64_to_cpu(region_super(region)->slot_writes) /
		       (double)region->geo.slots_nr;
	return mean < 4294967295.0 ? (__u32)(mean + 0.5) : ~0u;
}

/*
 * The bad-slot list alone tells which slots of a lost block are bad. If it may lack
 * one, all are bad, as to the driver: a bad slot in use would cost a page.
 */
static void make_block(const struct repair *repair, const struct table_block *block)
{
	const struct psw_media_super *super = region_super(repair->region);
	int current_copy = psw_table_current_copy(super);
	bool retire = !badlist_is_complete(&repair->survey->list);
	__u32 i;

	memset(repair->made, 0, sizeof(*repair->made));
	for (i = 0; i < block->entries_nr; i++) {
		repair->made->entry[i].wear =
			__cpu_to_le32(repair->result->estimated_wear);
		if (retire || survey_find_listed(repair->survey, block->first_slot + i))
			repair->made->entry[i].flags = __cpu_to_le16(PSW_MEDIA_SLOT_BAD);
	}
	psw_table_block_seal(repair->made, &repair->region->geo,
			     __le64_to_cpu(super->table_seed), block->index,
			     __le64_to_cpu(super->table_generation[current_copy]));
	repair->result->retired_nr += retire ? block->entries_nr : 0;
}

static int repair_copy(const struct repair *repair, const struct table_block *block,
		       int copy, const struct psw_media_table_block *media)
{
	const struct region *region = repair->region;
	__u64 off = psw_table_block_off(&region->geo, copy, block->index);
	int err = device_write_block(&region->device, off, media);

	if (err)
		error("%s: cannot write block %llu of copy %d of the slot table: %s",
		      region->device.path, block->index, copy, strerror(-err));
	return err;
}

/* A table_visit. The repaired copy equals the other one, generation included. */
static int repair_block(const struct table_block *block, void *context)
{
	struct repair *repair = context;
	const struct psw_media_table_block *media;
	int copy, err;

	if (table_block_is_lost(block)) {
		make_block(repair, block);
		media = repair->made;
	} else if (block->current == PSW_TABLE_UNWRITTEN) {
		/* Only an unreadable copy is written. Zeros stand for a block never written. */
		memset(repair->made, 0, sizeof(*repair->made));
		media = repair->made;
	} else {
		media = block->media[block->current];
	}
	for (copy = 0; copy < 2; copy++) {
		if (!table_copy_is_damaged(block->status[copy]))
			continue;
		err = repair_copy(repair, block, copy, media);
		if (err)
			return err;
		repair->result->blocks_nr += block->current >= 0;
		repair->result->zeroed_nr += block->current == PSW_TABLE_UNWRITTEN;
	}
	repair->result->estimated_nr += table_block_is_lost(block);
	return 0;
}

static int repair_table(struct repair *repair)
{
	int err;

	repair->made = device_buffer_alloc(sizeof(*repair->made));
	if (!repair->made)
		return -1;
	err = table_walk(repair->region, 0, repair->region->geo.table_blocks,
			 repair_block, repair);
	free(repair->made);
	return err;
}

/* @result says what was done, also after an error. */
int repair_region(struct region *region, struct survey *survey,
		  struct repair_result *result)
{
	struct repair repair = { .region = region, .survey = survey, .result = result };
	int err;

	memset(result, 0, sizeof(*result));
	result->estimated_wear = estimate_wear(region, survey);
	err = repair_supers(region, result);
	if (!err && (survey->blocks_damaged[0] || survey->blocks_damaged[1]))
		err = repair_table(&repair);
	if (!err && badlist_is_damaged(&survey->list)) {
		err = badlist_repair(&survey->list, region);
		result->bad_list = !err;
	}
	return err;
}
