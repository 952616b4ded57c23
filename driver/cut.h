/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cut.h - what a power cut made us forget
 */
#ifndef PSW_CUT_H
#define PSW_CUT_H

#include <linux/types.h>

struct psw_media_table_block;
struct psw_region;

/**
 * struct psw_cut - how far the round had come when the power was cut
 * @newest: the highest generation of a block of the slot table
 * @newest_nr: how many blocks have it
 */
struct psw_cut {
	u64 newest;
	u64 newest_nr;
};

void psw_cut_mark(const struct psw_region *region, u64 index,
		  struct psw_media_table_block *block);
void psw_cut_note(struct psw_cut *cut, struct psw_region *region, u64 index,
		  const struct psw_media_table_block *block);
void psw_cut_estimate(const struct psw_cut *cut, struct psw_region *region);

#endif /* PSW_CUT_H */
