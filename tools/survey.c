// SPDX-License-Identifier: GPL-2.0
/*
 * survey.c - collect what the slot table and the bad-slot list contain
 */
#include <errno.h>
#include <stdlib.h>

#include "message.h"
#include "survey.h"

/* Sort by slot. Of two entries of a slot, the one with a greater reason comes first. */
static int compare_bad(const void *a, const void *b)
{
	const struct survey_bad *left = a, *right = b;

	if (left->slot != right->slot)
		return left->slot < right->slot ? -1 : 1;
	return (left->reason < right->reason) - (left->reason > right->reason);
}

/* Sorts the listed slots and keeps one entry of each. */
static void sort_listed(struct survey *survey)
{
	__u64 i, kept = 0;

	if (!survey->listed_nr)
		return;
	qsort(survey->listed, survey->listed_nr, sizeof(*survey->listed), compare_bad);
	for (i = 1; i < survey->listed_nr; i++)
		if (survey->listed[i].slot != survey->listed[kept].slot)
			survey->listed[++kept] = survey->listed[i];
	survey->listed_nr = kept + 1;
}

static int take_list(struct survey *survey, const struct region *region)
{
	__u64 seed = __le64_to_cpu(region_super(region)->table_seed);
	const struct badlist *list = &survey->list;
	__u64 i;

	survey->listed = calloc(list->capacity, sizeof(*survey->listed));
	if (!survey->listed) {
		error("out of memory");
		return -ENOMEM;
	}
	for (i = 0; i < list->capacity; i++) {
		struct survey_bad *bad = &survey->listed[survey->listed_nr];

		if (psw_bad_is_empty(&list->media[i]) ||
		    !psw_bad_check(&list->media[i], &region->geo, seed))
			continue;
		bad->slot = __le64_to_cpu(list->media[i].slot);
		bad->reason = __le32_to_cpu(list->media[i].reason);
		survey->listed_nr++;
	}
	sort_listed(survey);
	survey->bad_nr = survey->listed_nr;
	return 0;
}

static int compare_slot(const void *slot, const void *bad)
{
	__u64 left = *(const __u64 *)slot, right = ((const struct survey_bad *)bad)->slot;

	return (left > right) - (left < right);
}

/* The slot in the bad-slot list, or NULL. */
struct survey_bad *survey_find_listed(const struct survey *survey, __u64 slot)
{
	return bsearch(&slot, survey->listed, survey->listed_nr, sizeof(*survey->listed),
		       compare_slot);
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
	if (badlist_read(&survey->list, region) || take_list(survey, region)) {
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
		else
			survey->bad_nr += !survey_find_listed(survey, block->first_slot + i);
	}
	return 0;
}

/* Merges the bad slots of the list with those that the table marks. */
struct merge {
	const struct survey *survey;
	__u64 next;		/* of the listed slots */
	survey_bad_visit visit;
	void *context;
};

/* A table_visit. */
static int merge_block(const struct table_block *block, void *context)
{
	struct merge *merge = context;
	__u32 i;
	int ret = 0;

	for (i = 0; i < block->entries_nr && !ret; i++) {
		struct psw_media_entry entry = table_entry(block, i);
		struct survey_bad bad = { .slot = block->first_slot + i };

		if (merge->next < merge->survey->listed_nr &&
		    merge->survey->listed[merge->next].slot == bad.slot)
			bad.reason = merge->survey->listed[merge->next++].reason;
		else if (!(__le16_to_cpu(entry.flags) & PSW_MEDIA_SLOT_BAD))
			continue;
		ret = merge->visit(&bad, merge->context);
	}
	return ret;
}

/*
 * Visits every bad slot in order. There may be more than memory holds, so the table is
 * read again if it marks slots that the list lacks.
 */
int survey_walk_bad(const struct region *region, const struct survey *survey,
		    survey_bad_visit visit, void *context)
{
	struct merge merge = { .survey = survey, .visit = visit, .context = context };
	__u64 i;
	int ret = 0;

	if (survey->bad_nr > survey->listed_nr)
		return table_walk(region, 0, region->geo.table_blocks, merge_block, &merge);
	for (i = 0; i < survey->listed_nr && !ret; i++)
		ret = visit(&survey->listed[i], context);
	return ret;
}

/* Both steps at once. */
struct survey *survey_region(const struct region *region)
{
	struct survey *survey = survey_new(region);

	if (!survey)
		return NULL;
	if (table_walk(region, 0, region->geo.table_blocks, survey_block, survey)) {
		survey_free(survey);
		return NULL;
	}
	return survey;
}

void survey_free(struct survey *survey)
{
	if (!survey)
		return;
	badlist_free(&survey->list);
	free(survey->listed);
	free(survey);
}
