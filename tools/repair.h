/* SPDX-License-Identifier: GPL-2.0 */
/*
 * repair.h - repair the metadata of a region
 */
#ifndef PSW_TOOLS_REPAIR_H
#define PSW_TOOLS_REPAIR_H

#include "survey.h"

struct repair_result {
	__u64 supers_nr;	/* superblocks rewritten */
	__u64 blocks_nr;	/* table blocks rewritten from their other copy */
	__u64 zeroed_nr;	/* unreadable table blocks, never written, zeroed */
	__u64 estimated_nr;	/* table blocks that were valid in no copy */
	__u32 estimated_wear;	/* of every slot in those */
	__u64 retired_nr;	/* slots in those, if the bad-slot list is not complete */
	bool bad_list;		/* rewritten */
	__u64 returned_nr;	/* bad slots that are in service again */
};

int repair_region(struct region *region, struct survey *survey,
		  struct repair_result *result);

#endif /* PSW_TOOLS_REPAIR_H */
