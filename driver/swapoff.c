// SPDX-License-Identifier: GPL-2.0
/*
 * swapoff.c - pages that could not be read, when swapoff maps them, up to 5.18
 *
 * A fault refuses a page of the swap cache that is not uptodate: the program gets
 * SIGBUS. swapoff of these kernels maps the page as it is, so the program would go
 * on with zeros. It finds the page in the swap cache, or has it read.
 *
 * So every page whose read failed is recorded here, whoever read it. While swapoff
 * runs, we hold a reference to each of these pages that is in the swap cache. Once
 * swapoff has mapped a page and taken it out of the swap cache, memory_failure()
 * replaces all its mappings by poison entries: who touches one gets SIGBUS. Newer
 * kernels install such entries themselves. The memory is good, so it is freed again.
 *
 * swapoff keeps the disk open for writing from before its first page until after
 * its last one, and is thus bracketed by psw_swapoff_begin() and psw_swapoff_end().
 * The latter waits for the last page. So no mapping of a lost page is left when
 * swapoff returns.
 *
 * What is left: a program that touches a lost page after swapoff has mapped it and
 * before memory_failure() has unmapped it reads zeros. memory_failure() drains the
 * LRU caches of all CPUs first, so that takes about as long. A page that processes
 * share since fork() waits until swapoff has mapped it in all of them. Before that,
 * memory_failure() would only give the page back to swapoff. A driver cannot do
 * better: it is not told where swapoff is about to map a page.
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

/* A record must not be missing. Whoever reads a page may wait for memory. */
#define PSW_UNREAD_GFP	(GFP_NOIO | __GFP_NOFAIL)

/* How often pages that swapoff may map are looked at, in microseconds. */
#define PSW_SWAPOFF_POLL_MIN	20
#define PSW_SWAPOFF_POLL_MAX	50

/**
 * struct psw_unread - a page of the swap cache whose read failed
 * @page: the page; unless @held, it may be another one's by now
 * @entry: its swap entry
 * @held: we hold a reference to @page
 */
struct psw_unread {
	struct page *page;
	unsigned long entry;
	bool held;
};

static struct workqueue_struct *psw_swapoff_wq;

/* Whether the page is in the swap cache, where swapoff finds it. */
static bool psw_unread_is_cached(const struct psw_unread *unread)
{
	return PageSwapCache(unread->page) &&
	       page_private(unread->page) == unread->entry;
}

/* Keep the page, if it is still there. It may have been freed and used anew. */
static void psw_unread_hold(struct psw_swapoff *swapoff,
			    struct psw_unread *unread)
{
	if (unread->held || !get_page_unless_zero(unread->page))
		return;
	unread->held = psw_unread_is_cached(unread) &&
		       !PageUptodate(unread->page);
	if (unread->held)
		swapoff->held_nr++;
	else
		put_page(unread->page);
}

/* Give up our reference, to the caller if it takes the page. */
static struct page *psw_unread_release(struct psw_swapoff *swapoff,
				       struct psw_unread *unread)
{
	unread->held = false;
	swapoff->held_nr--;
	return unread->page;
}

static void psw_unread_free(struct psw_swapoff *swapoff,
			    struct psw_unread *unread)
{
	if (unread && unread->held)
		put_page(psw_unread_release(swapoff, unread));
	kfree(unread);
}

/* Replace all mappings of @page by poison entries. Takes a reference over. */
static void psw_page_poison(const struct psw_swapoff *swapoff, struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	int err = memory_failure(pfn, MF_COUNT_INCREASED);

	if (page_mapped(page))
		pr_crit("%s: a lost page stays mapped after swapoff (error %d): its program goes on with zeros\n",
			swapoff->name, err);
	/* Refuses a page that is still mapped; that one stays poisoned. */
	unpoison_memory(pfn);
}

/*
 * Poison a held page that has left the swap cache, if anybody has it mapped. If it
 * was swapped out again meanwhile, it is in the swap cache under another entry.
 */
static void psw_unread_settle(struct psw_swapoff *swapoff,
			      struct psw_unread *unread)
{
	struct page *page = psw_unread_release(swapoff, unread);

	/* Wait for swapoff to finish with the page. */
	lock_page(page);
	unlock_page(page);
	if (!PageUptodate(page) && (page_mapped(page) || PageSwapCache(page)))
		psw_page_poison(swapoff, page);
	else
		put_page(page);
}

/* Settle the held pages that swapoff is done with. */
static void psw_swapoff_settle(struct psw_swapoff *swapoff)
{
	struct psw_unread *unread;
	unsigned long offset;

	mutex_lock(&swapoff->lock);
	xa_for_each(&swapoff->unread, offset, unread) {
		if (!unread->held || psw_unread_is_cached(unread))
			continue;
		xa_erase(&swapoff->unread, offset);
		psw_unread_settle(swapoff, unread);
		kfree(unread);
	}
	mutex_unlock(&swapoff->lock);
}

/* swapoff has ended. What it left in the swap cache may be reclaimed again. */
static void psw_swapoff_release(struct psw_swapoff *swapoff)
{
	struct psw_unread *unread;
	unsigned long offset;

	mutex_lock(&swapoff->lock);
	xa_for_each(&swapoff->unread, offset, unread)
		if (unread->held)
			put_page(psw_unread_release(swapoff, unread));
	mutex_unlock(&swapoff->lock);
}

static void psw_swapoff_work(struct work_struct *work)
{
	struct psw_swapoff *swapoff =
		container_of(work, struct psw_swapoff, work);

	while (READ_ONCE(swapoff->running)) {
		wait_event_idle(swapoff->wait, READ_ONCE(swapoff->held_nr) ||
					       !READ_ONCE(swapoff->running));
		psw_swapoff_settle(swapoff);
		usleep_range(PSW_SWAPOFF_POLL_MIN, PSW_SWAPOFF_POLL_MAX);
	}
	psw_swapoff_settle(swapoff);
	psw_swapoff_release(swapoff);
}

/**
 * psw_swapoff_begin() - a swapoff may begin
 * @swapoff: of the disk
 *
 * Context: may sleep; not at the same time as psw_swapoff_end().
 */
void psw_swapoff_begin(struct psw_swapoff *swapoff)
{
	struct psw_unread *unread;
	unsigned long offset;

	mutex_lock(&swapoff->lock);
	WRITE_ONCE(swapoff->running, swapoff->running + 1);
	swapoff->warned = false;
	xa_for_each(&swapoff->unread, offset, unread) {
		psw_unread_hold(swapoff, unread);
		if (!unread->held) {
			xa_erase(&swapoff->unread, offset);
			kfree(unread);
		}
	}
	mutex_unlock(&swapoff->lock);
	queue_work(psw_swapoff_wq, &swapoff->work);
}

/**
 * psw_swapoff_end() - a swapoff has ended, whether or not it succeeded
 * @swapoff: of the disk
 *
 * Context: may sleep; waits until the lost pages that it mapped are poisoned.
 */
void psw_swapoff_end(struct psw_swapoff *swapoff)
{
	mutex_lock(&swapoff->lock);
	WRITE_ONCE(swapoff->running, swapoff->running - 1);
	mutex_unlock(&swapoff->lock);
	wake_up(&swapoff->wait);
	if (!swapoff->running)
		flush_work(&swapoff->work);
}

static void psw_swapoff_warn(struct psw_swapoff *swapoff)
{
	swapoff->warned = true;
	pr_warn("%s: swapoff finds lost pages: a program gets SIGBUS where it touches one; if swapoff does not end, they are of a tmpfs, a memfd or SysV shared memory: delete those files, ipcrm\n",
		swapoff->name);
}

/**
 * psw_swapoff_unread() - record a page that could not be read
 * @swapoff: of the disk
 * @page: a page of the swap cache, locked and not uptodate
 *
 * Context: may sleep; before the read ends.
 */
void psw_swapoff_unread(struct psw_swapoff *swapoff, struct page *page)
{
	swp_entry_t entry = { .val = page_private(page) };
	struct psw_unread *unread = kzalloc(sizeof(*unread), PSW_UNREAD_GFP);

	unread->page = page;
	unread->entry = entry.val;

	mutex_lock(&swapoff->lock);
	psw_unread_free(swapoff, xa_store(&swapoff->unread, swp_offset(entry),
					  unread, PSW_UNREAD_GFP));
	if (swapoff->running)
		psw_unread_hold(swapoff, unread);
	if (oom_task_origin(current) && !swapoff->warned)
		psw_swapoff_warn(swapoff);
	mutex_unlock(&swapoff->lock);
	wake_up(&swapoff->wait);
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
	mutex_init(&swapoff->lock);
	xa_init(&swapoff->unread);
	init_waitqueue_head(&swapoff->wait);
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

	xa_for_each(&swapoff->unread, offset, unread)
		kfree(unread);
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
