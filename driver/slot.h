/* SPDX-License-Identifier: GPL-2.0 */
/*
 * slot.h - the slots of a region and who may write to which
 */
#ifndef PSW_SLOT_H
#define PSW_SLOT_H

#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include "freelist.h"

/* psw_slot.state */
#define PSW_SLOT_FREE	0u	/* in the free list or in a magazine */
#define PSW_SLOT_USED	1u	/* holds a page, or is about to */
#define PSW_SLOT_MOVING	2u	/* as USED; the mover copies the page away */
#define PSW_SLOT_BAD	3u	/* retired; never leaves this state */

/**
 * struct psw_slot_info - what DRAM knows of a slot: 16 bytes
 * @wear: page writes it has taken; also tells one use of the slot from the next
 * @sum: checksum of the page in it
 * @owner_page: while used, the page's offset in its area
 * @next: while in the free list, the next free slot
 * @owner_area: while used, the number of the area
 * @state: PSW_SLOT_*
 * @round: when it was last written: the low bits of the number of the round
 */
struct psw_slot_info {
	u32 wear;
	u32 sum;
	union {
		u32 owner_page;
		u32 next;
	};
	u16 owner_area;
	u8 state;
	u8 round;
};

/* Slots that a CPU takes from, or returns to, the free list in one go, at most. */
#define PSW_MAGAZINE_SLOTS	32u

/**
 * struct psw_magazine - the slots one CPU has at hand
 * @lock: taken by its CPU, and by others only when the free list has run dry
 * @fresh_nr: slots left in @fresh
 * @fresh_at: the first of them
 * @fresh: least-worn slots for the next stores, in the order of their wear
 * @freed_nr: slots in @freed
 * @freed: slots on the way back to the free list; never used again from here, or a
 *	slot freed and taken in turns would wear out alone
 */
struct psw_magazine {
	spinlock_t lock;
	u32 fresh_nr;
	u32 fresh_at;
	u32 fresh[PSW_MAGAZINE_SLOTS];
	u32 freed_nr;
	u32 freed[PSW_MAGAZINE_SLOTS];
};

/**
 * struct psw_slots - all slots of a region
 * @info: what DRAM knows of each slot
 * @slots_nr: how many there are
 * @batch: slots a magazine takes or returns in one go
 * @bad_nr: slots retired
 * @magazine: what each CPU has at hand
 * @freelist_lock: guards @freelist and @taken; inside a magazine's lock
 * @freelist: the free slots that no CPU has at hand
 * @taken: slots taken from @freelist since attach: how far the round has come
 */
struct psw_slots {
	struct psw_slot_info *info;
	u32 slots_nr;
	u32 batch;
	atomic_t bad_nr;
	struct psw_magazine __percpu *magazine;
	spinlock_t freelist_lock;
	struct psw_freelist freelist;
	u64 taken;
};

/**
 * struct psw_wear - how worn the slots are, retired ones left out
 * @min: page writes of the least worn slot
 * @max: page writes of the most worn slot
 * @sum: page writes of all of them
 * @slots: how many they are
 */
struct psw_wear {
	u32 min;
	u32 max;
	u64 sum;
	u32 slots;
};

int psw_slots_init(struct psw_slots *slots, u32 slots_nr);
int psw_slots_open(struct psw_slots *slots, u32 wear_min);
void psw_slots_destroy(struct psw_slots *slots);
u32 psw_slot_alloc(struct psw_slots *slots);
u32 psw_slot_alloc_worn(struct psw_slots *slots, u32 wear_min);
u32 psw_slots_worn(struct psw_slots *slots);
void psw_slot_free(struct psw_slots *slots, u32 slot);
bool psw_slot_move_begin(struct psw_slots *slots, u32 slot);
void psw_slot_move_end(struct psw_slots *slots, u32 slot, bool moved);
bool psw_slot_retire(struct psw_slots *slots, u32 slot);
u32 psw_slots_free_nr(struct psw_slots *slots);
void psw_slots_wear(struct psw_slots *slots, struct psw_wear *wear);

#endif /* PSW_SLOT_H */
