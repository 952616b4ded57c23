/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pool.h - free slots, least worn first
 */
#ifndef PSW_POOL_H
#define PSW_POOL_H

#include <linux/bitmap.h>
#include <linux/types.h>

struct psw_slot_info;

#define PSW_SLOT_NONE		(~0u)
#define PSW_POOL_BUCKETS	4096u

/**
 * struct psw_bucket - free slots of equal wear, oldest first
 * @head: first slot, or PSW_SLOT_NONE
 * @tail: last slot; undefined in an empty bucket
 */
struct psw_bucket {
	u32 head;
	u32 tail;
};

/**
 * struct psw_pool - free slots in a ring of buckets by wear
 * @info: the slots of the region
 * @slots_nr: free slots in here
 * @shift: log2 of the wear that one bucket spans
 * @floor: no slot of the region has a lower key than this
 * @bucket: the ring, PSW_POOL_BUCKETS long
 * @spare: as long; the ring after the next coarsening
 * @used: a bit for each bucket that is not empty
 */
struct psw_pool {
	struct psw_slot_info *info;
	u32 slots_nr;
	u32 shift;
	u32 floor;
	struct psw_bucket *bucket;
	struct psw_bucket *spare;
	DECLARE_BITMAP(used, PSW_POOL_BUCKETS);
};

int psw_pool_init(struct psw_pool *pool, struct psw_slot_info *info, u32 wear_min);
void psw_pool_destroy(struct psw_pool *pool);
void psw_pool_put(struct psw_pool *pool, u32 slot);
u32 psw_pool_take(struct psw_pool *pool);
u32 psw_pool_worst(const struct psw_pool *pool);
u32 psw_pool_take_worst(struct psw_pool *pool);
void psw_pool_raise_floor(struct psw_pool *pool, u32 wear_min);

#endif /* PSW_POOL_H */
