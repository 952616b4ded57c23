/* SPDX-License-Identifier: GPL-2.0 */
/*
 * retest.h - return bad slots to service
 */
#ifndef PSW_TOOLS_RETEST_H
#define PSW_TOOLS_RETEST_H

#include "survey.h"

int retest_bad_slots(struct region *region, struct survey *survey, __u64 *returned_nr);

#endif /* PSW_TOOLS_RETEST_H */
