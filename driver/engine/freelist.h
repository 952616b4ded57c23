/* SPDX-License-Identifier: GPL-2.0 */
/*
 * freelist.h - free slots, least worn first
 */
#ifndef PSW_FREELIST_H
#define PSW_FREELIST_H

#include <linux/bitmap.h>
#include <linux/types.h>

struct psw_slot_info;

#define PSW_SLOT_NONE		(~0u)
#define PSW_FREELIST_BUCKETS	4096u

/**
 * struct psw_bucket - free slots of equal wear, oldest first
 * @head: first slot; undefined in an empty bucket
 * @tail: last slot; undefined in an empty bucket
 */
struct psw_bucket {
	u32 head;
	u32 tail;
};

/**
 * struct psw_freelist - free slots, in a ring of buckets by wear
 * @info: the slots of the region
 * @slots_nr: number of slots in the list
 * @shift: log2 of the wear that one bucket spans
 * @floor: no slot of the region has a lower key
 * @bucket: the ring: PSW_FREELIST_BUCKETS buckets
 * @spare: as many; the ring after the list gets coarser
 * @used: a bit for each bucket that is not empty
 */
struct psw_freelist {
	struct psw_slot_info *info;
	u32 slots_nr;
	u32 shift;
	u32 floor;
	struct psw_bucket *bucket;
	struct psw_bucket *spare;
	DECLARE_BITMAP(used, PSW_FREELIST_BUCKETS);
};

int psw_freelist_init(struct psw_freelist *freelist, struct psw_slot_info *info,
		      u32 wear_min);
void psw_freelist_destroy(struct psw_freelist *freelist);
void psw_freelist_add(struct psw_freelist *freelist, u32 slot);
u32 psw_freelist_take(struct psw_freelist *freelist);
u32 psw_freelist_most_worn(const struct psw_freelist *freelist);
u32 psw_freelist_take_most_worn(struct psw_freelist *freelist);
void psw_freelist_raise_floor(struct psw_freelist *freelist, u32 wear_min);

#endif /* PSW_FREELIST_H */
