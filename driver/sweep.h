/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sweep.h - once a round, past every slot
 */
#ifndef PSW_SWEEP_H
#define PSW_SWEEP_H

#include <linux/mutex.h>
#include <linux/types.h>

struct psw_media_table_block;
struct psw_region;

/**
 * struct psw_sweep - how far the walk past the slots has come
 * @lock: one sweep at a time; outside every lock of the engine
 * @due: how many slots taken make psw_sweep_run() due
 * @stride: by how much that grows at a time
 * @passed: slots passed since the region was opened
 * @first: the block of the slot table that rounds begin with
 * @block: the block whose slots are next
 * @blocks_left: blocks until the round is over
 * @buffer: room for one block
 */
struct psw_sweep {
	struct mutex lock;
	u64 due;
	u32 stride;
	u64 passed;
	u64 first;
	u64 block;
	u64 blocks_left;
	struct psw_media_table_block *buffer;
};

int psw_sweep_init(struct psw_region *region);
void psw_sweep_destroy(struct psw_region *region);
void psw_sweep_check(struct psw_region *region, u64 taken);
unsigned int psw_sweep_run(struct psw_region *region);
int psw_sweep_checkpoint(struct psw_region *region, u32 state);

#endif /* PSW_SWEEP_H */
