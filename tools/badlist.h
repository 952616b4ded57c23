/* SPDX-License-Identifier: GPL-2.0 */
/*
 * badlist.h - the bad-slot list of a region
 */
#ifndef PSW_TOOLS_BADLIST_H
#define PSW_TOOLS_BADLIST_H

#include "region.h"

/* The bad-slot list, in memory as on the medium. */
struct badlist {
	struct psw_media_bad *media;	/* all blocks, aligned */
	__u64 capacity;			/* entries that fit */
	__u64 entries_nr;		/* before the end of the list */
	__u64 damaged_nr;		/* neither valid nor zeros */
	__u64 hidden_nr;		/* valid, but behind the end */
	__u64 unreadable_nr;		/* blocks */
};

int badlist_read(struct badlist *list, const struct region *region);
int badlist_new(struct badlist *list, const struct psw_geometry *geo);
bool badlist_add(struct badlist *list, __u64 slot, __u32 reason, __u64 table_seed);
int badlist_repair(struct badlist *list, const struct region *region);
int badlist_write(const struct badlist *list, const struct region *region,
		  const struct psw_geometry *geo);
void badlist_free(struct badlist *list);
const char *badlist_reason_text(__u32 reason);

static inline bool badlist_is_damaged(const struct badlist *list)
{
	return list->damaged_nr || list->hidden_nr || list->unreadable_nr;
}

/* Whether it names all slots that were retired. */
static inline bool badlist_is_complete(const struct badlist *list)
{
	return list->entries_nr < list->capacity && !badlist_is_damaged(list);
}

#endif /* PSW_TOOLS_BADLIST_H */
