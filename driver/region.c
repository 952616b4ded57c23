// SPDX-License-Identifier: GPL-2.0
/*
 * region.c - a region from open to close
 *
 * Nothing is written before everything that was read has been believed.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include "engine.h"

/* Of a hundred slots, how many no swap area is promised: see psw_region_reserve() */
#define PSW_RESERVE_PERCENT	1
#define PSW_RESERVE_MIN		32u

/**
 * psw_stat_sum() - add a counter up over all CPUs
 * @stats: the counters
 * @stat: which
 *
 * Context: any.
 * Return: the sum; exact when nothing else runs.
 */
u64 psw_stat_sum(struct psw_stats __percpu *stats, enum psw_stat stat)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(stats, cpu)->count[stat]);
	return sum;
}

/**
 * psw_region_reserve() - slots that are promised to nobody
 * @region: the region
 *
 * Pages that were promised room find it although slots are retired, or moved
 * to, while a swap area is in use.
 *
 * Return: how many slots.
 */
u32 psw_region_reserve(const struct psw_region *region)
{
	return max_t(u32, region->geo.slots_nr / 100 * PSW_RESERVE_PERCENT,
		     PSW_RESERVE_MIN);
}

/**
 * psw_region_capacity() - pages that find a slot for certain
 * @region: the region
 *
 * Return: how many; 0 if nearly every slot is retired.
 */
u32 psw_region_capacity(const struct psw_region *region)
{
	u32 taken = psw_region_reserve(region) +
		    atomic_read(&region->slots.bad_nr);

	return taken < region->geo.slots_nr ? region->geo.slots_nr - taken : 0;
}

/**
 * psw_region_bind() - serve a swap area that is not the disk's
 * @region: the region
 * @area: the area; its number is below PSW_FOREIGN_AREAS
 *
 * Context: any, inside rcu_read_lock().
 * Return: false if another region serves it.
 */
bool psw_region_bind(struct psw_region *region, struct psw_area *area)
{
	struct psw_region *bound = cmpxchg(&area->region, NULL, region);

	if (bound && bound != region)
		return false;
	/* Pairs with psw_region_area(). */
	smp_store_release(&region->foreign[area->number], area);
	return true;
}

/**
 * psw_region_unbind() - undo psw_region_bind()
 * @region: the region, serving @area
 * @area: the area; nobody stores to it any more
 *
 * Context: may sleep; frees the pages and the memory of @area.
 */
void psw_region_unbind(struct psw_region *region, struct psw_area *area)
{
	WRITE_ONCE(region->foreign[area->number], NULL);
	synchronize_rcu();
	psw_invalidate_area(area);
	WRITE_ONCE(area->region, NULL);
}

/**
 * psw_region_area() - the area of a number
 * @region: the region
 * @number: as in the owner_area of a slot; may be stale
 *
 * Context: any, inside rcu_read_lock().
 * Return: the area, or NULL if the region serves none of that number.
 */
struct psw_area *psw_region_area(struct psw_region *region, u16 number)
{
	if (number == PSW_MEDIA_AREA_DISK)
		return region->disk;
	if (number >= PSW_FOREIGN_AREAS)
		return NULL;
	/* Pairs with psw_region_bind(). */
	return smp_load_acquire(&region->foreign[number]);
}

/* Retire the slots that lie, in part or whole, in ranges known to be bad. */
static void psw_region_exclude(struct psw_region *region)
{
	const struct psw_region_options *options = &region->options;
	u64 end = region->geo.data_off +
		  region->geo.slots_nr * PSW_MEDIA_SLOT_BYTES;
	u64 off = region->geo.data_off;
	u64 bad_off, bad_bytes;

	while (off < end && options->next_bad &&
	       options->next_bad(options->context, off, end - off, &bad_off,
				 &bad_bytes)) {
		u64 slot = (bad_off - region->geo.data_off) / PSW_MEDIA_SLOT_BYTES;

		for (; psw_slot_off(&region->geo, slot) < min(bad_off + bad_bytes, end);
		     slot++)
			psw_badlist_retire(region, slot, PSW_MEDIA_BAD_BADBLOCK);
		off = psw_slot_off(&region->geo, slot);
		cond_resched();
	}
}

/* Read and believe; nothing is written. */
static int psw_region_load(struct psw_region *region)
{
	struct psw_recovery recovery = {};
	bool is_unclean;
	int err;

	err = psw_super_load(region);
	if (err)
		return err;
	region->loaded.slot_writes = le64_to_cpu(region->super.slot_writes);
	region->loaded.moved_writes = le64_to_cpu(region->super.moved_writes);
	region->loaded.meta_bytes = le64_to_cpu(region->super.meta_bytes);
	region->loaded.lost_pages = le64_to_cpu(region->super.lost_pages);

	err = psw_slots_init(&region->slots, region->geo.slots_nr);
	if (err)
		return err;
	is_unclean = le32_to_cpu(region->super.state) == PSW_MEDIA_STATE_ATTACHED;
	err = psw_table_load(region, is_unclean ? &recovery : NULL);
	if (err)
		return err;
	if (is_unclean) {
		pr_info("%s: was not detached in order: up to one round of wear was not written down and is estimated\n",
			region->options.name);
		psw_recover_wear(&recovery, region);
	}
	return psw_badlist_load(region);
}

/* From here on the region is marked as in use. */
static int psw_region_start(struct psw_region *region)
{
	struct psw_wear wear;
	int err;

	psw_region_exclude(region);
	if (!psw_region_capacity(region)) {
		pr_err("%s: %d of %llu slots are retired: too few are left; replace the medium\n",
		       region->options.name,
		       atomic_read(&region->slots.bad_nr), region->geo.slots_nr);
		return -ENOSPC;
	}
	psw_slots_wear(&region->slots, &wear);
	region->wear_mean = div_u64(wear.sum, wear.slots);
	err = psw_slots_open(&region->slots, wear.min);
	if (err)
		return err;
	err = psw_sweep_init(region);
	if (err)
		return err;
	err = psw_wl_init(region);
	if (err)
		return err;

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
	psw_slots_destroy(&region->slots);
	free_page((unsigned long)region->bounce);
	free_percpu(region->stats);
	kvfree(region);
}

static struct psw_region *psw_region_alloc(const struct psw_pmem *pmem,
					   const struct psw_region_options *options)
{
	struct psw_region *region = kvzalloc(sizeof(*region), GFP_KERNEL);

	if (!region)
		return NULL;
	region->pmem = pmem;
	region->options = *options;
	mutex_init(&region->meta_lock);
	spin_lock_init(&region->bad_lock);
	region->stats = alloc_percpu(struct psw_stats);
	region->disk = psw_area_create(PSW_MEDIA_AREA_DISK);
	region->bounce = (void *)__get_free_page(GFP_KERNEL);
	if (!region->stats || !region->disk || !region->bounce) {
		psw_region_free(region);
		return NULL;
	}
	region->disk->region = region;
	return region;
}

/**
 * psw_region_open() - make a store of a formatted region
 * @result: the region, if all is well
 * @pmem: the mapped region; outlives @result
 * @options: how to run it; copied
 *
 * What keeps a region from being opened is told in the log, with what to do.
 *
 * Context: may sleep.
 * Return: 0; -EINVAL, -EOPNOTSUPP or -EUCLEAN if it is none that this code can
 *	use; -ENODEV if the device was removed; -ENOSPC if nearly every slot is
 *	retired; -ENOMEM.
 */
int psw_region_open(struct psw_region **result, const struct psw_pmem *pmem,
		    const struct psw_region_options *options)
{
	struct psw_region *region = psw_region_alloc(pmem, options);
	int cookie;
	int err;

	if (!region)
		return -ENOMEM;

	err = -ENODEV;
	if (psw_pmem_enter(region->pmem, &cookie)) {
		err = psw_region_load(region);
		if (!err)
			err = psw_region_start(region);
	}
	psw_pmem_exit(cookie);

	if (err)
		psw_region_free(region);
	else
		*result = region;
	return err;
}

/**
 * psw_region_quiesce() - let no page in any more
 * @region: the region
 *
 * Context: may sleep.
 * Return: 0, or -EBUSY if it holds pages; stores are let in again then.
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
 * psw_region_close() - write the slot table, mark the region clean, free it
 * @region: the region; quiesced, and used by nobody else
 *
 * Context: may sleep.
 * Return: 0, or what kept the table from being written; it is closed anyhow.
 */
int psw_region_close(struct psw_region *region)
{
	int err = psw_sweep_checkpoint(region, PSW_MEDIA_STATE_CLEAN);

	psw_invalidate_area(region->disk);
	psw_region_free(region);
	return err;
}
