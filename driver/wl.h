/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wl.h - static wear levelling
 */
#ifndef PSW_WL_H
#define PSW_WL_H

#include <linux/bitmap.h>
#include <linux/types.h>
#include "../layout/pmemswap_format.h"

struct psw_region;

/**
 * enum psw_wear_mode - how much is done to wear the slots evenly
 * @PSW_WEAR_DYNAMIC: a store goes to a least-worn free slot
 * @PSW_WEAR_STATIC: and pages that stay long are moved to worn slots
 */
enum psw_wear_mode {
	PSW_WEAR_DYNAMIC,
	PSW_WEAR_STATIC,
};

/* Lags behind the most-worn slot are told apart up to this. */
#define PSW_WL_LAGS		4096u

/**
 * struct psw_wl - static levelling of one region
 *
 * All of it is guarded by psw_sweep.lock.
 *
 * @planned: there is a plan for this round
 * @pace: stores for each move
 * @bound: the greatest wear of a slot whose page is to move
 * @credit: stores that no move was made for yet
 * @chosen: the slots of the block at hand whose pages are to move
 * @lags: how many slots lag how far
 * @page: room for the page on the move; NULL unless PSW_WEAR_STATIC
 */
struct psw_wl {
	bool planned;
	u32 pace;
	u32 bound;
	u64 credit;
	DECLARE_BITMAP(chosen, PSW_MEDIA_ENTRIES_PER_BLOCK);
	u32 *lags;
	void *page;
};

int psw_wl_init(struct psw_region *region);
void psw_wl_destroy(struct psw_region *region);
void psw_wl_plan(struct psw_region *region);
void psw_wl_choose(struct psw_region *region, u64 index);
unsigned int psw_wl_move_chosen(struct psw_region *region, u64 index);

#endif /* PSW_WL_H */
