// SPDX-License-Identifier: GPL-2.0
/*
 * spare.c - pages of memory kept for stores that find none
 *
 * A store runs in reclaim, so it can neither wait for memory nor take the reserves
 * that reclaim needs. It would be rejected for want of a leaf of the index just when
 * memory is short. So a region keeps spare pages for the index. A store takes one
 * when the allocator has none. Whoever may sleep refills them soon after.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include "mem.h"
#include "region.h"
#include "spare.h"

/* No I/O, as that might wait for a store; and give up early, as no store waits. */
#define PSW_SPARE_GFP	(GFP_NOIO | __GFP_NORETRY | __GFP_NOWARN)

/* Keep a page of zeros. Return: false if there are enough. */
static bool psw_spare_keep(struct psw_spares *spares, void *page)
{
	bool kept;

	spin_lock(&spares->lock);
	kept = spares->pages_nr < PSW_SPARES_NR;
	if (kept) {
		spares->page[spares->pages_nr] = page;
		WRITE_ONCE(spares->pages_nr, spares->pages_nr + 1);
	}
	spin_unlock(&spares->lock);
	return kept;
}

static int psw_spares_fill(struct psw_spares *spares, gfp_t gfp)
{
	void *page;

	while (READ_ONCE(spares->pages_nr) < PSW_SPARES_NR) {
		page = (void *)get_zeroed_page(gfp);
		if (!page)
			return -ENOMEM;
		if (!psw_spare_keep(spares, page))
			free_page((unsigned long)page);
		cond_resched();
	}
	return 0;
}

/**
 * psw_spares_init() - allocate the spare pages of a region
 * @region: the region
 *
 * Context: may sleep; before anything else uses the spare pages.
 * Return: 0 or -ENOMEM; psw_spares_destroy() must be called in both cases.
 */
int psw_spares_init(struct psw_region *region)
{
	struct psw_spares *spares = &region->spares;

	spin_lock_init(&spares->lock);
	spares->due = region->options.spares_due;
	spares->context = region->options.context;
	return psw_spares_fill(spares, PSW_GFP);
}

void psw_spares_destroy(struct psw_region *region)
{
	struct psw_spares *spares = &region->spares;

	while (spares->pages_nr)
		free_page((unsigned long)spares->page[--spares->pages_nr]);
}

/**
 * psw_spares_refill() - replace the spare pages that stores have taken
 * @region: the region
 *
 * If memory is short, the next store that takes a page, or misses one, asks again.
 *
 * Context: may sleep; never waits for I/O.
 * Return: 0 or -ENOMEM.
 */
int psw_spares_refill(struct psw_region *region)
{
	return psw_spares_fill(&region->spares, PSW_SPARE_GFP);
}

/**
 * psw_spare_take() - take a spare page
 * @spares: the spare pages
 *
 * Context: any but interrupt handlers. Calls the function for a refill.
 * Return: a page of zeros that belongs to the caller, or NULL.
 */
void *psw_spare_take(struct psw_spares *spares)
{
	void *page = NULL;

	spin_lock(&spares->lock);
	if (spares->pages_nr) {
		WRITE_ONCE(spares->pages_nr, spares->pages_nr - 1);
		page = spares->page[spares->pages_nr];
	}
	spin_unlock(&spares->lock);
	if (spares->due)
		spares->due(spares->context);
	return page;
}
