/* SPDX-License-Identifier: GPL-2.0 */
/*
 * survey.h - what one pass over the slot table and the bad-slot list finds
 */
#ifndef PSW_TOOLS_SURVEY_H
#define PSW_TOOLS_SURVEY_H

#include "badlist.h"
#include "table.h"
#include "wearstat.h"

#define SURVEY_AREAS_NR	65536u

/**
 * struct survey_bad - a bad slot
 * @slot: the slot
 * @reason: PSW_MEDIA_BAD_*, or 0 if only the slot table marks it
 */
struct survey_bad {
	__u64 slot;
	__u32 reason;
};

/**
 * struct survey - the findings
 * @wear: of the slots that the table does not mark bad
 * @used_nr: slots that held a page at the last checkpoint
 * @area_slots: those by owner area
 * @blocks_damaged: table blocks damaged or unreadable, for each copy
 * @blocks_never: table blocks not written yet
 * @blocks_lost: table blocks damaged beyond recovery
 * @lost_slots: slots whose wear was in them
 * @list: the bad-slot list as found
 * @bad: bad slots by the list and by the table, in the order of slots
 * @bad_nr: how many
 * @bad_room: how many fit
 */
struct survey {
	struct wearstat wear;
	__u64 used_nr;
	__u64 area_slots[SURVEY_AREAS_NR];
	__u64 blocks_damaged[2];
	__u64 blocks_never;
	__u64 blocks_lost;
	__u64 lost_slots;
	struct badlist list;
	struct survey_bad *bad;
	__u64 bad_nr;
	__u64 bad_room;
};

struct survey *survey_new(const struct region *region);
int survey_block(const struct table_block *block, void *survey);
void survey_finish(struct survey *survey);
struct survey *survey_region(const struct region *region);
void survey_free(struct survey *survey);

/* Anything a check would complain about. */
static inline bool survey_is_damaged(const struct survey *survey)
{
	return survey->blocks_damaged[0] || survey->blocks_damaged[1] ||
	       badlist_is_damaged(&survey->list);
}

#endif /* PSW_TOOLS_SURVEY_H */
