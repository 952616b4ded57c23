/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wl.h - static wear levelling
 */
#ifndef PSW_WL_H
#define PSW_WL_H

#include <linux/bitmap.h>
#include <linux/types.h>
#include "../../layout/pmemswap_format.h"

struct psw_region;

/**
 * struct psw_wl - static wear levelling of one region; guarded by psw_sweep.lock
 * @planned: pages move in this round
 * @pace: stores for each move
 * @bound: greatest wear of a slot whose page moves
 * @credit: stores that no move was made for yet
 * @chosen: the slots of the current block whose pages move
 * @lags: counters for psw_slots_scan(); NULL unless PSW_WEAR_STATIC
 * @page: bounce page of a move; likewise
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
