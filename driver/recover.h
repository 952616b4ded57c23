/* SPDX-License-Identifier: GPL-2.0 */
/*
 * recover.h - what a power cut made us forget
 */
#ifndef PSW_RECOVER_H
#define PSW_RECOVER_H

#include <linux/types.h>

struct psw_media_table_block;
struct psw_region;

/**
 * struct psw_recovery - how far the round had come when the power was cut
 * @newest: the highest generation of a block of the slot table
 * @newest_nr: how many blocks have it
 */
struct psw_recovery {
	u64 newest;
	u64 newest_nr;
};

void psw_recover_mark(const struct psw_region *region, u64 index,
		  struct psw_media_table_block *block);
void psw_recover_note(struct psw_recovery *recovery, struct psw_region *region, u64 index,
		  const struct psw_media_table_block *block);
void psw_recover_wear(const struct psw_recovery *recovery, struct psw_region *region);

#endif /* PSW_RECOVER_H */
