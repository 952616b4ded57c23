/* SPDX-License-Identifier: GPL-2.0 */
/*
 * range.h - lists of slots, such as 0-9,20
 */
#ifndef PSW_TOOLS_RANGE_H
#define PSW_TOOLS_RANGE_H

#include <linux/types.h>
#include <stdbool.h>

#define RANGES_MAX	64u

/* In the order in which they were typed. */
struct range_list {
	__u64 from[RANGES_MAX];	/* first slot of each */
	__u64 to[RANGES_MAX];	/* last slot of each */
	unsigned int ranges_nr;
};

bool range_parse(struct range_list *list, const char *text);

#endif /* PSW_TOOLS_RANGE_H */
