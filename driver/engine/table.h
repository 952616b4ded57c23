/* SPDX-License-Identifier: GPL-2.0 */
/*
 * table.h - the slot table on the medium
 */
#ifndef PSW_TABLE_H
#define PSW_TABLE_H

#include <linux/types.h>

struct psw_media_table_block;
struct psw_recovery;
struct psw_region;

int psw_table_load(struct psw_region *region, struct psw_recovery *recovery);
void psw_table_block_fill(const struct psw_region *region, u64 index,
			  struct psw_media_table_block *block);
void psw_table_block_write(struct psw_region *region, u64 index,
			   struct psw_media_table_block *block);
int psw_table_confirm(struct psw_region *region, u32 state);

#endif /* PSW_TABLE_H */
