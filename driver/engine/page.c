// SPDX-License-Identifier: GPL-2.0
/*
 * page.c - store and invalidate a page
 *
 * Invariant: a page is where its index entry says, and every change of an entry is
 * one atomic exchange. Whoever exchanges a slot out of the index owns and frees it.
 * So each slot is freed exactly once, and of several stores and invalidates of one
 * page at the same time, the last exchange decides.
 */
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include "io.h"
#include "region.h"
#include "trace.h"

/* Free what an entry, exchanged out of the index, stood for. */
static void psw_entry_drop(struct psw_region *region, u32 entry)
{
	if (psw_entry_is_slot(entry))
		psw_slot_free(&region->slots, psw_entry_slot(entry));
	else if (entry == PSW_ENTRY_LOST)
		psw_region_count(region, PSW_STAT_PAGES_LOST, -1);
}

/* What a tracepoint says of an entry: its slot, or -1. */
static int psw_entry_trace(u32 entry)
{
	return psw_entry_is_slot(entry) ? (int)psw_entry_slot(entry) : -1;
}

/* Make @new the place of a page; free its old place. */
static void psw_entry_publish(struct psw_area *area, u32 *entry, u32 new)
{
	u32 old = xchg(entry, new);

	psw_region_count(area->region, PSW_STAT_PAGES,
			 (new != PSW_ENTRY_EMPTY) - (old != PSW_ENTRY_EMPTY));
	psw_entry_drop(area->region, old);
}

/* A slot for the page at @entry: if none is free, the one that it has. */
static u32 psw_slot_for(struct psw_area *area, u32 *entry)
{
	struct psw_slots *slots = &area->region->slots;
	u32 slot = psw_slot_alloc(slots);

	if (slot == PSW_SLOT_NONE && READ_ONCE(*entry) != PSW_ENTRY_EMPTY) {
		psw_entry_publish(area, entry, PSW_ENTRY_EMPTY);
		slot = psw_slot_alloc(slots);
	}
	return slot;
}

/**
 * psw_reject() - count and trace a store that is rejected
 * @area: the swap area
 * @offset: which page of it
 * @reason: which PSW_STAT_REJECT_* to count
 * @error: a negative error
 *
 * Context: any.
 * Return: @error.
 */
int psw_reject(struct psw_area *area, pgoff_t offset, enum psw_stat reason,
	       int error)
{
	psw_region_count(area->region, reason, 1);
	trace_pmemswap_reject(area->region->options.name, area->number, offset,
			      error);
	return error;
}

static int psw_store_page(struct psw_area *area, pgoff_t offset,
			  const void *src, gfp_t gfp)
{
	struct psw_region *region = area->region;
	u32 *entry = psw_index_make(area, offset, &region->spares, gfp);
	u32 slot, new = PSW_ENTRY_ZERO;

	if (!entry)
		return psw_reject(area, offset, PSW_STAT_REJECT_MEMORY, -ENOMEM);

	if (region->options.zero_pages && psw_page_is_zero(src)) {
		psw_region_count(region, PSW_STAT_ZERO_PAGES, 1);
	} else {
		slot = psw_slot_for(area, entry);
		if (slot == PSW_SLOT_NONE)
			return psw_reject(area, offset, PSW_STAT_REJECT_FULL,
					  -ENOSPC);
		psw_slot_write(area, offset, slot, src);
		new = psw_entry_of_slot(slot);
	}
	psw_entry_publish(area, entry, new);
	psw_region_count(region, PSW_STAT_STORES, 1);
	trace_pmemswap_store(region->options.name, area->number, offset,
			     psw_entry_trace(new));
	return 0;
}

static int psw_store_locked(struct psw_area *area, pgoff_t offset,
			    const void *src, gfp_t gfp)
{
	struct psw_region *region = area->region;
	int cookie;
	int err;

	if (READ_ONCE(region->closing))
		return psw_reject(area, offset, PSW_STAT_REJECT_CLOSING, -ENODEV);
	if (area != region->disk && READ_ONCE(region->promised))
		return psw_reject(area, offset, PSW_STAT_REJECT_FULL, -ENOSPC);
	if (!psw_pmem_enter(region->pmem, &cookie)) {
		psw_region_mark_dead(region);
		return psw_reject(area, offset, PSW_STAT_REJECT_CLOSING, -ENODEV);
	}
	err = psw_store_page(area, offset, src, gfp);
	psw_pmem_exit(cookie);
	return err;
}

/**
 * psw_store() - store a page
 * @area: the swap area
 * @offset: which page of it
 * @src: 4096 bytes, aligned to 8
 * @gfp: allocation flags for the index; must not sleep
 *
 * The old page at @offset is gone afterwards, even if the store is rejected.
 *
 * Context: any but interrupt handlers.
 * Return: 0, or why the store is rejected: -ENOSPC if no slot is free or all are
 *	promised to the disk, -ENOMEM without memory for the index, -EFBIG beyond
 *	the index, -ENODEV if the region is closing or the device was removed.
 */
int psw_store(struct psw_area *area, pgoff_t offset, const void *src, gfp_t gfp)
{
	int err;

	if (offset >= PSW_AREA_PAGES_MAX)
		return psw_reject(area, offset, PSW_STAT_REJECT_RANGE, -EFBIG);

	rcu_read_lock();
	err = psw_store_locked(area, offset, src, gfp);
	rcu_read_unlock();

	if (err)
		psw_invalidate_page(area, offset);
	return err;
}

/**
 * psw_invalidate_page() - drop a page, if it is there
 * @area: the swap area
 * @offset: which page of it
 *
 * Context: any but interrupt handlers; spinlocks may be held and interrupts
 *	off. Does not sleep, allocate or touch the medium.
 */
void psw_invalidate_page(struct psw_area *area, pgoff_t offset)
{
	struct psw_region *region = area->region;
	u32 old = PSW_ENTRY_EMPTY;
	u32 *entry;

	rcu_read_lock();
	entry = psw_index_find(area, offset);
	if (entry && READ_ONCE(*entry) != PSW_ENTRY_EMPTY)
		old = xchg(entry, PSW_ENTRY_EMPTY);
	if (old != PSW_ENTRY_EMPTY) {
		psw_entry_drop(region, old);
		psw_region_count(region, PSW_STAT_PAGES, -1);
		psw_region_count(region, PSW_STAT_INVALIDATES, 1);
		trace_pmemswap_invalidate(region->options.name, area->number,
					  offset, psw_entry_trace(old));
	}
	rcu_read_unlock();
}

/* Drop all pages of a node that nobody else can reach any more. */
static void psw_node_drop(struct psw_area *area, struct psw_node *node)
{
	u64 dropped = 0;
	unsigned int i, j;

	for (i = 0; i < PSW_NODE_LEAVES; i++) {
		struct psw_leaf *leaf = node->leaf[i];

		for (j = 0; leaf && j < PSW_LEAF_ENTRIES; j++) {
			dropped += leaf->entry[j] != PSW_ENTRY_EMPTY;
			psw_entry_drop(area->region, leaf->entry[j]);
		}
		cond_resched();
	}
	psw_region_count(area->region, PSW_STAT_PAGES, -(s64)dropped);
	psw_region_count(area->region, PSW_STAT_INVALIDATES, dropped);
	psw_index_free(node);
}

/**
 * psw_invalidate_area() - drop all pages of a swap area, and its index
 * @area: the swap area; it may be used again
 *
 * A store that runs at the same time counts as one before it.
 *
 * Context: may sleep.
 */
void psw_invalidate_area(struct psw_area *area)
{
	struct psw_node *nodes[32];
	unsigned int found, i;
	u32 next = 0;

	do {
		found = psw_index_unlink(area, &next, nodes, ARRAY_SIZE(nodes));
		if (found)
			synchronize_rcu();
		for (i = 0; i < found; i++)
			psw_node_drop(area, nodes[i]);
	} while (found);
}
