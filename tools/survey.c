// SPDX-License-Identifier: GPL-2.0
/*
 * survey.c - collect what the slot table and the bad-slot list contain
 */
#include <errno.h>
#include <stdlib.h>

#include "message.h"
#include "survey.h"

static int add_bad(struct survey *survey, __u64 slot, __u32 reason)
{
	struct survey_bad *bad;
	__u64 room;

	if (survey->bad_nr == survey->bad_room) {
		room = survey->bad_room ? 2 * survey->bad_room : 64;
		bad = reallocarray(survey->bad, room, sizeof(*bad));
		if (!bad) {
			error("out of memory");
			return -ENOMEM;
		}
		survey->bad = bad;
		survey->bad_room = room;
	}
	survey->bad[survey->bad_nr].slot = slot;
	survey->bad[survey->bad_nr++].reason = reason;
	return 0;
}

static int add_listed(struct survey *survey, const struct region *region)
{
	__u64 seed = __le64_to_cpu(region_super(region)->table_seed);
	const struct psw_media_bad *bad;
	__u64 i;
	int err;

	for (i = 0; i < survey->list.capacity; i++) {
		bad = &survey->list.media[i];
		if (psw_bad_is_end(bad) || !psw_bad_check(bad, &region->geo, seed))
			continue;
		err = add_bad(survey, __le64_to_cpu(bad->slot),
			      __le32_to_cpu(bad->reason));
		if (err)
			return err;
	}
	return 0;
}

/*
 * Begins with the bad-slot list; every table block then goes to survey_block().
 * survey_free() frees it.
 */
struct survey *survey_new(const struct region *region)
{
	struct survey *survey = calloc(1, sizeof(*survey));

	if (!survey) {
		error("out of memory");
		return NULL;
	}
	if (badlist_read(&survey->list, region) || add_listed(survey, region)) {
		survey_free(survey);
		return NULL;
	}
	return survey;
}

/* A table_visit; the context is the survey. */
int survey_block(const struct table_block *block, void *context)
{
	struct survey *survey = context;
	struct psw_media_entry entry;
	__u16 flags;
	__u32 i;

	survey->blocks_damaged[0] += table_copy_is_damaged(block->status[0]);
	survey->blocks_damaged[1] += table_copy_is_damaged(block->status[1]);
	if (table_block_is_lost(block)) {
		survey->blocks_lost++;
		survey->lost_slots += block->entries_nr;
		return 0;
	}
	if (block->current < 0) {
		survey->blocks_never++;
		wearstat_add(&survey->wear, 0, block->entries_nr);
		return 0;
	}
	for (i = 0; i < block->entries_nr; i++) {
		entry = table_entry(block, i);
		flags = __le16_to_cpu(entry.flags);
		if (flags & PSW_MEDIA_SLOT_USED) {
			survey->used_nr++;
			survey->area_slots[__le16_to_cpu(entry.owner_area)]++;
		}
		if (!(flags & PSW_MEDIA_SLOT_BAD))
			wearstat_add(&survey->wear, __le32_to_cpu(entry.wear), 1);
		else if (add_bad(survey, block->first_slot + i, 0))
			return -ENOMEM;
	}
	return 0;
}

/* Sort by slot. Of two entries of a slot, the one with a reason comes first. */
static int compare_bad(const void *a, const void *b)
{
	const struct survey_bad *left = a, *right = b;

	if (left->slot != right->slot)
		return left->slot < right->slot ? -1 : 1;
	return (left->reason < right->reason) - (left->reason > right->reason);
}

/* Sorts the bad slots and keeps one entry of each. */
void survey_finish(struct survey *survey)
{
	__u64 i, kept = 0;

	if (!survey->bad_nr)
		return;
	qsort(survey->bad, survey->bad_nr, sizeof(*survey->bad), compare_bad);
	for (i = 1; i < survey->bad_nr; i++)
		if (survey->bad[i].slot != survey->bad[kept].slot)
			survey->bad[++kept] = survey->bad[i];
	survey->bad_nr = kept + 1;
}

/* All three steps at once. */
struct survey *survey_region(const struct region *region)
{
	struct survey *survey = survey_new(region);

	if (!survey)
		return NULL;
	if (table_walk(region, 0, region->geo.table_blocks, survey_block, survey)) {
		survey_free(survey);
		return NULL;
	}
	survey_finish(survey);
	return survey;
}

void survey_free(struct survey *survey)
{
	if (!survey)
		return;
	badlist_free(&survey->list);
	free(survey->bad);
	free(survey);
}
