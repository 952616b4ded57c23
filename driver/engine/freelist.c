// SPDX-License-Identifier: GPL-2.0
/*
 * freelist.c - free slots, least worn first
 *
 * The list is a ring of buckets. A slot has the key (wear >> shift), and is in the
 * bucket (key mod ring size). Slots in a bucket are linked, the longest free first.
 *
 * Invariant: floor <= key < floor + ring size for every slot in the list. So all
 * slots in a bucket have the same key, and the first bucket in use, going round
 * from the floor, has the least worn. The wear of a slot never falls, so a floor
 * that holds once holds for good.
 *
 * A slot that is too worn for the ring makes the list coarser: the shift grows by
 * one, and each two buckets become one by joining their lists. So the order is
 * exact while the wear of the free slots spans less than the ring, and beyond that
 * it is off by at most one part in half the ring.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/mm.h>
#include "freelist.h"
#include "mem.h"
#include "slot.h"

static u32 psw_freelist_key(const struct psw_freelist *freelist, u32 slot)
{
	return READ_ONCE(freelist->info[slot].wear) >> freelist->shift;
}

/**
 * psw_freelist_init() - make an empty free list
 * @freelist: the free list
 * @info: the slots of the region
 * @wear_min: a lower bound of their wear
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int psw_freelist_init(struct psw_freelist *freelist, struct psw_slot_info *info,
		      u32 wear_min)
{
	memset(freelist, 0, sizeof(*freelist));
	freelist->info = info;
	freelist->floor = wear_min;
	freelist->bucket = kvcalloc(PSW_FREELIST_BUCKETS, sizeof(*freelist->bucket),
				    PSW_GFP);
	freelist->spare = kvcalloc(PSW_FREELIST_BUCKETS, sizeof(*freelist->spare),
				   PSW_GFP);
	if (freelist->bucket && freelist->spare)
		return 0;
	psw_freelist_destroy(freelist);
	return -ENOMEM;
}

void psw_freelist_destroy(struct psw_freelist *freelist)
{
	kvfree(freelist->bucket);
	kvfree(freelist->spare);
	freelist->bucket = NULL;
	freelist->spare = NULL;
}

/* Append the slots from @head to @tail, which are linked, to bucket @index. */
static void psw_bucket_append(struct psw_freelist *freelist, struct psw_bucket *ring,
			      u32 index, u32 head, u32 tail)
{
	WRITE_ONCE(freelist->info[tail].next, PSW_SLOT_NONE);
	if (__test_and_set_bit(index, freelist->used))
		WRITE_ONCE(freelist->info[ring[index].tail].next, head);
	else
		ring[index].head = head;
	ring[index].tail = tail;
}

/* Double the wear that a bucket spans. */
static void psw_freelist_coarsen(struct psw_freelist *freelist)
{
	DECLARE_BITMAP(was_used, PSW_FREELIST_BUCKETS);
	u32 i;

	bitmap_copy(was_used, freelist->used, PSW_FREELIST_BUCKETS);
	bitmap_zero(freelist->used, PSW_FREELIST_BUCKETS);
	for (i = 0; i < PSW_FREELIST_BUCKETS; i++) {
		u32 key = freelist->floor + i;
		const struct psw_bucket *old;

		if (!test_bit(key % PSW_FREELIST_BUCKETS, was_used))
			continue;
		old = &freelist->bucket[key % PSW_FREELIST_BUCKETS];
		psw_bucket_append(freelist, freelist->spare,
				  (key / 2) % PSW_FREELIST_BUCKETS,
				  old->head, old->tail);
	}
	swap(freelist->bucket, freelist->spare);
	freelist->floor /= 2;
	freelist->shift++;
}

/**
 * psw_freelist_add() - add a free slot
 * @freelist: the free list
 * @slot: the slot; it is in no list
 *
 * Context: any; the caller holds a lock around all uses of @freelist.
 */
void psw_freelist_add(struct psw_freelist *freelist, u32 slot)
{
	while (psw_freelist_key(freelist, slot) - freelist->floor >= PSW_FREELIST_BUCKETS)
		psw_freelist_coarsen(freelist);
	psw_bucket_append(freelist, freelist->bucket,
			  psw_freelist_key(freelist, slot) % PSW_FREELIST_BUCKETS, slot, slot);
	WRITE_ONCE(freelist->slots_nr, freelist->slots_nr + 1);
}

/* The first bucket in use, going round from the floor; the free list is not empty. */
static u32 psw_freelist_first(const struct psw_freelist *freelist)
{
	u32 index = find_next_bit(freelist->used, PSW_FREELIST_BUCKETS,
				  freelist->floor % PSW_FREELIST_BUCKETS);

	return index < PSW_FREELIST_BUCKETS ? index :
	       find_first_bit(freelist->used, PSW_FREELIST_BUCKETS);
}

/* The last bucket in use, going round from the floor; the free list is not empty. */
static u32 psw_freelist_last(const struct psw_freelist *freelist)
{
	u32 start = freelist->floor % PSW_FREELIST_BUCKETS;
	u32 index = find_last_bit(freelist->used, start);

	return index < start ? index :
	       find_last_bit(freelist->used, PSW_FREELIST_BUCKETS);
}

static u32 psw_bucket_pop(struct psw_freelist *freelist, u32 index)
{
	struct psw_bucket *bucket = &freelist->bucket[index];
	u32 slot = bucket->head;

	bucket->head = READ_ONCE(freelist->info[slot].next);
	if (bucket->head == PSW_SLOT_NONE)
		__clear_bit(index, freelist->used);
	WRITE_ONCE(freelist->slots_nr, freelist->slots_nr - 1);
	return slot;
}

/**
 * psw_freelist_take() - take a least-worn slot, of several the longest free
 * @freelist: the free list
 *
 * Context: any; the caller holds a lock around all uses of @freelist.
 * Return: the slot, or PSW_SLOT_NONE.
 */
u32 psw_freelist_take(struct psw_freelist *freelist)
{
	if (!freelist->slots_nr)
		return PSW_SLOT_NONE;
	return psw_bucket_pop(freelist, psw_freelist_first(freelist));
}

/**
 * psw_freelist_most_worn() - find a most-worn slot, of several the longest free
 * @freelist: the free list
 *
 * Context: any; the caller holds a lock around all uses of @freelist.
 * Return: the slot, which stays in the list, or PSW_SLOT_NONE.
 */
u32 psw_freelist_most_worn(const struct psw_freelist *freelist)
{
	if (!freelist->slots_nr)
		return PSW_SLOT_NONE;
	return freelist->bucket[psw_freelist_last(freelist)].head;
}

/**
 * psw_freelist_take_most_worn() - take the slot that psw_freelist_most_worn() finds
 * @freelist: the free list
 *
 * Context: any; the caller holds a lock around all uses of @freelist.
 * Return: the slot, or PSW_SLOT_NONE.
 */
u32 psw_freelist_take_most_worn(struct psw_freelist *freelist)
{
	if (!freelist->slots_nr)
		return PSW_SLOT_NONE;
	return psw_bucket_pop(freelist, psw_freelist_last(freelist));
}

/**
 * psw_freelist_raise_floor() - raise the floor
 * @freelist: the free list
 * @wear_min: a lower bound of the wear of every slot of the region
 *
 * Context: any; the caller holds a lock around all uses of @freelist.
 */
void psw_freelist_raise_floor(struct psw_freelist *freelist, u32 wear_min)
{
	freelist->floor = max(freelist->floor, wear_min >> freelist->shift);
}
