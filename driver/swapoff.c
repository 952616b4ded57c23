// SPDX-License-Identifier: GPL-2.0
/*
 * swapoff.c - pages that could not be read, when swapoff maps them, up to 5.18
 *
 * A fault refuses a page of the swap cache that is not uptodate: the program gets
 * SIGBUS. swapoff of these kernels maps the page as it is, so the program would go
 * on with zeros. It finds the page in the swap cache, or has it read.
 *
 * So every page whose read failed is recorded here, whoever read it. While a swapoff may
 * run, we hold a reference to each of these pages that is in the swap cache. So it is
 * not migrated to other memory. At other times its memory is reclaimed as any other.
 *
 * swapoff maps a page in each process that has it. Then it takes the page out of the
 * swap cache and frees its slot, all with the page locked. psw_swapoff_slot_free()
 * passes the page to the worker, which waits for the page lock. memory_failure() then
 * replaces all its mappings by poison entries: who touches one gets SIGBUS. Newer
 * kernels install such entries themselves. The memory is good, so it is freed again.
 *
 * swapoff closes the disk after the last slot is free. psw_swapoff_flush() then waits
 * for the worker. So no mapping of a lost page is left when swapoff returns.
 *
 * What is left. A driver cannot do better: it is not told where swapoff is about to map
 * a page.
 *
 * - A program that touches a lost page after swapoff has mapped it and before
 *   memory_failure() has unmapped it reads zeros. memory_failure() drains the LRU
 *   caches of all CPUs first, so that takes about as long.
 * - If the program writes to the page in that time, it gets a copy of its own: zeros
 *   and what it wrote. The copy is never poisoned.
 * - A page that processes share since fork() waits until swapoff has mapped it in all
 *   of them. For those that have it already, this time may be all of swapoff. If
 *   swapoff is interrupted, they keep it.
 * - A page that KSM had merged is mapped in processes that are not related. rmap finds
 *   one family of them, so the page stays mapped in the others. The log says so.
 * - A page that is swapped out again, to another device, before the worker gets it
 *   stays in the swap cache, poisoned. Its memory is lost until the next boot. swapoff
 *   of that device maps it.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/pagemap.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include "compat.h"
#include "swapoff.h"

/*
 * A record must not be missing. Faults, readahead and swapoff read pages, and these may
 * wait for memory; reclaim reads none. But I/O that this task starts now would wait
 * for the end of this read.
 */
#define PSW_UNREAD_GFP	(GFP_NOIO | __GFP_NOFAIL)

/* How often a page that stays mapped is poisoned again. */
#define PSW_POISON_TRIES	8

/* How often, and how long in microseconds, to wait for users of a page that end soon. */
#define PSW_SETTLE_TRIES	50
#define PSW_SETTLE_MIN		200
#define PSW_SETTLE_MAX		400

/**
 * struct psw_unread - a page of the swap cache whose read failed
 * @cache: the part of the swap cache that it is in; exists while its slot is in use
 * @page: the page, if we hold a reference to it
 * @node: in the list of pages that the worker gets
 */
struct psw_unread {
	struct address_space *cache;
	struct page *page;
	struct llist_node node;
};

static struct workqueue_struct *psw_swapoff_wq;

/* Keep the page of a record, if it is in the swap cache and swapoff may map it. */
static void psw_unread_hold(struct psw_swapoff *swapoff, unsigned long offset)
{
	struct psw_unread *unread;

	xa_lock(&swapoff->unread);
	unread = xa_load(&swapoff->unread, offset);
	if (unread && !unread->page && swapoff->running)
		unread->page = find_get_page(unread->cache, offset);
	xa_unlock(&swapoff->unread);
}

/* Keep the page of a record no longer. */
static void psw_unread_release(struct psw_swapoff *swapoff, unsigned long offset)
{
	struct psw_unread *unread;
	struct page *page = NULL;

	xa_lock(&swapoff->unread);
	unread = xa_load(&swapoff->unread, offset);
	if (unread)
		swap(unread->page, page);
	xa_unlock(&swapoff->unread);
	if (page)
		put_page(page);
}

static void psw_unread_free(struct psw_unread *unread)
{
	if (unread && unread->page)
		put_page(unread->page);
	kfree(unread);
}

/*
 * Whether memory_failure() left the page mapped. Migration unmaps a page for a while,
 * with the page locked.
 */
static bool psw_page_stays_mapped(struct page *page)
{
	bool mapped;

	lock_page(page);
	mapped = page_mapped(page);
	unlock_page(page);
	return mapped;
}

/* Reclaim and migration take a page from its LRU list for a while. */
static void psw_page_wait_for_lru(struct page *page)
{
	int tries;

	for (tries = 0; tries < PSW_SETTLE_TRIES && !PageLRU(page); tries++) {
		usleep_range(PSW_SETTLE_MIN, PSW_SETTLE_MAX);
		shake_page(page, 0);
	}
}

/*
 * memory_failure() counts a page in HardwareCorrupted of /proc/meminfo each time. Only
 * unpoison_memory() counts down, and it refuses a page that is mapped. So let it have
 * another page, which it frees.
 */
static void psw_page_uncount_poison(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return;
	SetPageHWPoison(page);
	unpoison_memory(page_to_pfn(page));
}

/*
 * Replace all mappings of @page by poison entries. memory_failure() unmaps no page that
 * is on no LRU list, and refuses one that is poisoned.
 */
static void psw_page_unmap(const struct psw_swapoff *swapoff, struct page *page)
{
	int tries = PSW_POISON_TRIES;
	int err;

	for (;;) {
		err = memory_failure(page_to_pfn(page), MF_COUNT_INCREASED);
		if (!psw_page_stays_mapped(page))
			return;
		if (!--tries || !TestClearPageHWPoison(page))
			break;
		psw_page_uncount_poison();
		psw_page_wait_for_lru(page);
	}
	pr_crit("%s: a lost page stays mapped after swapoff (error %d): its program goes on with zeros\n",
		swapoff->name, err);
}

/*
 * Free a poisoned page, with our reference. unpoison_memory() refuses while anybody else
 * has a reference, if only for a moment. A page that is still mapped or in the swap
 * cache stays poisoned.
 */
static void psw_page_free_poisoned(struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	int tries;

	for (tries = 0; tries < PSW_SETTLE_TRIES; tries++) {
		unpoison_memory(pfn);
		if (!PageHWPoison(page) || page_mapped(page) || PageSwapCache(page))
			return;
		usleep_range(PSW_SETTLE_MIN, PSW_SETTLE_MAX);
	}
}

/*
 * Poison a page that swapoff has mapped, unless its processes have dropped it. Takes our
 * reference over. The page lock waits for swapoff, and for migration, which unmaps a
 * page for a while.
 *
 * If the page was swapped out again, it is in the swap cache under another entry. There
 * memory_failure() drops a clean page, as if the swap device had good data, but
 * keeps a dirty one: who touches that gets SIGBUS.
 */
static void psw_page_settle(const struct psw_swapoff *swapoff, struct page *page)
{
	bool lost;

	lock_page(page);
	lost = !PageUptodate(page) && !PageHWPoison(page) &&
	       (page_mapped(page) || PageSwapCache(page));
	if (lost && PageSwapCache(page))
		set_page_dirty(page);
	unlock_page(page);

	if (!lost) {
		put_page(page);
		return;
	}
	psw_page_unmap(swapoff, page);
	psw_page_free_poisoned(page);
}

static void psw_swapoff_work(struct work_struct *work)
{
	struct psw_swapoff *swapoff =
		container_of(work, struct psw_swapoff, work);
	struct psw_unread *unread, *next;
	struct llist_node *freed;

	freed = llist_reverse_order(llist_del_all(&swapoff->freed));
	llist_for_each_entry_safe(unread, next, freed, node) {
		psw_page_settle(swapoff, unread->page);
		kfree(unread);
	}
}

/**
 * psw_swapoff_set_running() - a swapoff may begin, or has ended
 * @swapoff: of the disk
 * @running: whether a swapoff may run from now on
 *
 * Context: may sleep; not at the same time as itself.
 */
void psw_swapoff_set_running(struct psw_swapoff *swapoff, bool running)
{
	struct psw_unread *unread;
	unsigned long offset;

	if (running == swapoff->running)
		return;
	xa_lock(&swapoff->unread);
	swapoff->running = running;
	xa_unlock(&swapoff->unread);
	xa_for_each(&swapoff->unread, offset, unread) {
		if (running)
			psw_unread_hold(swapoff, offset);
		else
			psw_unread_release(swapoff, offset);
		cond_resched();
	}
}

static void psw_swapoff_warn(struct psw_swapoff *swapoff)
{
	pr_warn("%s: swapoff finds lost pages: a program gets SIGBUS where it touches one; if swapoff does not end, they are of a tmpfs, a memfd or SysV shared memory: delete those files, ipcrm\n",
		swapoff->name);
}

/**
 * psw_swapoff_unread() - record a page that could not be read
 * @swapoff: of the disk
 * @page: a page of the swap cache, swapped to this disk, locked and not uptodate
 *
 * Context: may sleep; before the read ends.
 */
void psw_swapoff_unread(struct psw_swapoff *swapoff, struct page *page)
{
	swp_entry_t entry = { .val = page_private(page) };
	struct psw_unread *unread = kzalloc(sizeof(*unread), PSW_UNREAD_GFP);

	unread->cache = page_mapping(page);
	psw_unread_free(xa_store(&swapoff->unread, swp_offset(entry), unread,
				 PSW_UNREAD_GFP));
	psw_unread_hold(swapoff, swp_offset(entry));
	if (oom_task_origin(current) && !xchg(&swapoff->warned, true))
		psw_swapoff_warn(swapoff);
}

/**
 * psw_swapoff_slot_free() - swap has freed a page of the disk
 * @swapoff: of the disk
 * @offset: number of the page
 *
 * Context: any but interrupt handlers; spinlocks may be held, interrupts off.
 */
void psw_swapoff_slot_free(struct psw_swapoff *swapoff, unsigned long offset)
{
	struct psw_unread *unread;

	if (likely(xa_empty(&swapoff->unread)))
		return;
	unread = xa_erase(&swapoff->unread, offset);
	if (!unread)
		return;
	if (!unread->page) {
		kfree(unread);
		return;
	}
	llist_add(&unread->node, &swapoff->freed);
	queue_work(psw_swapoff_wq, &swapoff->work);
}

/**
 * psw_swapoff_flush() - a swapoff may have ended, whether or not it succeeded
 * @swapoff: of the disk
 *
 * Context: may sleep; waits until the lost pages that it mapped are poisoned.
 */
void psw_swapoff_flush(struct psw_swapoff *swapoff)
{
	flush_work(&swapoff->work);
	WRITE_ONCE(swapoff->warned, false);
}

/**
 * psw_swapoff_create() - prepare the record of a disk
 * @swapoff: filled in
 * @name: what log messages call it; outlives @swapoff
 *
 * Context: any.
 */
void psw_swapoff_create(struct psw_swapoff *swapoff, const char *name)
{
	swapoff->name = name;
	swapoff->running = false;
	swapoff->warned = false;
	xa_init(&swapoff->unread);
	init_llist_head(&swapoff->freed);
	INIT_WORK(&swapoff->work, psw_swapoff_work);
}

/**
 * psw_swapoff_destroy() - drop the record of a disk
 * @swapoff: the record; nobody has the disk open
 *
 * Context: may sleep.
 */
void psw_swapoff_destroy(struct psw_swapoff *swapoff)
{
	struct psw_unread *unread;
	unsigned long offset;

	flush_work(&swapoff->work);
	xa_for_each(&swapoff->unread, offset, unread)
		psw_unread_free(unread);
	xa_destroy(&swapoff->unread);
}

int __init psw_swapoff_init(void)
{
	psw_swapoff_wq = alloc_workqueue("pmemswap_swapoff",
					 WQ_UNBOUND | WQ_HIGHPRI, 0);
	return psw_swapoff_wq ? 0 : -ENOMEM;
}

void psw_swapoff_exit(void)
{
	destroy_workqueue(psw_swapoff_wq);
}
