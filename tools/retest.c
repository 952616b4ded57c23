// SPDX-License-Identifier: GPL-2.0
/*
 * retest.c - write and read bad slots, and return those that work to service
 *
 * A write clears poison, if the medium can do that. A slot that once gave back other
 * bytes than were written stays retired: no test proves that it does not do so again.
 *
 * A slot is bad while the table or the list says so. So an interruption leaves it bad.
 */
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "retest.h"

struct retest {
	struct region *region;
	struct survey *survey;
	struct psw_media_table_block *made;
	__u64 *returned_nr;
};

static bool slot_works(const struct region *region, __u64 slot)
{
	static const __u8 pattern[] = { 0x55, 0xaa, 0x00 };
	static __u8 page[PSW_MEDIA_SLOT_BYTES] DEVICE_ALIGNED;
	size_t i;

	for (i = 0; i < sizeof(pattern); i++) {
		memset(page, pattern[i], sizeof(page));
		if (device_write_block(&region->device, psw_slot_off(&region->geo, slot),
				       page))
			return false;
	}
	return true;
}

/* Clears the marks of slots that work. Returns how many those are. */
static __u64 retest_slots(const struct retest *retest, const struct table_block *block)
{
	__u64 returned_nr = 0;
	__u32 i;

	for (i = 0; i < block->entries_nr; i++) {
		struct psw_media_entry *entry = &retest->made->entry[i];
		__u64 slot = block->first_slot + i;
		struct survey_bad *listed = survey_find_listed(retest->survey, slot);

		if (!listed && !(entry->flags & __cpu_to_le16(PSW_MEDIA_SLOT_BAD)))
			continue;
		if ((listed && listed->reason == PSW_MEDIA_BAD_CHECKSUM) ||
		    !slot_works(retest->region, slot))
			continue;
		entry->flags &= __cpu_to_le16((__u16)~PSW_MEDIA_SLOT_BAD);
		if (listed)
			listed->returned = true;
		returned_nr++;
	}
	return returned_nr;
}

/* The copy that is not current first, so that one with the newest wear is valid. */
static int write_block(const struct retest *retest, const struct table_block *block)
{
	const struct region *region = retest->region;
	int i, err = 0;

	psw_table_block_seal(retest->made, &region->geo,
			     __le64_to_cpu(region_super(region)->table_seed), block->index,
			     __le64_to_cpu(retest->made->generation));
	for (i = 0; i < 2 && !err; i++) {
		int copy = i ? block->current : !block->current;

		err = device_write_block(&region->device,
					 psw_table_block_off(&region->geo, copy, block->index),
					 retest->made);
		if (err)
			error("%s: cannot write block %llu of copy %d of the slot table: %s",
			      region->device.path, block->index, copy, strerror(-err));
	}
	return err;
}

/* A table_visit. */
static int retest_block(const struct table_block *block, void *context)
{
	const struct retest *retest = context;
	__u64 returned_nr;
	int err = 0;

	memset(retest->made, 0, sizeof(*retest->made));
	if (block->current >= 0)
		*retest->made = *block->media[block->current];
	returned_nr = retest_slots(retest, block);
	if (returned_nr && block->current >= 0)
		err = write_block(retest, block);
	if (!err)
		*retest->returned_nr += returned_nr;
	return err;
}

/* Entries that are no longer valid are dropped by the repair of the list. */
static int drop_returned(const struct retest *retest)
{
	struct badlist *list = &retest->survey->list;
	const struct survey_bad *listed;
	bool any = false;
	__u64 i;

	for (i = 0; i < list->entries_nr; i++) {
		listed = survey_find_listed(retest->survey,
					    __le64_to_cpu(list->media[i].slot));
		if (!listed || !listed->returned)
			continue;
		memset(&list->media[i], 0xff, sizeof(list->media[i]));
		any = true;
	}
	return any ? badlist_repair(list, retest->region) : 0;
}

/* The region must not be damaged. @returned_nr counts also before an error. */
int retest_bad_slots(struct region *region, struct survey *survey, __u64 *returned_nr)
{
	struct retest retest = {
		.region = region,
		.survey = survey,
		.returned_nr = returned_nr,
	};
	int err;

	retest.made = device_buffer_alloc(sizeof(*retest.made));
	if (!retest.made)
		return -1;
	err = table_walk(region, 0, region->geo.table_blocks, retest_block, &retest);
	free(retest.made);
	return err ? err : drop_returned(&retest);
}
