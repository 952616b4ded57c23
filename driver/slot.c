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
 * @slots_nr: how many; at least 1
 *
 * The caller fills in wear and retired slots, then calls psw_slots_open().
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int psw_slots_init(struct psw_slots *slots, u32 slots_nr)
{
	int cpu;

	memset(slots, 0, sizeof(*slots));
	slots->slots_nr = slots_nr;
	/*
	 * However small the region, most free slots stay in the free list: of those in
	 * one batch each gets a store, though it may be far less worn than others.
	 */
	slots->batch = clamp(slots_nr / (64 * num_possible_cpus()), 1u,
			     PSW_MAGAZINE_SLOTS);
	spin_lock_init(&slots->freelist_lock);
	atomic_set(&slots->bad_nr, 0);

	slots->info = vzalloc(array_size(slots_nr, sizeof(*slots->info)));
	if (!slots->info)
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
 * psw_slots_open() - put every slot that is not retired into the free list
 * @slots: the slots
 * @wear_min: the least wear of any of them
 *
 * Context: may sleep; before anything else uses @slots.
 * Return: 0 or -ENOMEM.
 */
int psw_slots_open(struct psw_slots *slots, u32 wear_min)
{
	u32 slot;
	int err;

	err = psw_freelist_init(&slots->freelist, slots->info, wear_min);
	if (err)
		return err;

	for (slot = 0; slot < slots->slots_nr; slot++) {
		if (slots->info[slot].state != PSW_SLOT_BAD)
			psw_freelist_add(&slots->freelist, slot);
		cond_resched();
	}
	return 0;
}

void psw_slots_destroy(struct psw_slots *slots)
{
	psw_freelist_destroy(&slots->freelist);
	free_percpu(slots->magazine);
	vfree(slots->info);
	slots->magazine = NULL;
	slots->info = NULL;
}

/* Give what was freed back to the free list. */
static void psw_magazine_return(struct psw_slots *slots,
				struct psw_magazine *magazine)
{
	lockdep_assert_held(&slots->freelist_lock);
	while (magazine->freed_nr)
		psw_freelist_add(&slots->freelist, magazine->freed[--magazine->freed_nr]);
}

/* Freed slots go back first, so that they compete for being the least worn. */
static void psw_magazine_refill(struct psw_slots *slots,
				struct psw_magazine *magazine)
{
	u32 slot;

	spin_lock(&slots->freelist_lock);
	psw_magazine_return(slots, magazine);
	magazine->fresh_at = 0;
	while (magazine->fresh_nr < slots->batch) {
		slot = psw_freelist_take(&slots->freelist);
		if (slot == PSW_SLOT_NONE)
			break;
		magazine->fresh[magazine->fresh_nr++] = slot;
	}
	WRITE_ONCE(slots->taken, slots->taken + magazine->fresh_nr);
	spin_unlock(&slots->freelist_lock);
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
 * The free list was dry: the last free slots are in the magazines of other CPUs, or
 * have come back to the free list just now.
 */
static u32 psw_magazines_steal(struct psw_slots *slots)
{
	u32 slot;
	int cpu;

	spin_lock(&slots->freelist_lock);
	slot = psw_freelist_take(&slots->freelist);
	spin_unlock(&slots->freelist_lock);

	for_each_possible_cpu(cpu) {
		struct psw_magazine *magazine = per_cpu_ptr(slots->magazine, cpu);

		if (slot != PSW_SLOT_NONE)
			break;
		spin_lock(&magazine->lock);
		slot = psw_magazine_pop(magazine);
		spin_unlock(&magazine->lock);
	}
	return slot;
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
	u32 slot;

	spin_lock(&magazine->lock);
	if (!magazine->fresh_nr)
		psw_magazine_refill(slots, magazine);
	slot = psw_magazine_pop(magazine);
	spin_unlock(&magazine->lock);

	if (slot == PSW_SLOT_NONE)
		slot = psw_magazines_steal(slots);
	if (slot != PSW_SLOT_NONE)
		WRITE_ONCE(slots->info[slot].state, PSW_SLOT_USED);
	return slot;
}

/**
 * psw_slots_worn() - the wear of a most-worn slot of the free list
 * @slots: the slots
 *
 * Context: any but interrupt handlers.
 * Return: its wear, or 0 if the free list is empty.
 */
u32 psw_slots_worn(struct psw_slots *slots)
{
	u32 slot, wear = 0;

	spin_lock(&slots->freelist_lock);
	slot = psw_freelist_most_worn(&slots->freelist);
	if (slot != PSW_SLOT_NONE)
		wear = READ_ONCE(slots->info[slot].wear);
	spin_unlock(&slots->freelist_lock);
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
	u32 slot;

	spin_lock(&slots->freelist_lock);
	slot = psw_freelist_most_worn(&slots->freelist);
	if (slot != PSW_SLOT_NONE && READ_ONCE(slots->info[slot].wear) >= wear_min)
		slot = psw_freelist_take_most_worn(&slots->freelist);
	else
		slot = PSW_SLOT_NONE;
	spin_unlock(&slots->freelist_lock);

	if (slot != PSW_SLOT_NONE)
		WRITE_ONCE(slots->info[slot].state, PSW_SLOT_USED);
	return slot;
}

/* Leave a slot that is FREE for the free list. */
static void psw_slot_release(struct psw_slots *slots, u32 slot)
{
	struct psw_magazine *magazine = raw_cpu_ptr(slots->magazine);

	spin_lock(&magazine->lock);
	magazine->freed[magazine->freed_nr++] = slot;
	if (magazine->freed_nr >= slots->batch) {
		spin_lock(&slots->freelist_lock);
		psw_magazine_return(slots, magazine);
		spin_unlock(&slots->freelist_lock);
	}
	spin_unlock(&magazine->lock);
}

/**
 * psw_slot_free() - give a slot back
 * @slots: the slots
 * @slot: the slot; the caller's
 *
 * A slot that the mover is reading goes back when the mover is done with it:
 * until then it cannot be written for another page.
 *
 * Context: any but interrupt handlers; interrupts may be off.
 */
void psw_slot_free(struct psw_slots *slots, u32 slot)
{
	if (xchg(&slots->info[slot].state, PSW_SLOT_FREE) != PSW_SLOT_MOVING)
		psw_slot_release(slots, slot);
}

/**
 * psw_slot_move_begin() - keep a slot from being written anew
 * @slots: the slots
 * @slot: any slot
 *
 * Context: any; psw_slot_move_end() is due.
 * Return: false if it is not in use, or is being moved.
 */
bool psw_slot_move_begin(struct psw_slots *slots, u32 slot)
{
	return cmpxchg(&slots->info[slot].state, PSW_SLOT_USED,
		       PSW_SLOT_MOVING) == PSW_SLOT_USED;
}

/**
 * psw_slot_move_end() - undo psw_slot_move_begin()
 * @slots: the slots
 * @slot: the slot
 * @moved: the page is elsewhere now, and the slot the caller's to free
 *
 * Context: any but interrupt handlers.
 */
void psw_slot_move_end(struct psw_slots *slots, u32 slot, bool moved)
{
	u8 state = cmpxchg(&slots->info[slot].state, PSW_SLOT_MOVING,
			   PSW_SLOT_USED);

	if (moved)
		psw_slot_free(slots, slot);
	else if (state == PSW_SLOT_FREE)
		psw_slot_release(slots, slot);
}

/**
 * psw_slot_retire() - never use a slot again
 * @slots: the slots
 * @slot: the slot; the caller's
 *
 * Context: any.
 * Return: false if it was retired already.
 */
bool psw_slot_retire(struct psw_slots *slots, u32 slot)
{
	if (xchg(&slots->info[slot].state, PSW_SLOT_BAD) == PSW_SLOT_BAD)
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
	u32 free_nr = READ_ONCE(slots->freelist.slots_nr);
	int cpu;

	for_each_possible_cpu(cpu) {
		struct psw_magazine *magazine = per_cpu_ptr(slots->magazine, cpu);

		spin_lock(&magazine->lock);
		free_nr += magazine->fresh_nr + magazine->freed_nr;
		spin_unlock(&magazine->lock);
	}
	return free_nr;
}

/**
 * psw_slots_wear() - add up the wear
 * @slots: the slots
 * @wear: filled in; all zero if every slot is retired
 *
 * Also tells the free list how far the least wear has come.
 *
 * Context: may sleep; walks all slots.
 */
void psw_slots_wear(struct psw_slots *slots, struct psw_wear *wear)
{
	u32 slot;

	memset(wear, 0, sizeof(*wear));
	wear->min = ~0u;
	for (slot = 0; slot < slots->slots_nr; slot++) {
		u32 writes = READ_ONCE(slots->info[slot].wear);

		if (!(slot % 4096))
			cond_resched();
		if (READ_ONCE(slots->info[slot].state) == PSW_SLOT_BAD)
			continue;
		wear->min = min(wear->min, writes);
		wear->max = max(wear->max, writes);
		wear->sum += writes;
		wear->slots++;
	}
	if (!wear->slots)
		wear->min = 0;

	spin_lock(&slots->freelist_lock);
	psw_freelist_raise_floor(&slots->freelist, wear->min);
	spin_unlock(&slots->freelist_lock);
}
