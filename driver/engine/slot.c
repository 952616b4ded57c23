// SPDX-License-Identifier: GPL-2.0
/*
 * slot.c - the slots of a region, and who may write to which
 *
 * Invariant: a slot that is not free has one owner, and only the owner writes to
 * it and to its struct. The caller of psw_slot_alloc() owns the slot until he
 * publishes it in the index. Whoever exchanges it out of the index owns it next,
 * and passes it to psw_slot_free() or psw_slot_retire().
 *
 * A slot that is free can be retired too. It stays in its list, which would be slow
 * to search. Whoever takes it from there drops it.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "mem.h"
#include "slot.h"
#include "store.h"

/**
 * psw_slots_init() - make the slots of a region, free and without wear
 * @slots: the slots
 * @slots_nr: number of slots; at least 1
 *
 * The caller fills in the wear and retires slots, then calls psw_slots_open().
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
	 * A batch is used up whole, however worn its slots are. So batches are
	 * small on small regions, and most free slots stay in the free list.
	 */
	slots->batch = clamp(slots_nr / (64 * num_possible_cpus()), 1u,
			     PSW_MAGAZINE_SLOTS);
	spin_lock_init(&slots->freelist_lock);
	atomic_set(&slots->bad_nr, 0);
	atomic_set(&slots->stale_nr, 0);

	slots->info = psw_vzalloc(array_size(slots_nr, sizeof(*slots->info)));
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
 * psw_slots_open() - add every slot that is not retired to the free list
 * @slots: the slots
 * @wear_min: a lower bound of their wear
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

/* Whether a slot, taken from its list, was retired there. It is dropped then. */
static bool psw_slot_drop_stale(struct psw_slots *slots, u32 slot)
{
	if (READ_ONCE(slots->info[slot].state) != PSW_SLOT_BAD)
		return false;
	atomic_dec(&slots->stale_nr);
	return true;
}

/*
 * Return the freed slots of a magazine to the free list. Retired ones do not go
 * there, as the floor of the list does not wait for them.
 */
static void psw_magazine_return(struct psw_slots *slots,
				struct psw_magazine *magazine)
{
	u32 slot;

	lockdep_assert_held(&slots->freelist_lock);
	while (magazine->freed_nr) {
		slot = magazine->freed[--magazine->freed_nr];
		if (!psw_slot_drop_stale(slots, slot))
			psw_freelist_add(&slots->freelist, slot);
	}
}

/* Count the slots that were taken; true if a notification is due. */
static bool psw_slots_take(struct psw_slots *slots, u32 taken)
{
	struct psw_notify *notify = &slots->notify;

	lockdep_assert_held(&slots->freelist_lock);
	WRITE_ONCE(slots->taken, slots->taken + taken);
	if (!notify->call || slots->taken < notify->at)
		return false;
	notify->at = slots->taken + notify->stride;
	return true;
}

/*
 * Take a batch of least-worn slots. The freed slots go back first, so that they
 * compete for being the least worn.
 */
static bool psw_magazine_refill(struct psw_slots *slots,
				struct psw_magazine *magazine)
{
	bool notify;
	u32 slot;

	spin_lock(&slots->freelist_lock);
	psw_magazine_return(slots, magazine);
	magazine->fresh_at = 0;
	while (magazine->fresh_nr < slots->batch) {
		slot = psw_freelist_take(&slots->freelist);
		if (slot == PSW_SLOT_NONE)
			break;
		if (!psw_slot_drop_stale(slots, slot))
			magazine->fresh[magazine->fresh_nr++] = slot;
	}
	notify = psw_slots_take(slots, magazine->fresh_nr);
	spin_unlock(&slots->freelist_lock);
	return notify;
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
 * The free list was empty. The last free slots are in the magazines of other
 * CPUs, or have just come back to the free list.
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

/* Own a slot that was taken from its list. False if it is retired instead. */
static bool psw_slot_claim(struct psw_slots *slots, u32 slot)
{
	if (cmpxchg(&slots->info[slot].state, PSW_SLOT_FREE, PSW_SLOT_USED) !=
	    PSW_SLOT_FREE) {
		atomic_dec(&slots->stale_nr);
		return false;
	}
	return !slots->refuse || !slots->refuse(slots->refuse_context, slot);
}

/* Take a least-worn slot from its list. */
static u32 psw_slot_take(struct psw_slots *slots)
{
	struct psw_magazine *magazine = raw_cpu_ptr(slots->magazine);
	bool notify = false;
	u32 slot;

	spin_lock(&magazine->lock);
	if (!magazine->fresh_nr)
		notify = psw_magazine_refill(slots, magazine);
	slot = psw_magazine_pop(magazine);
	spin_unlock(&magazine->lock);

	if (notify)
		slots->notify.call(slots->notify.context);
	if (slot == PSW_SLOT_NONE)
		slot = psw_magazines_steal(slots);
	return slot;
}

/**
 * psw_slot_alloc() - take a least-worn free slot
 * @slots: the slots
 *
 * Context: any but interrupt handlers; inside psw_pmem_enter(). May call the
 *	notify function.
 * Return: the slot, which the caller owns, or PSW_SLOT_NONE.
 */
u32 psw_slot_alloc(struct psw_slots *slots)
{
	u32 slot;

	do {
		slot = psw_slot_take(slots);
	} while (slot != PSW_SLOT_NONE && !psw_slot_claim(slots, slot));
	return slot;
}

/*
 * Find a most-worn slot in the free list. A slot that was retired there may be below the
 * floor by now, which makes it look most worn. It is dropped.
 */
static u32 psw_slots_find_most_worn(struct psw_slots *slots)
{
	u32 slot;

	lockdep_assert_held(&slots->freelist_lock);
	for (;;) {
		slot = psw_freelist_most_worn(&slots->freelist);
		if (slot == PSW_SLOT_NONE || !psw_slot_drop_stale(slots, slot))
			return slot;
		psw_freelist_take_most_worn(&slots->freelist);
	}
}

/**
 * psw_slots_most_worn() - the wear of a most-worn slot in the free list
 * @slots: the slots
 *
 * Context: any but interrupt handlers.
 * Return: its wear in page writes, or 0 if the free list is empty.
 */
u32 psw_slots_most_worn(struct psw_slots *slots)
{
	u32 slot, wear = 0;

	spin_lock(&slots->freelist_lock);
	slot = psw_slots_find_most_worn(slots);
	if (slot != PSW_SLOT_NONE)
		wear = READ_ONCE(slots->info[slot].wear);
	spin_unlock(&slots->freelist_lock);
	return wear;
}

/* Take a most-worn slot from the free list, if it is worn enough. */
static u32 psw_slot_take_most_worn(struct psw_slots *slots, u32 wear_min)
{
	u32 slot;

	spin_lock(&slots->freelist_lock);
	slot = psw_slots_find_most_worn(slots);
	if (slot != PSW_SLOT_NONE && READ_ONCE(slots->info[slot].wear) >= wear_min)
		slot = psw_freelist_take_most_worn(&slots->freelist);
	else
		slot = PSW_SLOT_NONE;
	spin_unlock(&slots->freelist_lock);
	return slot;
}

/**
 * psw_slot_alloc_most_worn() - take a most-worn free slot
 * @slots: the slots
 * @wear_min: the wear it must have at least, in page writes
 *
 * Context: any but interrupt handlers; inside psw_pmem_enter().
 * Return: the slot, which the caller owns, or PSW_SLOT_NONE.
 */
u32 psw_slot_alloc_most_worn(struct psw_slots *slots, u32 wear_min)
{
	u32 slot;

	do {
		slot = psw_slot_take_most_worn(slots, wear_min);
	} while (slot != PSW_SLOT_NONE && !psw_slot_claim(slots, slot));
	return slot;
}

/**
 * psw_slot_retire() - mark a slot as bad, so that it is never used again
 * @slots: the slots
 * @slot: the slot; the caller owns it
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

/* Put a slot of state FREE on its way back to the free list. */
static void psw_slot_put_back(struct psw_slots *slots, u32 slot)
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
 * @slot: the slot; the caller owns it
 *
 * If the slot is held, psw_slot_release() gives it back. Until then the slot cannot
 * be written for another page. A doomed slot is retired.
 *
 * Context: any but interrupt handlers; interrupts may be off.
 */
void psw_slot_free(struct psw_slots *slots, u32 slot)
{
	u8 *state = &slots->info[slot].state;
	u8 seen = READ_ONCE(*state);
	u8 old;

	/* Others may hold, release or doom the slot at the same time. */
	while (seen != PSW_SLOT_DOOMED) {
		old = cmpxchg(state, seen, seen == PSW_SLOT_HELD ? PSW_SLOT_LEFT :
			      PSW_SLOT_FREE);
		if (old == seen)
			break;
		seen = old;
	}
	if (seen == PSW_SLOT_DOOMED)
		psw_slot_retire(slots, slot);
	else if (seen != PSW_SLOT_HELD)
		psw_slot_put_back(slots, slot);
}

/**
 * psw_slot_hold() - keep a slot from being written for another page
 * @slots: the slots
 * @slot: any slot
 *
 * A move and the verdict of a load use it. The caller is not preempted until
 * psw_slot_release(), as a load waits for that without sleeping (load.c).
 *
 * A doomed slot keeps its state, as it is never written for another page. So several
 * callers may hold it at the same time. Nobody waits for a doomed slot: the sweep
 * waits for a grace period meanwhile, and so for each load.
 *
 * Context: any. If the answer is true, all memory accesses that follow are ordered
 *	after it, and psw_slot_release() must be called.
 * Return: false if the slot is not used, or is held already.
 */
bool psw_slot_hold(struct psw_slots *slots, u32 slot)
{
	u8 seen;

	preempt_disable();
	seen = cmpxchg(&slots->info[slot].state, PSW_SLOT_USED, PSW_SLOT_HELD);
	/* A cmpxchg() that fails does not order anything. */
	smp_mb();
	if (seen == PSW_SLOT_USED || seen == PSW_SLOT_DOOMED)
		return true;
	preempt_enable();
	return false;
}

/**
 * psw_slot_release() - undo psw_slot_hold()
 * @slots: the slots
 * @slot: the slot
 * @moved: the page is elsewhere now, so the caller owns the slot and frees it
 *
 * Context: any but interrupt handlers.
 */
void psw_slot_release(struct psw_slots *slots, u32 slot, bool moved)
{
	u8 state = cmpxchg(&slots->info[slot].state, PSW_SLOT_HELD,
			   PSW_SLOT_USED);

	if (state == PSW_SLOT_LEFT)
		/* What we read of the page, before the slot may be doomed or taken. */
		smp_store_release(&slots->info[slot].state, PSW_SLOT_FREE);
	preempt_enable();
	if (moved)
		psw_slot_free(slots, slot);
	else if (state == PSW_SLOT_LEFT)
		psw_slot_put_back(slots, slot);
}

/**
 * psw_slot_doom() - retire a slot that we do not own, as soon as nobody does
 * @slots: the slots
 * @slot: any slot
 *
 * A free slot is retired at once. One that is used is retired when it is freed.
 *
 * Context: any; waits while the slot is held.
 * Return: true if the slot was free, and is retired now.
 */
bool psw_slot_doom(struct psw_slots *slots, u32 slot)
{
	u8 *state = &slots->info[slot].state;

	for (;;) {
		u8 seen = READ_ONCE(*state);

		if (seen == PSW_SLOT_FREE &&
		    cmpxchg(state, PSW_SLOT_FREE, PSW_SLOT_BAD) == PSW_SLOT_FREE) {
			atomic_inc(&slots->bad_nr);
			atomic_inc(&slots->stale_nr);
			return true;
		}
		if (seen == PSW_SLOT_BAD || seen == PSW_SLOT_DOOMED ||
		    (seen == PSW_SLOT_USED &&
		     cmpxchg(state, PSW_SLOT_USED, PSW_SLOT_DOOMED) == PSW_SLOT_USED))
			return false;
		cpu_relax();
	}
}

/**
 * psw_slots_free_nr() - count the free slots
 * @slots: the slots
 *
 * Context: any but interrupt handlers.
 * Return: how many; exact when nothing else runs.
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
	return free_nr - min_t(u32, free_nr, max(atomic_read(&slots->stale_nr), 0));
}

/**
 * psw_slots_scan() - pass over all slots once, and see how worn they are
 * @slots: the slots
 * @wear: filled in; all zero if every slot is retired
 * @top: a wear in page writes
 * @lags: counts the used slots by how far their wear is below @top; the last
 *	counter includes all greater lags
 * @lags_nr: number of counters, or 0
 *
 * Context: may sleep. Stores may run at the same time.
 */
void psw_slots_scan(const struct psw_slots *slots, struct psw_wear *wear,
		    u32 top, u32 *lags, u32 lags_nr)
{
	u32 slot;

	memset(wear, 0, sizeof(*wear));
	if (lags_nr)
		memset(lags, 0, lags_nr * sizeof(*lags));
	wear->min = U32_MAX;
	for (slot = 0; slot < slots->slots_nr; slot++) {
		u8 state = READ_ONCE(slots->info[slot].state);
		u32 writes = READ_ONCE(slots->info[slot].wear);

		if (!(slot % 4096))
			cond_resched();
		if (state == PSW_SLOT_BAD)
			continue;
		wear->min = min(wear->min, writes);
		wear->max = max(wear->max, writes);
		wear->sum += writes;
		wear->slots_nr++;
		if (lags_nr && state == PSW_SLOT_USED && writes <= top)
			lags[min(top - writes, lags_nr - 1)]++;
	}
	if (!wear->slots_nr)
		wear->min = 0;
}

/**
 * psw_slots_raise_floor() - tell the free list that no slot is worn less
 * @slots: the slots
 * @wear_min: a lower bound of the wear of all slots, in page writes
 *
 * Context: any but interrupt handlers.
 */
void psw_slots_raise_floor(struct psw_slots *slots, u32 wear_min)
{
	spin_lock(&slots->freelist_lock);
	psw_freelist_raise_floor(&slots->freelist, wear_min);
	spin_unlock(&slots->freelist_lock);
}
