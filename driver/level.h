/* SPDX-License-Identifier: GPL-2.0 */
/*
 * level.h - static wear levelling
 */
#ifndef PSW_LEVEL_H
#define PSW_LEVEL_H

#include <linux/mutex.h>
#include <linux/types.h>

struct psw_region;

/**
 * enum psw_wear_mode - how much is done to wear the slots evenly
 * @PSW_WEAR_OFF: nothing; free slots are used in turn
 * @PSW_WEAR_DYNAMIC: a put goes to a least-worn free slot
 * @PSW_WEAR_STATIC: and pages that stay long are moved to worn slots
 */
enum psw_wear_mode {
	PSW_WEAR_OFF,
	PSW_WEAR_DYNAMIC,
	PSW_WEAR_STATIC,
};

/**
 * struct psw_level - static levelling of one region
 * @lock: one move at a time; outside every lock of the engine
 * @due: how many slots taken make the next move due
 * @settled: up to how many slots taken moves were made
 * @cursor: where the search for the next page to move begins
 * @page: room for the page on the move; NULL unless PSW_WEAR_STATIC
 */
struct psw_level {
	struct mutex lock;
	u64 due;
	u64 settled;
	u32 cursor;
	void *page;
};

int psw_level_init(struct psw_region *region);
void psw_level_destroy(struct psw_region *region);
void psw_level_check(struct psw_region *region, u64 taken);
unsigned int psw_level_run(struct psw_region *region);

#endif /* PSW_LEVEL_H */
