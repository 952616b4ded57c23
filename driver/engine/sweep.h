/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sweep.h - the pass over all slots, once a round
 */
#ifndef PSW_SWEEP_H
#define PSW_SWEEP_H

#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include "../../layout/pmemswap_format.h"

struct psw_media_table_block;
struct psw_region;

/**
 * struct psw_sweep - how far the sweep has come
 * @lock: one sweep at a time; outside every other lock of the engine
 * @passed: slots passed since open
 * @first: the block of the slot table that rounds begin with
 * @block: the block whose slots are next
 * @blocks_left: blocks until the round ends
 * @buffer: room for one block
 */
struct psw_sweep {
	struct mutex lock;
	u64 passed;
	u64 first;
	u64 block;
	u64 blocks_left;
	struct psw_media_table_block *buffer;
};

/* Wake-ups per round, and largest number of blocks per wake-up. */
#define PSW_SWEEP_WAKEUPS	64u
#define PSW_SWEEP_BLOCKS	16u

/* Stores between two wake-ups. */
static inline u32 psw_sweep_stride(u64 slots_nr)
{
	return clamp_t(u64, slots_nr / PSW_SWEEP_WAKEUPS, PSW_MEDIA_ENTRIES_PER_BLOCK,
		       PSW_SWEEP_BLOCKS * PSW_MEDIA_ENTRIES_PER_BLOCK);
}

int psw_sweep_init(struct psw_region *region);
void psw_sweep_destroy(struct psw_region *region);
unsigned int psw_sweep_block(struct psw_region *region);
int psw_sweep_checkpoint(struct psw_region *region, u32 state);

#endif /* PSW_SWEEP_H */
