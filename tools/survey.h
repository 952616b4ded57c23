/* SPDX-License-Identifier: GPL-2.0 */
/*
 * survey.h - the contents of the slot table and the bad-slot list, added up
 */
#ifndef PSW_TOOLS_SURVEY_H
#define PSW_TOOLS_SURVEY_H

#include "badlist.h"
#include "table.h"
#include "wearstat.h"

#define SURVEY_AREAS_NR	65536u

struct survey_bad {
	__u64 slot;
	__u32 reason;	/* PSW_MEDIA_BAD_*, 0: only the table marks it */
	bool returned;	/* to service, by a repair */
};

struct survey {
	struct wearstat wear;			/* of all slots that are not bad or lost */
	__u64 used_nr;				/* slots that held a page */
	__u64 area_slots[SURVEY_AREAS_NR];	/* the same, by owner area */
	__u64 blocks_damaged[2];		/* or unreadable, in each copy */
	__u64 blocks_never;			/* not written yet */
	__u64 blocks_lost;			/* written once, and valid in no copy */
	__u64 lost_slots;			/* slots of @blocks_lost */
	struct badlist list;			/* as found */
	struct survey_bad *listed;		/* bad slots of the list, sorted */
	__u64 listed_nr;
	__u64 bad_nr;				/* and those that only the table marks */
};

/* Returns 0 to go on. Any other value ends the walk, which returns it. */
typedef int (*survey_bad_visit)(const struct survey_bad *bad, void *context);

struct survey *survey_new(const struct region *region);
int survey_block(const struct table_block *block, void *survey);
struct survey_bad *survey_find_listed(const struct survey *survey, __u64 slot);
int survey_walk_bad(const struct region *region, const struct survey *survey,
		    survey_bad_visit visit, void *context);
struct survey *survey_region(const struct region *region);
void survey_free(struct survey *survey);

/* Damage that check reports. */
static inline bool survey_is_damaged(const struct survey *survey)
{
	return survey->blocks_damaged[0] || survey->blocks_damaged[1] ||
	       badlist_is_damaged(&survey->list);
}

#endif /* PSW_TOOLS_SURVEY_H */
