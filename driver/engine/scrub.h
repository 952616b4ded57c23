/* SPDX-License-Identifier: GPL-2.0 */
/*
 * scrub.h - a pass that reads all slots in use, to find lost pages early
 */
#ifndef PSW_SCRUB_H
#define PSW_SCRUB_H

#include <linux/mutex.h>
#include <linux/types.h>

struct psw_region;

/**
 * struct psw_scrub - the pass of one region
 * @lock: guards the other fields
 * @running: a pass is under way
 * @slot: the slot that it looks at next
 * @read_nr: slots that it has read
 * @lost_nr: pages that it has found lost
 * @page: a page to read into; allocated with the region
 */
struct psw_scrub {
	struct mutex lock;
	bool running;
	u32 slot;
	u64 read_nr;
	u64 lost_nr;
	void *page;
};

int psw_scrub_init(struct psw_region *region);
void psw_scrub_destroy(struct psw_region *region);

#endif /* PSW_SCRUB_H */
