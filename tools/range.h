/* SPDX-License-Identifier: GPL-2.0 */
/*
 * range.h - lists of slots as they are typed: 0-9,20
 */
#ifndef PSW_TOOLS_RANGE_H
#define PSW_TOOLS_RANGE_H

#include <linux/types.h>
#include <stdbool.h>

#define RANGES_MAX	64u

/**
 * struct range_list - ranges in the order in which they were typed
 * @from: first of each
 * @to: last of each, never below @from
 * @ranges_nr: how many ranges
 */
struct range_list {
	__u64 from[RANGES_MAX];
	__u64 to[RANGES_MAX];
	unsigned int ranges_nr;
};

bool range_parse(struct range_list *list, const char *text);

#endif /* PSW_TOOLS_RANGE_H */
