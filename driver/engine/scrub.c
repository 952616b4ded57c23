// SPDX-License-Identifier: GPL-2.0
/*
 * scrub.c - a pass that reads all slots in use, to find lost pages early
 *
 * A page that is not needed for weeks may be lost for weeks before anybody notices.
 * A scrub reads each slot in use the way a load does. So it finds what a load would
 * find, and a page that it finds lost is lost in the same way (load.c).
 *
 * The pass goes by slots, and pages may change their slot meanwhile. A page that a
 * move carries past the pass was verified by the move. A page that is stored
 * meanwhile is new. So after a pass, each page was read since the pass began, or was
 * written since.
 *
 * Each slot is read inside its own psw_pmem_enter(), so neither a removal of the
 * device nor a grace period waits for a pass.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include "load.h"
#include "mem.h"
#include "region.h"

/* A run looks at no more slots than this, so that stopping a pass takes no time. */
#define PSW_SCRUB_LOOKS		65536u

/**
 * psw_scrub_init() - prepare a region for scrubs
 * @region: the region
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int psw_scrub_init(struct psw_region *region)
{
	mutex_init(&region->scrub.lock);
	region->scrub.page = (void *)__get_free_page(PSW_GFP);
	return region->scrub.page ? 0 : -ENOMEM;
}

void psw_scrub_destroy(struct psw_region *region)
{
	free_page((unsigned long)region->scrub.page);
}

/* Read the next slot, if it is in use. Return: 0 or -ENODEV. */
static int psw_scrub_step(struct psw_region *region)
{
	struct psw_scrub *scrub = &region->scrub;
	int err = psw_page_check(region, scrub->slot, scrub->page);

	if (err == -ENODEV)
		return err;
	scrub->slot++;
	if (err == -ENOENT)
		return 0;
	scrub->read_nr++;
	scrub->lost_nr += err == -EIO;
	psw_region_count(region, PSW_STAT_SCRUB_SLOTS, 1);
	return 0;
}

static void psw_scrub_end(struct psw_region *region, const char *how)
{
	struct psw_scrub *scrub = &region->scrub;

	lockdep_assert_held(&scrub->lock);
	WRITE_ONCE(scrub->running, false);
	pr_info("%s: scrub %s: %llu slots read, %llu pages found lost\n",
		region->options.name, how, scrub->read_nr, scrub->lost_nr);
}

/* Read up to @slots_max slots. */
static void psw_scrub_batch(struct psw_region *region, u32 slots_max)
{
	struct psw_scrub *scrub = &region->scrub;
	u64 enough = scrub->read_nr + slots_max;
	u32 looks = 0;

	while (scrub->slot < region->geo.slots_nr && scrub->read_nr < enough &&
	       looks++ < PSW_SCRUB_LOOKS) {
		if (psw_scrub_step(region)) {
			psw_scrub_end(region, "stopped, as the device was removed");
			return;
		}
		cond_resched();
	}
	if (scrub->slot >= region->geo.slots_nr)
		psw_scrub_end(region, "done");
}

/**
 * psw_scrub_start() - begin a pass over all slots in use
 * @region: the region
 *
 * Calls scrub_due of the options; psw_scrub_run() then does the work. A pass that is
 * under way goes on.
 *
 * Context: may sleep.
 */
void psw_scrub_start(struct psw_region *region)
{
	struct psw_scrub *scrub = &region->scrub;

	mutex_lock(&scrub->lock);
	if (!scrub->running) {
		WRITE_ONCE(scrub->running, true);
		scrub->slot = 0;
		scrub->read_nr = 0;
		scrub->lost_nr = 0;
	}
	mutex_unlock(&scrub->lock);
	if (region->options.scrub_due)
		region->options.scrub_due(region->options.context);
}

/**
 * psw_scrub_stop() - end the pass that is under way, if there is one
 * @region: the region
 *
 * Context: may sleep; waits for a psw_scrub_run() to end.
 */
void psw_scrub_stop(struct psw_region *region)
{
	mutex_lock(&region->scrub.lock);
	if (region->scrub.running)
		psw_scrub_end(region, "stopped");
	mutex_unlock(&region->scrub.lock);
}

/* Whether a pass is under way. */
bool psw_scrub_is_running(const struct psw_region *region)
{
	return READ_ONCE(region->scrub.running);
}

/**
 * psw_scrub_run() - read some slots of the pass that is under way
 * @region: the region
 * @slots_max: how many slots to read; at least 1
 *
 * Context: may sleep. Stores, loads and the sweep may run at the same time.
 * Return: true if the pass is not at its end; then this must be called again.
 */
bool psw_scrub_run(struct psw_region *region, u32 slots_max)
{
	bool more;

	mutex_lock(&region->scrub.lock);
	if (region->scrub.running)
		psw_scrub_batch(region, slots_max);
	more = region->scrub.running;
	mutex_unlock(&region->scrub.lock);
	return more;
}
