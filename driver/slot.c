// SPDX-License-Identifier: GPL-2.0
/*
 * slot.c - the slots of a region and who may write to which
 *
 * A slot belongs to whoever got it from psw_slot_alloc(), until he passes it on
 * by publishing it in the index; whoever takes it out of the index gives it to
 * psw_slot_free() or psw_slot_retire(). So a slot always has one owner, and
 * only the owner writes to its struct and to its place on the medium.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "slot.h"

/**
 * psw_slots_init() - make the slots of a region, of no wear and free
 * @slots: the slots
 * @nr: how many; at least 1
 *
 * The caller fills in wear and retired slots, then calls psw_slots_open().
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int psw_slots_init(struct psw_slots *slots, u32 nr)
{
	int cpu;

	memset(slots, 0, sizeof(*slots));
	slots->nr = nr;
	/*
	 * However small the region, most free slots stay in the pool: of those in
	 * one batch each gets a store, though it may be far less worn than others.
	 */
	slots->batch = clamp(nr / (64 * num_possible_cpus()), 1u,
			     PSW_MAGAZINE_SLOTS);
	spin_lock_init(&slots->pool_lock);
	atomic_set(&slots->bad_nr, 0);

	slots->slot = vzalloc(array_size(nr, sizeof(*slots->slot)));
	if (!slots->slot)
		return -ENOMEM;
	slots->magazine = alloc_percpu(struct psw_magazine);
	if (!slots->magazine) {
		psw_slots_destroy(slots);
		return -ENOMEM;
	}
	for_each_possible_cpu(cpu)
		spin_lock_init(&per_cpu_ptr(slots->magazine, cpu)->lock);
	return 0;
}

/**
 * psw_slots_open() - put every slot that is not retired into the pool
 * @slots: the slots
 * @wear_min: the least wear of any of them
 *
 * Context: may sleep; before anything else uses @slots.
 * Return: 0 or -ENOMEM.
 */
int psw_slots_open(struct psw_slots *slots, u32 wear_min)
{
	u32 nr;
	int err;

	err = psw_pool_init(&slots->pool, slots->slot, wear_min);
	if (err)
		return err;

	for (nr = 0; nr < slots->nr; nr++) {
		if (slots->slot[nr].state != PSW_SLOT_BAD)
			psw_pool_put(&slots->pool, nr);
		cond_resched();
	}
	return 0;
}

void psw_slots_destroy(struct psw_slots *slots)
{
	psw_pool_destroy(&slots->pool);
	free_percpu(slots->magazine);
	vfree(slots->slot);
	slots->magazine = NULL;
	slots->slot = NULL;
}

/* Give what was freed back to the pool. */
static void psw_magazine_return(struct psw_slots *slots,
				struct psw_magazine *magazine)
{
	lockdep_assert_held(&slots->pool_lock);
	while (magazine->freed_nr)
		psw_pool_put(&slots->pool, magazine->freed[--magazine->freed_nr]);
}

/* Freed slots go back first, so that they compete for being the least worn. */
static void psw_magazine_refill(struct psw_slots *slots,
				struct psw_magazine *magazine)
{
	u32 nr;

	spin_lock(&slots->pool_lock);
	psw_magazine_return(slots, magazine);
	magazine->fresh_at = 0;
	while (magazine->fresh_nr < slots->batch) {
		nr = psw_pool_take(&slots->pool);
		if (nr == PSW_SLOT_NONE)
			break;
		magazine->fresh[magazine->fresh_nr++] = nr;
	}
	WRITE_ONCE(slots->taken, slots->taken + magazine->fresh_nr);
	spin_unlock(&slots->pool_lock);
}

static u32 psw_magazine_pop(struct psw_magazine *magazine)
{
	if (magazine->fresh_nr) {
		magazine->fresh_nr--;
		return magazine->fresh[magazine->fresh_at++];
	}
	if (magazine->freed_nr)
		return magazine->freed[--magazine->freed_nr];
	return PSW_SLOT_NONE;
}

/*
 * The pool was dry: the last free slots are in the magazines of other CPUs, or
 * have come back to the pool just now.
 */
static u32 psw_magazines_steal(struct psw_slots *slots)
{
	u32 nr;
	int cpu;

	spin_lock(&slots->pool_lock);
	nr = psw_pool_take(&slots->pool);
	spin_unlock(&slots->pool_lock);

	for_each_possible_cpu(cpu) {
		struct psw_magazine *magazine = per_cpu_ptr(slots->magazine, cpu);

		if (nr != PSW_SLOT_NONE)
			break;
		spin_lock(&magazine->lock);
		nr = psw_magazine_pop(magazine);
		spin_unlock(&magazine->lock);
	}
	return nr;
}

/**
 * psw_slot_alloc() - take a least-worn free slot
 * @slots: the slots
 *
 * Context: any but interrupt handlers.
 * Return: the slot, now of state USED and the caller's, or PSW_SLOT_NONE.
 */
u32 psw_slot_alloc(struct psw_slots *slots)
{
	struct psw_magazine *magazine = raw_cpu_ptr(slots->magazine);
	u32 nr;

	spin_lock(&magazine->lock);
	if (!magazine->fresh_nr)
		psw_magazine_refill(slots, magazine);
	nr = psw_magazine_pop(magazine);
	spin_unlock(&magazine->lock);

	if (nr == PSW_SLOT_NONE)
		nr = psw_magazines_steal(slots);
	if (nr != PSW_SLOT_NONE)
		WRITE_ONCE(slots->slot[nr].state, PSW_SLOT_USED);
	return nr;
}

/**
 * psw_slots_worn() - the wear of a most-worn slot of the pool
 * @slots: the slots
 *
 * Context: any but interrupt handlers.
 * Return: its wear, or 0 if the pool is empty.
 */
u32 psw_slots_worn(struct psw_slots *slots)
{
	u32 nr, wear = 0;

	spin_lock(&slots->pool_lock);
	nr = psw_pool_worst(&slots->pool);
	if (nr != PSW_SLOT_NONE)
		wear = READ_ONCE(slots->slot[nr].wear);
	spin_unlock(&slots->pool_lock);
	return wear;
}

/**
 * psw_slot_alloc_worn() - take a most-worn free slot
 * @slots: the slots
 * @wear_min: how worn it has to be at least
 *
 * Context: any but interrupt handlers.
 * Return: the slot, now of state USED and the caller's, or PSW_SLOT_NONE.
 */
u32 psw_slot_alloc_worn(struct psw_slots *slots, u32 wear_min)
{
	u32 nr;

	spin_lock(&slots->pool_lock);
	nr = psw_pool_worst(&slots->pool);
	if (nr != PSW_SLOT_NONE && READ_ONCE(slots->slot[nr].wear) >= wear_min)
		nr = psw_pool_take_worst(&slots->pool);
	else
		nr = PSW_SLOT_NONE;
	spin_unlock(&slots->pool_lock);

	if (nr != PSW_SLOT_NONE)
		WRITE_ONCE(slots->slot[nr].state, PSW_SLOT_USED);
	return nr;
}

/* Leave a slot that is FREE for the pool. */
static void psw_slot_release(struct psw_slots *slots, u32 nr)
{
	struct psw_magazine *magazine = raw_cpu_ptr(slots->magazine);

	spin_lock(&magazine->lock);
	magazine->freed[magazine->freed_nr++] = nr;
	if (magazine->freed_nr >= slots->batch) {
		spin_lock(&slots->pool_lock);
		psw_magazine_return(slots, magazine);
		spin_unlock(&slots->pool_lock);
	}
	spin_unlock(&magazine->lock);
}

/**
 * psw_slot_free() - give a slot back
 * @slots: the slots
 * @nr: the slot; the caller's
 *
 * A slot that the mover is reading goes back when the mover is done with it:
 * until then it cannot be written for another page.
 *
 * Context: any but interrupt handlers; interrupts may be off.
 */
void psw_slot_free(struct psw_slots *slots, u32 nr)
{
	if (xchg(&slots->slot[nr].state, PSW_SLOT_FREE) != PSW_SLOT_MOVING)
		psw_slot_release(slots, nr);
}

/**
 * psw_slot_move_begin() - keep a slot from being written anew
 * @slots: the slots
 * @nr: any slot
 *
 * Context: any; psw_slot_move_end() is due.
 * Return: false if it is not in use, or is being moved.
 */
bool psw_slot_move_begin(struct psw_slots *slots, u32 nr)
{
	return cmpxchg(&slots->slot[nr].state, PSW_SLOT_USED,
		       PSW_SLOT_MOVING) == PSW_SLOT_USED;
}

/**
 * psw_slot_move_end() - undo psw_slot_move_begin()
 * @slots: the slots
 * @nr: the slot
 * @moved: the page is elsewhere now, and the slot the caller's to free
 *
 * Context: any but interrupt handlers.
 */
void psw_slot_move_end(struct psw_slots *slots, u32 nr, bool moved)
{
	u8 state = cmpxchg(&slots->slot[nr].state, PSW_SLOT_MOVING,
			   PSW_SLOT_USED);

	if (moved)
		psw_slot_free(slots, nr);
	else if (state == PSW_SLOT_FREE)
		psw_slot_release(slots, nr);
}

/**
 * psw_slot_retire() - never use a slot again
 * @slots: the slots
 * @nr: the slot; the caller's
 *
 * Context: any.
 * Return: false if it was retired already.
 */
bool psw_slot_retire(struct psw_slots *slots, u32 nr)
{
	if (xchg(&slots->slot[nr].state, PSW_SLOT_BAD) == PSW_SLOT_BAD)
		return false;
	atomic_inc(&slots->bad_nr);
	return true;
}

/**
 * psw_slots_free_nr() - count the free slots
 * @slots: the slots
 *
 * Context: any but interrupt handlers.
 * Return: how many there are; exact when nothing else runs.
 */
u32 psw_slots_free_nr(struct psw_slots *slots)
{
	u32 nr = READ_ONCE(slots->pool.nr);
	int cpu;

	for_each_possible_cpu(cpu) {
		struct psw_magazine *magazine = per_cpu_ptr(slots->magazine, cpu);

		spin_lock(&magazine->lock);
		nr += magazine->fresh_nr + magazine->freed_nr;
		spin_unlock(&magazine->lock);
	}
	return nr;
}

/**
 * psw_slots_wear() - add up the wear
 * @slots: the slots
 * @wear: filled in; all zero if every slot is retired
 *
 * Also tells the pool how far the least wear has come.
 *
 * Context: may sleep; walks all slots.
 */
void psw_slots_wear(struct psw_slots *slots, struct psw_wear *wear)
{
	u32 nr;

	memset(wear, 0, sizeof(*wear));
	wear->min = ~0u;
	for (nr = 0; nr < slots->nr; nr++) {
		u32 writes = READ_ONCE(slots->slot[nr].wear);

		if (!(nr % 4096))
			cond_resched();
		if (READ_ONCE(slots->slot[nr].state) == PSW_SLOT_BAD)
			continue;
		wear->min = min(wear->min, writes);
		wear->max = max(wear->max, writes);
		wear->sum += writes;
		wear->slots++;
	}
	if (!wear->slots)
		wear->min = 0;

	spin_lock(&slots->pool_lock);
	psw_pool_raise_floor(&slots->pool, wear->min);
	spin_unlock(&slots->pool_lock);
}
