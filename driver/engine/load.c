// SPDX-License-Identifier: GPL-2.0
/*
 * load.c - load a page, and judge whether it is lost
 *
 * A load takes no lock, so the slot that it reads may be freed and written for
 * another page meanwhile. It reads the entry and the wear of the slot before and
 * after the copy. The wear grows with each use of a slot. If the entry or the wear
 * has changed, the load starts again. The order of memory accesses is:
 *
 *	store		1 wear   2 bytes and checksum   3 entry
 *	load		1 wear   2 entry   3 bytes and checksum   4 entry and wear
 *
 * - Store 1-2 with load 3-4: a load that has read a byte of a later use of the slot
 *   sees the wear of that use in step 4.
 * - Store 2-3 with load 2-3: a load that has seen the entry reads all bytes of that
 *   use of the slot, or bytes of a later one.
 * - Exchange of the old entry, then store 1, with load 1-2: a load that has seen the
 *   wear of a later use no longer sees the entry of the use before.
 *
 * So a load whose steps 1 and 2 agree with step 4 has read one use of the slot.
 *
 * A verdict that a page is lost is about one use of a slot. The exchange that
 * declares the loss cannot tell two uses of the same slot apart. So the load holds
 * the slot from its last look at the wear until the exchange (slot.c).
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/processor.h>
#include <linux/ratelimit.h>
#include <linux/rcupdate.h>
#include "badlist.h"
#include "io.h"
#include "load.h"
#include "region.h"
#include "trace.h"

static const char *psw_loss_text(u32 reason)
{
	switch (reason) {
	case PSW_MEDIA_BAD_UNREADABLE:
		return "cannot be read";
	case PSW_MEDIA_BAD_BADBLOCK:
		return "is in a bad block of the device";
	default:
		return "has a wrong checksum";
	}
}

/* The page in @slot is wrong, and its entry did not change. We own the slot. */
static void psw_page_lost(struct psw_area *area, pgoff_t offset, u32 slot,
			  u32 reason)
{
	struct psw_region *region = area->region;

	psw_region_count(region, PSW_STAT_LOST, 1);
	psw_region_count(region, PSW_STAT_PAGES_LOST, 1);
	psw_badlist_retire(region, slot, reason);
	pr_err_ratelimited("%s: slot %u %s: page %lu of area %u is lost and the slot retired; see pmemswap-fmt inspect\n",
			   region->options.name, slot, psw_loss_text(reason),
			   offset, area->number);
}

/**
 * psw_page_lose() - declare the page in a slot lost, without reading it
 * @region: the region
 * @slot: any slot
 * @reason: PSW_MEDIA_BAD_*
 *
 * Context: any but interrupt handlers; inside psw_pmem_enter().
 * Return: true if a page was there; then the slot is retired.
 */
bool psw_page_lose(struct psw_region *region, u32 slot, u32 reason)
{
	const struct psw_slot_info *info = &region->slots.info[slot];
	u32 seen = psw_entry_of_slot(slot);
	struct psw_area *area;
	pgoff_t offset;
	u32 *entry;
	bool lost;

	rcu_read_lock();
	/* What is read here may be out of date. Then the entry names another slot. */
	area = psw_region_area(region, READ_ONCE(info->owner_area));
	offset = READ_ONCE(info->owner_page);
	entry = area ? psw_index_find(area, offset) : NULL;
	lost = entry && cmpxchg(entry, seen, PSW_ENTRY_LOST) == seen;
	if (lost)
		psw_page_lost(area, offset, slot, reason);
	rcu_read_unlock();
	return lost;
}

/*
 * Read a slot that we hold again after the checksum was wrong. Either the medium
 * failed, or somebody changed @dst meanwhile; it may be a page that a program has
 * mapped. That must not cost a page and a slot, so this read goes to the bounce page.
 */
static u32 psw_slot_read_again(struct psw_region *region, u32 slot, void *dst)
{
	u32 wrong;

	spin_lock(&region->bad_lock);
	wrong = psw_slot_read(region, slot, region->bounce);
	if (!wrong)
		memcpy(dst, region->bounce, PSW_MEDIA_SLOT_BYTES);
	spin_unlock(&region->bad_lock);
	return wrong;
}

/**
 * struct psw_seen - what a load saw before it read a slot
 * @entry: the entry of the page
 * @value: what the entry said
 * @slot: the slot that it named
 * @wear: the wear of that slot
 */
struct psw_seen {
	u32 *entry;
	u32 value;
	u32 slot;
	u32 wear;
};

/* Whether the slot has held the page since; a barrier must stand before. */
static __always_inline bool psw_seen_holds(const struct psw_region *region,
					   const struct psw_seen *seen)
{
	/* Entry before wear: pairs with the exchange that published the entry. */
	return smp_load_acquire(seen->entry) == seen->value &&
	       READ_ONCE(region->slots.info[seen->slot].wear) == seen->wear;
}

/*
 * Hold a slot. A move or another load may hold it, for as long as it copies one page,
 * with preemption off. Whoever frees or retires a slot has changed the entry before.
 * A doomed slot can be held at once. So the wait ends in each state.
 */
static bool psw_seen_hold(struct psw_region *region, const struct psw_seen *seen)
{
	while (!psw_slot_hold(&region->slots, seen->slot)) {
		if (READ_ONCE(*seen->entry) != seen->value)
			return false;
		cpu_relax();
	}
	return true;
}

/*
 * Judge a page that was wrong. We hold its slot, so nobody writes the slot before we
 * return. If entry and wear are still the same, the slot has held the page since the
 * load began. From here on, an entry that names the slot has named it all the time.
 *
 * Return: 0; -EIO if the page is lost, and we own the slot; -EAGAIN if it moved.
 */
static int psw_page_judge(struct psw_region *region, const struct psw_seen *seen,
			  u32 *wrong, void *dst)
{
	if (!psw_seen_holds(region, seen))
		return -EAGAIN;
	/* What cannot be read is never read again: each try is a machine check. */
	if (*wrong == PSW_MEDIA_BAD_CHECKSUM)
		*wrong = psw_slot_read_again(region, seen->slot, dst);
	if (!*wrong)
		return 0;
	return cmpxchg(seen->entry, seen->value, PSW_ENTRY_LOST) == seen->value ?
	       -EIO : -EAGAIN;
}

/*
 * A page was wrong as it was read. This takes a copy of @seen, and is kept out of
 * line, so that a load of a good page keeps all of it in registers.
 *
 * Return: as psw_page_judge().
 */
static noinline int psw_load_wrong(struct psw_area *area, pgoff_t offset,
				   struct psw_seen seen, u32 wrong, void *dst)
{
	struct psw_region *region = area->region;
	int err;

	if (!psw_seen_hold(region, &seen))
		return -EAGAIN;
	err = psw_page_judge(region, &seen, &wrong, dst);
	psw_slot_release(&region->slots, seen.slot, false);
	if (err == -EIO)
		psw_page_lost(area, offset, seen.slot, wrong);
	return err;
}

/*
 * Load a page from the slot that its @entry named as @value. The entry is read
 * again after the wear, so entry and wear belong together. If both are the same
 * after the copy, the slot has held this page all the time.
 *
 * Return: 0; -EIO if the page is lost; -EAGAIN if it moved meanwhile.
 */
static __always_inline int psw_load_slot(struct psw_area *area, pgoff_t offset,
					 u32 *entry, u32 value, void *dst)
{
	struct psw_region *region = area->region;
	struct psw_seen seen = {
		.entry = entry,
		.value = value,
		.slot = psw_entry_slot(value),
	};
	u32 wrong;

	seen.wear = READ_ONCE(region->slots.info[seen.slot].wear);
	/* Wear before entry: pairs with the exchange of the wear in psw_slot_write(). */
	smp_rmb();
	/* Entry before bytes: pairs with the exchange that published the entry. */
	if (smp_load_acquire(entry) != value)
		return -EAGAIN;

	wrong = psw_slot_read(region, seen.slot, dst);
	/* Bytes before entry and wear: pairs with the exchange of the wear. */
	smp_rmb();
	if (!psw_seen_holds(region, &seen))
		return -EAGAIN;
	return wrong ? psw_load_wrong(area, offset, seen, wrong, dst) : 0;
}

/* Load from where @entry says now. Return: as psw_load_slot(), or -ENOENT. */
static int psw_load_entry(struct psw_area *area, pgoff_t offset, u32 *entry,
			  void *dst, bool alive)
{
	/* For a slot, psw_load_slot() reads it again, in the order that is needed. */
	u32 seen = READ_ONCE(*entry);

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

static int psw_load_locked(struct psw_area *area, pgoff_t offset, void *dst)
{
	u32 *entry = psw_index_find(area, offset);
	bool alive;
	int cookie;
	int err;

	if (!entry)
		return -ENOENT;
	alive = psw_pmem_enter(area->region->pmem, &cookie);
	do {
		err = psw_load_entry(area, offset, entry, dst, alive);
	} while (err == -EAGAIN);
	if (alive)
		psw_pmem_exit(cookie);
	return err;
}

/**
 * psw_load() - load a page; the store keeps it
 * @area: the swap area
 * @offset: which page of it
 * @dst: 4096 bytes, aligned to 8; all zero unless 0 is returned
 *
 * Context: any but interrupt handlers; allocates nothing.
 * Return: 0; -ENOENT if there is no such page; -EIO if it is lost or the device
 *	was removed. A lost page stays lost until it is invalidated or stored.
 */
int psw_load(struct psw_area *area, pgoff_t offset, void *dst)
{
	struct psw_region *region = area->region;
	int err;

	rcu_read_lock();
	err = psw_load_locked(area, offset, dst);
	rcu_read_unlock();

	/* Some kernels map the page of a failed load as it is. */
	if (err)
		memset(dst, 0, PSW_MEDIA_SLOT_BYTES);
	else
		psw_region_count(region, PSW_STAT_LOADS, 1);
	trace_pmemswap_load(region->options.name, area->number, offset, err);
	return err;
}

/* Read the page in @slot by the owner that the slot names, which may be out of date. */
static int psw_page_check_owner(struct psw_region *region, u32 slot, void *buffer)
{
	const struct psw_slot_info *info = &region->slots.info[slot];
	struct psw_area *area = psw_region_area(region,
						READ_ONCE(info->owner_area));
	pgoff_t offset = READ_ONCE(info->owner_page);
	u32 *entry = area ? psw_index_find(area, offset) : NULL;
	u32 value = psw_entry_of_slot(slot);

	/* An entry that names the slot is that of its page, whoever said so. */
	if (!entry || READ_ONCE(*entry) != value)
		return -ENOENT;
	return psw_load_slot(area, offset, entry, value, buffer);
}

/**
 * psw_page_check() - read the page in a slot as a load does, to see if it is lost
 * @region: the region
 * @slot: any slot
 * @buffer: 4096 bytes, aligned to 8; its contents are undefined afterwards
 *
 * A page that is lost is counted, logged, and its slot retired, as by psw_load().
 *
 * Context: any but interrupt handlers; allocates nothing.
 * Return: 0; -EIO if the page was found lost; -ENOENT if the slot holds no page;
 *	-ENODEV if the device was removed.
 */
int psw_page_check(struct psw_region *region, u32 slot, void *buffer)
{
	int cookie;
	int err;

	if (!psw_slot_is_used(&region->slots, slot))
		return -ENOENT;
	if (!psw_pmem_enter(region->pmem, &cookie)) {
		psw_region_mark_dead(region);
		return -ENODEV;
	}
	rcu_read_lock();
	do {
		err = psw_page_check_owner(region, slot, buffer);
	} while (err == -EAGAIN);
	rcu_read_unlock();
	psw_pmem_exit(cookie);
	return err;
}
