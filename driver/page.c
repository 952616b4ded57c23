// SPDX-License-Identifier: GPL-2.0
/*
 * page.c - the way of a page: store, load, invalidate_page, invalidate_area
 *
 * A page is where its index entry says, and the entry changes hands by one
 * atomic exchange: whoever exchanges a slot out of the index owns it and frees
 * it. So of any number of stores and invalidates of one page at one time, each
 * slot is freed exactly once and the last exchange decides.
 *
 * A load takes no lock, so the slot it reads may be freed and written for
 * another page under its hands. It therefore looks at the entry and at the wear
 * of the slot, which grows with each use, before and after the copy, and starts
 * again if either has changed.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "engine.h"
#include "trace.h"

/* Free what an entry, exchanged out of the index, stood for. */
static void psw_entry_drop(struct psw_region *region, u32 entry)
{
	if (psw_entry_is_slot(entry))
		psw_slot_free(&region->slots, psw_entry_slot(entry));
}

/* Make @new the page's place; frees the old place. */
static void psw_entry_publish(struct psw_area *area, u32 *entry, u32 new)
{
	u32 old = xchg(entry, new);

	psw_region_count(area->region, PSW_STAT_PAGES,
			 (new != PSW_ENTRY_EMPTY) - (old != PSW_ENTRY_EMPTY));
	psw_entry_drop(area->region, old);
}

/**
 * psw_page_write() - write a page to a slot
 * @area: the swap area of the page
 * @offset: which page in it
 * @slot: the slot; the caller's
 * @src: its 4096 bytes, aligned to 8
 *
 * Context: any; inside psw_pmem_enter(). Durable on return.
 */
void psw_page_write(struct psw_area *area, pgoff_t offset, u32 slot, const void *src)
{
	struct psw_region *region = area->region;
	struct psw_slot_info *info = &region->slots.info[slot];
	u32 sum;

	/*
	 * A load of the page that was here before must see the wear change
	 * before it sees a byte change. The stores that follow are
	 * non-temporal, so only a full barrier keeps them behind.
	 */
	smp_store_mb(info->wear, info->wear == U32_MAX ? U32_MAX : info->wear + 1);

	sum = psw_pmem_write_page(region->pmem, psw_slot_off(&region->geo, slot),
				   src, region->options.verify);
	WRITE_ONCE(info->sum, sum);
	WRITE_ONCE(info->owner_page, (u32)offset);
	WRITE_ONCE(info->owner_area, area->number);
	WRITE_ONCE(info->round, (u8)READ_ONCE(region->rounds));
	psw_pmem_fence();
	psw_region_count(region, PSW_STAT_SLOT_WRITES, 1);
}

/* A slot for the page at @entry: if none is free, the one it has. */
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
 * psw_reject() - count and trace a store that is not accepted
 * @area: where the page would have gone
 * @offset: which page in the area
 * @reason: which reject to count
 * @error: what the caller is told
 *
 * Context: any.
 */
void psw_reject(struct psw_area *area, pgoff_t offset, enum psw_stat reason, int error)
{
	psw_region_count(area->region, reason, 1);
	trace_pmemswap_reject(area->region->options.name, area->number, offset,
			      error);
}

static int psw_store_locked(struct psw_area *area, pgoff_t offset, const void *src,
			    gfp_t gfp)
{
	struct psw_region *region = area->region;
	u32 *entry = psw_index_make(area, offset, gfp);
	u32 new, slot;

	if (!entry) {
		psw_reject(area, offset, PSW_STAT_REJECT_MEMORY, -ENOMEM);
		return -ENOMEM;
	}
	if (region->options.zero_pages && psw_page_is_zero(src)) {
		new = PSW_ENTRY_ZERO;
		psw_region_count(region, PSW_STAT_ZERO_PAGES, 1);
	} else {
		slot = psw_slot_for(area, entry);
		if (slot == PSW_SLOT_NONE) {
			psw_reject(area, offset, PSW_STAT_REJECT_FULL, -ENOSPC);
			return -ENOSPC;
		}
		psw_page_write(area, offset, slot, src);
		psw_sweep_check(region, READ_ONCE(region->slots.taken));
		new = psw_entry_of_slot(slot);
	}
	psw_entry_publish(area, entry, new);
	psw_region_count(region, PSW_STAT_STORES, 1);
	trace_pmemswap_store(region->options.name, area->number, offset, new);
	return 0;
}

/* The device was removed: said once, as it is for good. */
static void psw_region_mark_dead(struct psw_region *region)
{
	if (!xchg(&region->dead, true))
		pr_err("%s: the device was removed, and all pages in its slots with it: end the programs that have pages there, swapoff, and detach\n",
			region->options.name);
}

/**
 * psw_store() - store a page
 * @area: the swap area
 * @offset: which page in it
 * @src: its 4096 bytes, aligned to 8
 * @gfp: how memory for the index may be had; must not sleep
 *
 * Whatever @offset held before is gone afterwards, accepted or not.
 *
 * Context: any but interrupt handlers.
 * Return: 0, or the store is rejected: -ENOSPC without a free slot, or with all
 *	of them promised to the disk, -ENOMEM without memory for the index,
 *	-EFBIG beyond the index, -ENODEV while detaching or when the device is
 *	gone.
 */
int psw_store(struct psw_area *area, pgoff_t offset, const void *src, gfp_t gfp)
{
	bool alive;
	int cookie;
	int err;

	if (offset >= PSW_AREA_PAGES_MAX) {
		psw_reject(area, offset, PSW_STAT_REJECT_RANGE, -EFBIG);
		return -EFBIG;
	}

	rcu_read_lock();
	alive = psw_pmem_enter(area->region->pmem, &cookie);
	if (!alive)
		psw_region_mark_dead(area->region);
	if (!alive || READ_ONCE(area->region->closing)) {
		psw_reject(area, offset, PSW_STAT_REJECT_CLOSING, -ENODEV);
		err = -ENODEV;
	} else if (psw_area_is_foreign(area) &&
		   READ_ONCE(area->region->promised)) {
		psw_reject(area, offset, PSW_STAT_REJECT_FULL, -ENOSPC);
		err = -ENOSPC;
	} else {
		err = psw_store_locked(area, offset, src, gfp);
	}
	psw_pmem_exit(cookie);
	rcu_read_unlock();

	if (err)
		psw_invalidate_page(area, offset);
	return err;
}

/* The page in slot @slot did not come back whole, and no race explains it. */
static void psw_page_lost(struct psw_area *area, pgoff_t offset, u32 slot, bool unread)
{
	struct psw_region *region = area->region;

	psw_region_count(region, PSW_STAT_LOST, 1);
	psw_badlist_retire(region, slot, unread ? PSW_MEDIA_BAD_UNREADABLE :
					    PSW_MEDIA_BAD_CHECKSUM);
	pr_err_ratelimited("%s: slot %u %s: page %lu of area %u is lost and the slot retired; see pmemswap-fmt inspect\n",
			   region->options.name, slot,
			   unread ? "cannot be read" : "has a wrong checksum",
			   offset, area->number);
}

/* Copy slot @slot out; false if it is not what was written there. */
static bool psw_slot_read(struct psw_region *region, u32 slot, void *dst,
			  bool *unread)
{
	u32 sum = READ_ONCE(region->slots.info[slot].sum);

	*unread = psw_pmem_read(region->pmem, psw_slot_off(&region->geo, slot), dst,
				 PSW_MEDIA_SLOT_BYTES);
	if (*unread)
		return false;
	return !region->options.verify || psw_page_sum(dst) == sum;
}

/*
 * The page that was read is not the one that was stored. Either the medium
 * failed, or somebody changed @dst, perhaps a user's own page, meanwhile: that
 * must not cost a page and a slot. So read once more, to where nobody looks.
 */
static bool psw_slot_read_again(struct psw_region *region, u32 slot, void *dst,
				bool *unread)
{
	bool good;

	spin_lock(&region->bad_lock);
	good = psw_slot_read(region, slot, region->bounce, unread);
	if (good)
		memcpy(dst, region->bounce, PSW_MEDIA_SLOT_BYTES);
	spin_unlock(&region->bad_lock);
	return good;
}

/*
 * Load a page whose @entry said it is in the slot @seen. The entry is read again
 * after the wear, so wear and entry belong together: if both still stand after
 * the copy, the slot held this page all the while.
 *
 * Return: 0; -EIO if the page is lost; -EAGAIN if it moved meanwhile.
 */
static int psw_load_slot(struct psw_area *area, pgoff_t offset, u32 *entry, u32 seen,
			 void *dst)
{
	struct psw_region *region = area->region;
	u32 slot = psw_entry_slot(seen);
	const u32 *wear = &region->slots.info[slot].wear;
	u32 wear_seen = READ_ONCE(*wear);
	bool good, unread;

	/* Wear, then entry: pairs with the barrier of psw_page_write(). */
	smp_rmb();
	if (READ_ONCE(*entry) != seen)
		return -EAGAIN;

	good = psw_slot_read(region, slot, dst, &unread) ||
	       psw_slot_read_again(region, slot, dst, &unread);
	/* The bytes, then entry and wear; likewise. */
	smp_rmb();
	if (READ_ONCE(*entry) != seen || READ_ONCE(*wear) != wear_seen)
		return -EAGAIN;
	if (good)
		return 0;
	if (cmpxchg(entry, seen, PSW_ENTRY_LOST) != seen)
		return -EAGAIN;
	psw_page_lost(area, offset, slot, unread);
	return -EIO;
}

/* Once through whatever @entry says now; -EAGAIN if that changed meanwhile. */
static int psw_load_entry(struct psw_area *area, pgoff_t offset, u32 *entry, void *dst,
			  bool alive)
{
	u32 seen;

	/* Pairs with the exchange that published the entry. */
	seen = smp_load_acquire(entry);
	if (seen == PSW_ENTRY_EMPTY)
		return -ENOENT;
	if (seen == PSW_ENTRY_LOST)
		return -EIO;
	if (seen == PSW_ENTRY_ZERO) {
		memset(dst, 0, PSW_MEDIA_SLOT_BYTES);
		return 0;
	}
	if (!alive) {
		psw_region_mark_dead(area->region);
		return -EIO;
	}
	return psw_load_slot(area, offset, entry, seen, dst);
}

static int psw_load_locked(struct psw_area *area, pgoff_t offset, void *dst,
			   bool alive)
{
	u32 *entry = psw_index_find(area, offset);
	int err;

	if (!entry)
		return -ENOENT;
	do {
		err = psw_load_entry(area, offset, entry, dst, alive);
	} while (err == -EAGAIN);
	return err;
}

/**
 * psw_load() - load a page; it stays where it is
 * @area: the swap area
 * @offset: which page in it
 * @dst: 4096 bytes, aligned to 8; all zero unless 0 is returned
 *
 * Context: any but interrupt handlers; allocates nothing.
 * Return: 0; -ENOENT if there is no such page; -EIO if it is lost, which it
 *	stays until it is invalidated or stored anew, or if the device was removed.
 */
int psw_load(struct psw_area *area, pgoff_t offset, void *dst)
{
	struct psw_region *region = area->region;
	bool alive;
	int cookie;
	int err;

	rcu_read_lock();
	alive = psw_pmem_enter(region->pmem, &cookie);
	err = psw_load_locked(area, offset, dst, alive);
	psw_pmem_exit(cookie);
	rcu_read_unlock();

	/* Some kernels map the page of a failed load as it is. */
	if (err)
		memset(dst, 0, PSW_MEDIA_SLOT_BYTES);
	else
		psw_region_count(region, PSW_STAT_LOADS, 1);
	trace_pmemswap_load(region->options.name, area->number, offset, err);
	return err;
}

/**
 * psw_invalidate_page() - drop a page, if it is there
 * @area: the swap area
 * @offset: which page in it
 *
 * Context: any but interrupt handlers; spinlocks may be held and interrupts
 *	off. Neither sleeps, nor allocates, nor touches the medium.
 */
void psw_invalidate_page(struct psw_area *area, pgoff_t offset)
{
	struct psw_region *region = area->region;
	u32 *entry;
	u32 old;

	rcu_read_lock();
	entry = psw_index_find(area, offset);
	if (entry && READ_ONCE(*entry) != PSW_ENTRY_EMPTY) {
		old = xchg(entry, PSW_ENTRY_EMPTY);
		if (old != PSW_ENTRY_EMPTY) {
			psw_entry_drop(region, old);
			psw_region_count(region, PSW_STAT_PAGES, -1);
			psw_region_count(region, PSW_STAT_INVALIDATES, 1);
			trace_pmemswap_invalidate(region->options.name,
						  area->number, offset, old);
		}
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
 * psw_invalidate_area() - drop all pages of an area and the memory of its index
 * @area: the swap area; stays usable
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
