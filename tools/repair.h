/* SPDX-License-Identifier: GPL-2.0 */
/*
 * repair.h - mend the metadata of a region
 */
#ifndef PSW_TOOLS_REPAIR_H
#define PSW_TOOLS_REPAIR_H

#include "survey.h"

/**
 * struct repair_result - what was done
 * @supers_nr: superblocks rewritten
 * @blocks_nr: copies of table blocks rewritten from the other copy
 * @estimated_nr: table blocks lost in both copies and made anew
 * @estimated_wear: the wear that every slot in those was given
 * @bad_list: the bad-slot list was rewritten
 */
struct repair_result {
	__u64 supers_nr;
	__u64 blocks_nr;
	__u64 estimated_nr;
	__u32 estimated_wear;
	bool bad_list;
};

int repair_region(struct region *region, struct survey *survey,
		  struct repair_result *result);

#endif /* PSW_TOOLS_REPAIR_H */
