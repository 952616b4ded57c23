/* SPDX-License-Identifier: GPL-2.0 */
/*
 * slot.h - the slots of a region, and who may write to which
 */
#ifndef PSW_SLOT_H
#define PSW_SLOT_H

#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include "freelist.h"

struct psw_wear;

/* psw_slot_info.state */
#define PSW_SLOT_FREE	0u	/* in the free list or in a magazine, or on its way there */
#define PSW_SLOT_USED	1u	/* owned: it holds a page, or soon will */
#define PSW_SLOT_HELD	2u	/* as USED; a move or a verdict holds it */
#define PSW_SLOT_BAD	3u	/* retired; it stays in this state */
#define PSW_SLOT_DOOMED	4u	/* as USED; it is retired when it is freed */
#define PSW_SLOT_LEFT	5u	/* freed while it is held; its release puts it back */

/**
 * struct psw_slot_info - what DRAM knows of a slot: 16 bytes
 * @wear: page writes it has taken; it also tells two uses of a slot apart
 * @sum: checksum of the page in it
 * @owner_page: while it is used, the offset of its page in the swap area
 * @next: while it is in the free list, the next free slot
 * @owner_area: while it is used, the number of the swap area
 * @state: PSW_SLOT_*
 * @round: low bits of the number of the round in which it was last written
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

/* Largest number of slots that go between a magazine and the free list at once. */
#define PSW_MAGAZINE_SLOTS	32u

/**
 * struct psw_magazine - free slots of one CPU
 * @lock: taken by its CPU; by others to count free slots, or if none is left
 * @fresh_nr: slots left in @fresh
 * @fresh_at: index of the first of them
 * @fresh: least-worn slots for the next stores, in the order of their wear
 * @freed_nr: slots in @freed
 * @freed: slots on their way back to the free list. They are not used again from
 *	here while any other slot is free, or a slot that is freed and taken in
 *	turns would wear out alone.
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
 * struct psw_notify - a call that is due whenever enough slots were taken
 * @at: the count of taken slots that makes it due
 * @stride: by how much @at grows with each call
 * @call: the function, or NULL; must not sleep
 * @context: its argument
 */
struct psw_notify {
	u64 at;
	u32 stride;
	void (*call)(void *context);
	void *context;
};

/**
 * struct psw_slots - all slots of a region
 * @info: what DRAM knows of each slot
 * @slots_nr: number of slots
 * @batch: slots that go between a magazine and the free list at once
 * @bad_nr: number of retired slots
 * @stale_nr: those of them that are still in the free list or in a magazine
 * @refuse: retires a slot that was taken and must not be used; NULL for none
 * @refuse_context: its argument
 * @magazine: free slots of each CPU
 * @freelist_lock: guards @freelist, @taken and @notify; inside a magazine's lock
 * @freelist: the other free slots
 * @taken: slots taken from @freelist for stores since open
 * @notify: called as @taken grows
 */
struct psw_slots {
	struct psw_slot_info *info;
	u32 slots_nr;
	u32 batch;
	atomic_t bad_nr;
	atomic_t stale_nr;
	bool (*refuse)(void *context, u32 slot);
	void *refuse_context;
	struct psw_magazine __percpu *magazine;
	spinlock_t freelist_lock;
	struct psw_freelist freelist;
	u64 taken;
	struct psw_notify notify;
};

int psw_slots_init(struct psw_slots *slots, u32 slots_nr);
int psw_slots_open(struct psw_slots *slots, u32 wear_min);
void psw_slots_destroy(struct psw_slots *slots);

u32 psw_slot_alloc(struct psw_slots *slots);
u32 psw_slot_alloc_most_worn(struct psw_slots *slots, u32 wear_min);
void psw_slot_free(struct psw_slots *slots, u32 slot);
bool psw_slot_hold(struct psw_slots *slots, u32 slot);
void psw_slot_release(struct psw_slots *slots, u32 slot, bool moved);
bool psw_slot_retire(struct psw_slots *slots, u32 slot);
bool psw_slot_doom(struct psw_slots *slots, u32 slot);

static inline bool psw_slot_is_bad(const struct psw_slots *slots, u32 slot)
{
	return READ_ONCE(slots->info[slot].state) == PSW_SLOT_BAD;
}

/* Whether somebody owns the slot: it holds a page, or soon will. */
static inline bool psw_slot_is_used(const struct psw_slots *slots, u32 slot)
{
	u8 state = READ_ONCE(slots->info[slot].state);

	return state == PSW_SLOT_USED || state == PSW_SLOT_HELD ||
	       state == PSW_SLOT_DOOMED;
}

u32 psw_slots_most_worn(struct psw_slots *slots);
u32 psw_slots_free_nr(struct psw_slots *slots);
void psw_slots_scan(const struct psw_slots *slots, struct psw_wear *wear,
		    u32 top, u32 *lags, u32 lags_nr);
void psw_slots_raise_floor(struct psw_slots *slots, u32 wear_min);

#endif /* PSW_SLOT_H */
