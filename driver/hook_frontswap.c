// SPDX-License-Identifier: GPL-2.0
/*
 * hook_frontswap.c - pages that arrive through frontswap, up to 5.16
 *
 * frontswap names a page by swap type and offset. The kernel reuses type numbers
 * after swapoff, and never says which device a type stands for. So the swap area
 * of a type is learned at the first store, and forgotten at invalidate_area. The
 * kernel asks every backend about every page, so unknown types are normal.
 *
 * Lookups run inside rcu_read_lock(). psw_types_lock serialises changes of what a
 * type stands for. It is outside every lock of the engine.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/frontswap.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/rcupdate.h>
#include <linux/swap.h>
#include "compat.h"
#include "disk.h"
#include "engine/store.h"
#include "hook_disk.h"
#include "hook_frontswap.h"
#include "params.h"

#ifndef CONFIG_FRONTSWAP
#error "pmemswap: the kernel must be configured with FRONTSWAP"
#endif

static_assert(MAX_SWAPFILES <= PSW_FOREIGN_AREAS);

/* Leave the reserves to reclaim: a store may be rejected. */
#define PSW_FRONTSWAP_GFP	(GFP_NOWAIT | __GFP_NOMEMALLOC | __GFP_NOWARN)

/**
 * struct psw_type - what a swap type stands for
 * @area: the swap area of its pages, once learned
 * @foreign: with areas=any, an area of its own, for a device that is not our disk
 */
struct psw_type {
	struct psw_area *area;
	struct psw_area *foreign;
};

static DEFINE_MUTEX(psw_types_lock);
static struct psw_type psw_types[MAX_SWAPFILES];
static bool psw_registered;

/* The region that serves foreign areas, or NULL. */
static struct psw_region __rcu *psw_home;

/*
 * The area of a type that is no disk of ours, bound to a region on first use. It
 * may still be bound to a region that is closing; psw_frontswap_forget() ends that.
 */
static struct psw_area *psw_type_foreign(struct psw_type *type)
{
	struct psw_area *area = READ_ONCE(type->foreign);
	struct psw_region *region = rcu_dereference(psw_home);

	if (!area || !region || psw_region_is_closing(region))
		return NULL;
	return psw_area_bind(area, region) ? area : NULL;
}

static struct psw_area *psw_type_learn(struct psw_type *type, struct page *page)
{
	struct gendisk *gendisk = psw_page_gendisk(page);
	struct psw_area *area = gendisk ? psw_disk_area(gendisk) : NULL;

	if (!area)
		area = psw_type_foreign(type);
	if (area) {
		/* Pairs with psw_type_area(): the region is published too. */
		smp_store_release(&type->area, area);
	}
	return area;
}

static struct psw_area *psw_type_area(struct psw_type *type)
{
	/* Pairs with psw_type_learn(). */
	return smp_load_acquire(&type->area);
}

static int psw_frontswap_store_page(struct psw_area *area, pgoff_t offset,
				    struct page *page)
{
	void *src;
	int err;

	/* frontswap counts a huge page as one page, so it must arrive as a bio. */
	if (PageTransHuge(page))
		return psw_reject(area, offset, PSW_STAT_REJECT_COMPOUND,
				  -EINVAL);
	src = kmap_local_page(page);
	err = psw_store(area, offset, src, PSW_FRONTSWAP_GFP);
	kunmap_local(src);
	return err;
}

static int psw_frontswap_store(unsigned int type, pgoff_t offset,
			       struct page *page)
{
	struct psw_area *area;
	int err = -ENODEV;

	rcu_read_lock();
	area = psw_type_area(&psw_types[type]);
	if (!area)
		area = psw_type_learn(&psw_types[type], page);
	if (area)
		err = psw_frontswap_store_page(area, offset, page);
	rcu_read_unlock();
	return err;
}

/*
 * After a failed load the kernel reads the swap device. Our disk answers with an
 * I/O error; any other device returns whatever it last held, and there is no way to
 * report an error. So the machine stops, unless the user prefers stale data.
 */
static void psw_foreign_page_lost(const struct psw_area *area, pgoff_t offset)
{
	if (psw_params.lost_page == PSW_LOST_PAGE_PANIC)
		panic("pmemswap: page %lu of swap type %u is lost, its device holds stale data, and lost_page=panic forbids to go on",
		      offset, psw_area_number(area));
	pr_crit_ratelimited("page %lu of swap type %u is lost: the kernel now reads stale data from its device\n",
		offset, psw_area_number(area));
}

static int psw_frontswap_load(unsigned int type, pgoff_t offset,
			      struct page *page)
{
	struct psw_area *area;
	int err = -ENOENT;
	void *dst;

	rcu_read_lock();
	area = psw_type_area(&psw_types[type]);
	if (area) {
		dst = kmap_local_page(page);
		err = psw_load(area, offset, dst);
		kunmap_local(dst);
		flush_dcache_page(page);
		if (err == -EIO && psw_area_is_foreign(area))
			psw_foreign_page_lost(area, offset);
	}
	rcu_read_unlock();
	return err;
}

static void psw_frontswap_invalidate_page(unsigned int type, pgoff_t offset)
{
	struct psw_area *area;

	rcu_read_lock();
	area = psw_type_area(&psw_types[type]);
	if (area)
		psw_invalidate_page(area, offset);
	rcu_read_unlock();
}

/* Free an area that no type stands for any more, with its pages. */
static void psw_foreign_destroy(struct psw_area *foreign)
{
	synchronize_rcu();
	if (psw_area_region(foreign))
		psw_area_unbind(foreign);
	psw_area_destroy(foreign);
}

static void psw_frontswap_invalidate_area(unsigned int nr)
{
	struct psw_type *type = &psw_types[nr];
	struct psw_area *foreign, *area;

	mutex_lock(&psw_types_lock);
	foreign = xchg(&type->foreign, NULL);
	if (foreign)
		synchronize_rcu();	/* nobody is learning it any more */
	area = xchg(&type->area, NULL);
	if (area && area != foreign)
		psw_invalidate_area(area);
	if (foreign)
		psw_foreign_destroy(foreign);
	mutex_unlock(&psw_types_lock);
}

/* The kernel may call it twice for an area, or not at all. */
static void psw_frontswap_init(unsigned int type)
{
	mutex_lock(&psw_types_lock);
	if (psw_params.areas_any && !psw_types[type].foreign)
		WRITE_ONCE(psw_types[type].foreign, psw_area_create(type));
	mutex_unlock(&psw_types_lock);
}

static struct frontswap_ops psw_frontswap_ops = {
	.init		 = psw_frontswap_init,
	.store		 = psw_frontswap_store,
	.load		 = psw_frontswap_load,
	.invalidate_page = psw_frontswap_invalidate_page,
	.invalidate_area = psw_frontswap_invalidate_area,
};

/**
 * psw_frontswap_register() - register with frontswap, once
 *
 * A kernel cannot unregister a frontswap backend. So the module can never be
 * unloaded afterwards.
 *
 * Context: may sleep.
 */
void psw_frontswap_register(void)
{
	bool first;

	mutex_lock(&psw_types_lock);
	first = !psw_registered;
	psw_registered = true;
	mutex_unlock(&psw_types_lock);
	if (!first)
		return;
	__module_get(THIS_MODULE);
	frontswap_register_ops(&psw_frontswap_ops);
}

/**
 * psw_frontswap_set_home() - choose the region that serves foreign areas
 * @region: the region, or NULL; a grace period must pass before the old one is
 *	freed, which psw_frontswap_forget() waits for
 *
 * Context: any.
 */
void psw_frontswap_set_home(struct psw_region *region)
{
	rcu_assign_pointer(psw_home, region);
}

/**
 * psw_frontswap_forget() - let no type stand for an area of a region any more
 * @region: the region; it holds no page, rejects stores and is not the home
 *
 * Context: may sleep.
 */
void psw_frontswap_forget(struct psw_region *region)
{
	unsigned int i;

	mutex_lock(&psw_types_lock);
	for (i = 0; i < MAX_SWAPFILES; i++) {
		struct psw_type *type = &psw_types[i];

		if (type->area && psw_area_region(type->area) == region)
			WRITE_ONCE(type->area, NULL);
	}
	synchronize_rcu();
	for (i = 0; i < MAX_SWAPFILES; i++) {
		struct psw_area *foreign = psw_types[i].foreign;

		/* From now on it may be bound to another region. */
		if (foreign && psw_area_region(foreign) == region)
			psw_area_unbind(foreign);
	}
	mutex_unlock(&psw_types_lock);
}
