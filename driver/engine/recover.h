/* SPDX-License-Identifier: GPL-2.0 */
/*
 * recover.h - the wear that the medium does not tell
 */
#ifndef PSW_RECOVER_H
#define PSW_RECOVER_H

#include <linux/types.h>

struct psw_media_table_block;
struct psw_region;

/**
 * struct psw_recovery - what the slot table says at open
 * @lost: a bit for each block of the table that was written, and is valid in no copy
 * @lost_nr: number of these blocks
 * @newest: the highest total of page writes in a block
 * @writes: the total in each block, or PSW_RECOVER_UNKNOWN; NULL after a clean shutdown
 * @busy: a bit for each slot that is marked BUSY; likewise
 * @leaving: a bit for each slot that is marked LEAVING; likewise
 */
struct psw_recovery {
	unsigned long *lost;
	u64 lost_nr;
	u64 newest;
	u64 *writes;
	unsigned long *busy;
	unsigned long *leaving;
};

int psw_recovery_init(struct psw_recovery *recovery, const struct psw_region *region);
void psw_recovery_destroy(struct psw_recovery *recovery);
void psw_recover_mark(const struct psw_region *region, u64 index,
		      struct psw_media_table_block *block);
void psw_recover_note(struct psw_recovery *recovery, const struct psw_region *region,
		      const struct psw_media_table_block *block);
void psw_recover_note_unwritten(struct psw_recovery *recovery,
				const struct psw_region *region, u64 index);
void psw_recover_note_lost(struct psw_recovery *recovery, u64 index);
void psw_recover_wear(const struct psw_recovery *recovery,
		      struct psw_region *region);
void psw_recover_lost(const struct psw_recovery *recovery, struct psw_region *region);

#endif /* PSW_RECOVER_H */
