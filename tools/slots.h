/* SPDX-License-Identifier: GPL-2.0 */
/*
 * slots.h - lists of single slots
 */
#ifndef PSW_TOOLS_SLOTS_H
#define PSW_TOOLS_SLOTS_H

#include "range.h"
#include "region.h"
#include "report.h"
#include "text.h"

bool slots_exist(const struct region *region, const struct range_list *slots);
int slots_list(const struct region *region, const struct range_list *slots,
	       struct report_array *array);
const char *slots_area_name(struct text *text, unsigned int area);

#endif /* PSW_TOOLS_SLOTS_H */
