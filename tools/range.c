// SPDX-License-Identifier: GPL-2.0
/*
 * range.c - parse lists of slots
 */
#include <stdio.h>
#include <string.h>

#include "range.h"
#include "text.h"

static bool parse_one(struct range_list *list, char *text)
{
	char *dash = strchr(text, '-');
	__u64 from, to;

	if (dash)
		*dash = '\0';
	if (!text_parse_number(text, &from))
		return false;
	to = from;
	if (dash && (!text_parse_number(dash + 1, &to) || to < from))
		return false;
	if (list->ranges_nr == RANGES_MAX)
		return false;
	list->from[list->ranges_nr] = from;
	list->to[list->ranges_nr++] = to;
	return true;
}

/* Returns false for a wrong list, and for more than RANGES_MAX ranges. */
bool range_parse(struct range_list *list, const char *text)
{
	char copy[4096], *part, *rest = copy;

	list->ranges_nr = 0;
	if ((size_t)snprintf(copy, sizeof(copy), "%s", text) >= sizeof(copy))
		return false;
	while ((part = strsep(&rest, ",")))
		if (!parse_one(list, part))
			return false;
	return true;
}
