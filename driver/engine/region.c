// SPDX-License-Identifier: GPL-2.0
/*
 * region.c - a region from open to close
 *
 * Nothing is written to the medium until all that was read has been checked.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include "badblock.h"
#include "badlist.h"
#include "mem.h"
#include "recover.h"
#include "region.h"
#include "super.h"
#include "table.h"

/* Take a step of an open inside psw_pmem_enter(). */
static int psw_region_inside(struct psw_region *region,
			     int (*step)(struct psw_region *region))
{
	int cookie;
	int err;

	if (!psw_pmem_enter(region->pmem, &cookie))
		return -ENODEV;
	err = step(region);
	psw_pmem_exit(cookie);
	return err;
}

static int psw_region_load_badlist(struct psw_region *region)
{
	psw_badlist_load(region);
	return 0;
}

/* Read the slot table and the bad-slot list, and estimate what they do not tell. */
static int psw_region_load_slots(struct psw_region *region)
{
	struct psw_recovery recovery;
	int err;

	err = psw_recovery_init(&recovery, region);
	if (err)
		return err;
	err = psw_table_load(region, &recovery);
	if (!err)
		err = psw_region_inside(region, psw_region_load_badlist);
	if (!err) {
		psw_recover_wear(&recovery, region);
		psw_recover_lost(&recovery, region);
	}
	psw_recovery_destroy(&recovery);
	return err;
}

/* Memory that a region needs for its slots, in MiB, rounded up. */
static u64 psw_region_mib_needed(const struct psw_region *region)
{
	/* Recovery takes two bits a slot, for a while. */
	u64 bytes = region->geo.slots_nr * sizeof(struct psw_slot_info) +
		    region->geo.slots_nr / 4;

	return DIV_ROUND_UP_ULL(bytes, 1 << 20);
}

static int psw_region_refuse_memory(const struct psw_region *region)
{
	pr_err("%s: not enough memory: %llu MiB are needed for its slots, and %ld MiB are available: free memory, or use a smaller namespace\n",
	       region->options.name, psw_region_mib_needed(region),
	       si_mem_available() >> (20 - PAGE_SHIFT));
	return -ENOMEM;
}

/*
 * Even an allocation that never calls the OOM killer may take the last free memory,
 * and then somebody else calls it. So none is tried that cannot succeed.
 */
static bool psw_region_fits_memory(const struct psw_region *region)
{
	long available = si_mem_available();

	return available > 0 &&
	       psw_region_mib_needed(region) < (u64)available >> (20 - PAGE_SHIFT);
}

/* Read and check everything; write nothing. */
static int psw_region_load(struct psw_region *region)
{
	int err;

	err = psw_region_inside(region, psw_super_load);
	if (err)
		return err;
	if (!psw_region_fits_memory(region))
		return -ENOMEM;
	err = psw_slots_init(&region->slots, region->geo.slots_nr);
	if (err)
		return err;
	return psw_region_load_slots(region);
}

/* Retire bad slots; refuse a region that has too few others. */
static int psw_region_check_capacity(struct psw_region *region)
{
	psw_badblock_exclude(region);
	if (psw_region_capacity(region))
		return 0;
	pr_err("%s: %u of %llu slots are retired: too few are left; replace the medium\n",
	       region->options.name, psw_region_bad_nr(region),
	       region->geo.slots_nr);
	return -ENOSPC;
}

static int psw_region_prepare(struct psw_region *region)
{
	int err;

	psw_slots_scan(&region->slots, &region->wear, 0, NULL, 0);
	region->wear_mean = div_u64(region->wear.sum, region->wear.slots_nr);
	err = psw_slots_open(&region->slots, region->wear.min);
	if (err)
		return err;
	psw_badblock_watch(region);
	err = psw_sweep_init(region);
	if (err)
		return err;
	return psw_wl_init(region);
}

/* From here on the medium says that the region is attached. */
static int psw_region_start(struct psw_region *region)
{
	int err;

	mutex_lock(&region->meta_lock);
	le64_add_cpu(&region->super.attach_generation, 1);
	region->super.attach_time = cpu_to_le64(ktime_get_real_seconds());
	err = psw_super_write(region, PSW_MEDIA_STATE_ATTACHED);
	mutex_unlock(&region->meta_lock);
	return err;
}

static void psw_region_free(struct psw_region *region)
{
	psw_area_destroy(region->disk);
	psw_wl_destroy(region);
	psw_sweep_destroy(region);
	psw_scrub_destroy(region);
	psw_spares_destroy(region);
	psw_slots_destroy(&region->slots);
	free_page((unsigned long)region->bounce);
	free_percpu(region->stats);
	kvfree(region);
}

static struct psw_region *psw_region_alloc(const struct psw_pmem *pmem,
					   const struct psw_region_options *options)
{
	struct psw_region *region = kvzalloc(sizeof(*region), PSW_GFP);

	if (!region)
		return NULL;
	region->pmem = pmem;
	region->options = *options;
	mutex_init(&region->sweep.lock);
	mutex_init(&region->meta_lock);
	spin_lock_init(&region->wear_lock);
	spin_lock_init(&region->bad_lock);
	region->stats = alloc_percpu(struct psw_stats);
	region->disk = psw_area_create(PSW_MEDIA_AREA_DISK);
	region->bounce = (void *)__get_free_page(PSW_GFP);
	if (psw_scrub_init(region) || psw_spares_init(region) || !region->stats ||
	    !region->disk || !region->bounce) {
		psw_region_free(region);
		return NULL;
	}
	region->disk->region = region;
	return region;
}

/* The removal of any DAX device waits for each step, so none of them is long. */
static int psw_region_open_steps(struct psw_region *region)
{
	int err;

	err = psw_region_load(region);
	if (err == -ENOMEM)
		return psw_region_refuse_memory(region);
	if (err)
		return err;
	err = psw_region_inside(region, psw_region_check_capacity);
	if (err)
		return err;
	err = psw_region_prepare(region);
	if (err)
		return err;
	return psw_region_inside(region, psw_region_start);
}

/**
 * psw_region_open() - open a formatted region as a store of pages
 * @result: the region, if 0 is returned
 * @pmem: the mapped region; outlives @result
 * @options: how it is run; copied
 *
 * The log says why a region cannot be opened, and what to do.
 *
 * Context: may sleep.
 * Return: 0; -EINVAL, -EOPNOTSUPP or -EUCLEAN if it is no region that this code
 *	can use; -ENODEV if the device was removed; -ENOSPC if nearly every slot
 *	is retired; -ENOMEM.
 */
int psw_region_open(struct psw_region **result, const struct psw_pmem *pmem,
		    const struct psw_region_options *options)
{
	struct psw_region *region = psw_region_alloc(pmem, options);
	int err;

	if (!region)
		return -ENOMEM;
	err = psw_region_open_steps(region);
	if (err)
		psw_region_free(region);
	else
		*result = region;
	return err;
}

/**
 * psw_region_quiesce() - reject stores from now on
 * @region: the region
 *
 * Context: may sleep.
 * Return: 0, or -EBUSY if it holds pages; then stores are accepted again.
 */
int psw_region_quiesce(struct psw_region *region)
{
	WRITE_ONCE(region->closing, true);
	synchronize_rcu();
	if (!psw_region_stat(region, PSW_STAT_PAGES))
		return 0;
	psw_region_resume(region);
	return -EBUSY;
}

/* Undo psw_region_quiesce(). */
void psw_region_resume(struct psw_region *region)
{
	WRITE_ONCE(region->closing, false);
}

/**
 * psw_region_checkpoint() - bring the slot table on the medium up to date
 * @region: the region; it stays in use
 *
 * A region that is quiesced is marked clean, because it takes no page any more.
 *
 * Context: may sleep. Stores and loads may run at the same time.
 * Return: 0, or why the table could not be written, which is logged.
 */
int psw_region_checkpoint(struct psw_region *region)
{
	return psw_sweep_checkpoint(region, READ_ONCE(region->closing) ?
					    PSW_MEDIA_STATE_CLEAN :
					    PSW_MEDIA_STATE_ATTACHED);
}

/**
 * psw_region_close() - write the slot table, mark the region clean, free it
 * @region: the region; quiesced, and used by nobody else
 *
 * Context: may sleep.
 * Return: 0, or why the table could not be written; it is closed in any case.
 */
int psw_region_close(struct psw_region *region)
{
	int err = psw_sweep_checkpoint(region, PSW_MEDIA_STATE_CLEAN);

	psw_invalidate_area(region->disk);
	psw_region_free(region);
	return err;
}
