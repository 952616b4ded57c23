// SPDX-License-Identifier: GPL-2.0
/*
 * pool.c - free slots, least worn first
 *
 * A slot is kept under the key (wear >> shift), in bucket (key mod ring size).
 *
 * Invariant: floor <= key < floor + ring size for every slot in the pool, so a
 * bucket never holds two different keys and the first bucket in use, going
 * round from the floor, holds the least worn. Wear never shrinks, so a floor
 * that is right once stays right. A slot too worn for the ring makes the pool
 * coarser: each two buckets become one, by joining lists, not by moving slots.
 * The order is therefore exact while the wear of the region spans less than the
 * ring, and else to one part in half the ring.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/mm.h>
#include "pool.h"
#include "slot.h"

static u32 psw_pool_key(const struct psw_pool *pool, u32 slot)
{
	return READ_ONCE(pool->info[slot].wear) >> pool->shift;
}

/**
 * psw_pool_init() - make an empty pool
 * @pool: the pool
 * @info: the slots of the region
 * @wear_min: the least wear of any of them
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int psw_pool_init(struct psw_pool *pool, struct psw_slot_info *info, u32 wear_min)
{
	memset(pool, 0, sizeof(*pool));
	pool->info = info;
	pool->floor = wear_min;
	pool->bucket = kvcalloc(PSW_POOL_BUCKETS, sizeof(*pool->bucket),
				GFP_KERNEL);
	pool->spare = kvcalloc(PSW_POOL_BUCKETS, sizeof(*pool->spare),
			       GFP_KERNEL);
	if (pool->bucket && pool->spare)
		return 0;
	psw_pool_destroy(pool);
	return -ENOMEM;
}

void psw_pool_destroy(struct psw_pool *pool)
{
	kvfree(pool->bucket);
	kvfree(pool->spare);
	pool->bucket = NULL;
	pool->spare = NULL;
}

/* Append the slots @head to @tail, linked already, to bucket @index. */
static void psw_bucket_append(struct psw_pool *pool, struct psw_bucket *ring,
			      u32 index, u32 head, u32 tail)
{
	WRITE_ONCE(pool->info[tail].next, PSW_SLOT_NONE);
	if (__test_and_set_bit(index, pool->used))
		WRITE_ONCE(pool->info[ring[index].tail].next, head);
	else
		ring[index].head = head;
	ring[index].tail = tail;
}

/* Double the wear that a bucket spans. */
static void psw_pool_coarsen(struct psw_pool *pool)
{
	DECLARE_BITMAP(was_used, PSW_POOL_BUCKETS);
	u32 i;

	bitmap_copy(was_used, pool->used, PSW_POOL_BUCKETS);
	bitmap_zero(pool->used, PSW_POOL_BUCKETS);
	for (i = 0; i < PSW_POOL_BUCKETS; i++) {
		u32 key = pool->floor + i;
		const struct psw_bucket *old;

		if (!test_bit(key % PSW_POOL_BUCKETS, was_used))
			continue;
		old = &pool->bucket[key % PSW_POOL_BUCKETS];
		psw_bucket_append(pool, pool->spare,
				  (key / 2) % PSW_POOL_BUCKETS,
				  old->head, old->tail);
	}
	swap(pool->bucket, pool->spare);
	pool->floor /= 2;
	pool->shift++;
}

/**
 * psw_pool_put() - give a slot back
 * @pool: the pool
 * @slot: the slot; in no pool now
 *
 * Context: any; the caller serialises.
 */
void psw_pool_put(struct psw_pool *pool, u32 slot)
{
	while (psw_pool_key(pool, slot) - pool->floor >= PSW_POOL_BUCKETS)
		psw_pool_coarsen(pool);
	psw_bucket_append(pool, pool->bucket,
			  psw_pool_key(pool, slot) % PSW_POOL_BUCKETS, slot, slot);
	WRITE_ONCE(pool->slots_nr, pool->slots_nr + 1);
}

/* The first bucket in use, going round from the floor; the pool is not empty. */
static u32 psw_pool_first(const struct psw_pool *pool)
{
	u32 index = find_next_bit(pool->used, PSW_POOL_BUCKETS,
				  pool->floor % PSW_POOL_BUCKETS);

	return index < PSW_POOL_BUCKETS ? index :
	       find_first_bit(pool->used, PSW_POOL_BUCKETS);
}

/* The last bucket in use, going round from the floor; the pool is not empty. */
static u32 psw_pool_last(const struct psw_pool *pool)
{
	u32 start = pool->floor % PSW_POOL_BUCKETS;
	u32 index = find_last_bit(pool->used, start);

	return index < start ? index :
	       find_last_bit(pool->used, PSW_POOL_BUCKETS);
}

static u32 psw_bucket_pop(struct psw_pool *pool, u32 index)
{
	struct psw_bucket *bucket = &pool->bucket[index];
	u32 slot = bucket->head;

	bucket->head = READ_ONCE(pool->info[slot].next);
	if (bucket->head == PSW_SLOT_NONE)
		__clear_bit(index, pool->used);
	WRITE_ONCE(pool->slots_nr, pool->slots_nr - 1);
	return slot;
}

/**
 * psw_pool_take() - take a least-worn slot, of several the longest free
 * @pool: the pool
 *
 * Context: any; the caller serialises.
 * Return: the slot, or PSW_SLOT_NONE.
 */
u32 psw_pool_take(struct psw_pool *pool)
{
	return pool->slots_nr ? psw_bucket_pop(pool, psw_pool_first(pool)) :
			  PSW_SLOT_NONE;
}

/**
 * psw_pool_worst() - look at a most-worn slot, of several the longest free
 * @pool: the pool
 *
 * Context: any; the caller serialises.
 * Return: the slot, which stays in the pool, or PSW_SLOT_NONE.
 */
u32 psw_pool_worst(const struct psw_pool *pool)
{
	return pool->slots_nr ? pool->bucket[psw_pool_last(pool)].head :
			  PSW_SLOT_NONE;
}

/**
 * psw_pool_take_worst() - take the slot that psw_pool_worst() looks at
 * @pool: the pool
 *
 * Context: any; the caller serialises.
 * Return: the slot, or PSW_SLOT_NONE.
 */
u32 psw_pool_take_worst(struct psw_pool *pool)
{
	return pool->slots_nr ? psw_bucket_pop(pool, psw_pool_last(pool)) :
			  PSW_SLOT_NONE;
}

/**
 * psw_pool_raise_floor() - say that no slot is worn less than this any more
 * @pool: the pool
 * @wear_min: a lower bound of the wear of every slot of the region
 *
 * Context: any; the caller serialises.
 */
void psw_pool_raise_floor(struct psw_pool *pool, u32 wear_min)
{
	pool->floor = max(pool->floor, wear_min >> pool->shift);
}
