// SPDX-License-Identifier: GPL-2.0
/*
 * attach.c - the regions that are attached
 *
 * psw_attach_lock serialises attach and detach. It is outside every lock of the
 * hooks and of the engine. A store or load uses a region inside rcu_read_lock(). So
 * a detach makes the region unreachable, waits for a grace period, and then checks
 * that it holds no page.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "../layout/pmemswap_format.h"
#include "attach.h"
#include "device.h"
#include "disk.h"
#include "engine/store.h"
#include "hook_frontswap.h"
#include "params.h"
#include "sysfs.h"

/**
 * struct psw_attachment - a region that is attached
 * @link: in psw_attachments
 * @id: the N of /dev/pmemswapN
 * @path: the device it is on
 * @device: the device, mapped
 * @region: the region as a store of pages
 * @disk: its disk
 * @sweep: runs the sweep
 * @refill: replaces spare memory that stores have taken
 * @scrub: runs a batch of a scrub, and queues itself for the next
 */
struct psw_attachment {
	struct list_head link;
	int id;
	char *path;
	struct psw_device device;
	struct psw_region *region;
	struct psw_disk disk;
	struct work_struct sweep;
	struct work_struct refill;
	struct delayed_work scrub;
};

static DEFINE_MUTEX(psw_attach_lock);
static LIST_HEAD(psw_attachments);

static struct psw_attachment *psw_attachment_find(int id)
{
	struct psw_attachment *attachment;

	list_for_each_entry(attachment, &psw_attachments, link)
		if (attachment->id == id)
			return attachment;
	return NULL;
}

/* Foreign areas are served by the region that has been attached longest. */
static void psw_attach_choose_home(void)
{
	struct psw_attachment *first =
		list_first_entry_or_null(&psw_attachments,
					 struct psw_attachment, link);

	psw_frontswap_set_home(first && first->disk.published ?
			       first->region : NULL);
}

static void psw_sweep_work(struct work_struct *work)
{
	struct psw_attachment *attachment =
		container_of(work, struct psw_attachment, sweep);

	psw_sweep_run(attachment->region);
}

static void psw_sweep_due(void *context)
{
	struct psw_attachment *attachment = context;

	queue_work(system_unbound_wq, &attachment->sweep);
}

static void psw_refill_work(struct work_struct *work)
{
	struct psw_attachment *attachment =
		container_of(work, struct psw_attachment, refill);

	/* Without memory now, the next store that needs some asks again. */
	psw_spares_refill(attachment->region);
}

static void psw_spares_due(void *context)
{
	struct psw_attachment *attachment = context;

	queue_work(system_unbound_wq, &attachment->refill);
}

/* Batches of a scrub in a second. */
#define PSW_SCRUB_BATCHES	10u

/* Read a batch of slots; while the pass is under way, queue the next. */
static void psw_scrub_work(struct work_struct *work)
{
	struct psw_attachment *attachment =
		container_of(to_delayed_work(work), struct psw_attachment, scrub);
	u64 rate = READ_ONCE(psw_params.scrub_rate);
	u64 slots = rate * (SZ_1M / PSW_MEDIA_SLOT_BYTES) / PSW_SCRUB_BATCHES;

	if (psw_scrub_run(attachment->region,
			  rate ? min_t(u64, slots, U32_MAX) : U32_MAX))
		queue_delayed_work(system_unbound_wq, &attachment->scrub,
				   rate ? HZ / PSW_SCRUB_BATCHES : 0);
}

static void psw_scrub_due(void *context)
{
	struct psw_attachment *attachment = context;

	queue_delayed_work(system_unbound_wq, &attachment->scrub, 0);
}

static bool psw_attachment_next_bad(void *context, u64 off, u64 bytes,
				    u64 *bad_off, u64 *bad_bytes)
{
	struct psw_attachment *attachment = context;

	return psw_device_next_bad(&attachment->device, off, bytes, bad_off,
				   bad_bytes);
}

static unsigned int psw_attachment_bad_stamp(void *context)
{
	struct psw_attachment *attachment = context;

	return psw_device_bad_stamp(&attachment->device);
}

static int psw_attachment_open_region(struct psw_attachment *attachment)
{
	const struct psw_region_options options = {
		.name = attachment->path,
		.verify = psw_params.checksum,
		.zero_pages = psw_params.zero_pages,
		.wear_mode = psw_params.wear_mode,
		.wl_gap = psw_params.wear_gap,
		.wl_rate = psw_params.wear_rate,
		.next_bad = psw_attachment_next_bad,
		.bad_stamp = psw_attachment_bad_stamp,
		.sweep_due = psw_sweep_due,
		.scrub_due = psw_scrub_due,
		.spares_due = psw_spares_due,
		.context = attachment,
	};

	return psw_region_open(&attachment->region, &attachment->device.pmem,
			       &options);
}

static int psw_attachment_start(struct psw_attachment *attachment)
{
	int err;

	err = psw_device_open(&attachment->device, attachment->path);
	if (err)
		return err;
	err = psw_attachment_open_region(attachment);
	if (err)
		goto close_device;
	err = psw_disk_prepare(&attachment->disk, attachment->region,
			       attachment->id);
	if (err)
		goto close_region;
	return 0;

close_region:
	psw_region_close(attachment->region);
close_device:
	psw_device_close(&attachment->device);
	return err;
}

static void psw_attachment_free(struct psw_attachment *attachment)
{
	kfree(attachment->path);
	kfree(attachment);
}

static struct psw_attachment *psw_attachment_alloc(const char *path)
{
	struct psw_attachment *attachment;

	attachment = kzalloc(sizeof(*attachment), GFP_KERNEL);
	if (!attachment)
		return NULL;
	attachment->path = kstrdup(path, GFP_KERNEL);
	if (!attachment->path) {
		kfree(attachment);
		return NULL;
	}
	INIT_WORK(&attachment->sweep, psw_sweep_work);
	INIT_WORK(&attachment->refill, psw_refill_work);
	INIT_DELAYED_WORK(&attachment->scrub, psw_scrub_work);
	while (psw_attachment_find(attachment->id))
		attachment->id++;
	return attachment;
}

static int psw_attach_prepare_locked(const char *path)
{
	struct psw_attachment *attachment = psw_attachment_alloc(path);
	int err;

	if (!attachment)
		return -ENOMEM;
	if (attachment->id >= PSW_REGIONS_MAX) {
		pr_err("%s: %d regions are attached already, no more can be\n",
		       path, PSW_REGIONS_MAX);
		err = -ENOSPC;
		goto free;
	}
	err = psw_attachment_start(attachment);
	if (err) {
		pr_err("%s: not attached (error %d)\n", path, err);
		goto free;
	}
	list_add_tail(&attachment->link, &psw_attachments);
	return 0;

free:
	psw_attachment_free(attachment);
	return err;
}

/* The region is quiesced. */
static void psw_attachment_end(struct psw_attachment *attachment)
{
	list_del(&attachment->link);
	psw_attach_choose_home();
	psw_frontswap_forget(attachment->region);
	/* Nobody can start a scrub without the files in sysfs. */
	psw_disk_remove(&attachment->disk);
	cancel_delayed_work_sync(&attachment->scrub);
	cancel_work_sync(&attachment->refill);
	cancel_work_sync(&attachment->sweep);
	/* An error is logged, and no reason to stay attached. */
	psw_region_close(attachment->region);
	psw_device_close(&attachment->device);
	pr_info("%s: detached\n", attachment->path);
	psw_attachment_free(attachment);
}

static int psw_attachment_publish(struct psw_attachment *attachment)
{
	int err = psw_disk_publish(&attachment->disk, psw_sysfs_groups);

	if (err) {
		pr_err("%s: not attached: its disk cannot be added (error %d)\n",
		       attachment->path, err);
		return err;
	}
	pr_info("%s: attached as /dev/pmemswap%d: %u pages, %u slots retired; next: swapon /dev/pmemswap%d\n",
		attachment->path, attachment->id,
		psw_region_capacity(attachment->region),
		psw_region_bad_nr(attachment->region), attachment->id);
	return 0;
}

/*
 * A disk that cannot be added is detached again, but the kernel may still refer to it.
 * So the module stays loaded in either case. Return: 0 or the first error.
 */
static int psw_attach_publish_locked(void)
{
	struct psw_attachment *attachment, *next;
	bool published = false;
	int err = 0;

	list_for_each_entry_safe(attachment, next, &psw_attachments, link) {
		int one;

		if (attachment->disk.published)
			continue;
		one = psw_attachment_publish(attachment);
		published = true;
		if (one && !psw_disk_close(&attachment->disk))
			psw_attachment_end(attachment);
		err = err ? err : one;
	}
	if (published) {
		psw_attach_choose_home();
		psw_frontswap_register();
	}
	return err;
}

/**
 * psw_attach_prepare() - take all steps of an attach that can fail
 * @path: the device
 *
 * The disk is not visible before psw_attach_publish(). Until then,
 * psw_attach_discard() undoes everything.
 *
 * Context: may sleep.
 * Return: 0, or an error that the log explains.
 */
int psw_attach_prepare(const char *path)
{
	int err;

	mutex_lock(&psw_attach_lock);
	err = psw_attach_prepare_locked(path);
	mutex_unlock(&psw_attach_lock);
	return err;
}

/**
 * psw_attach_publish() - make the prepared regions visible to everybody
 *
 * A region whose disk cannot be added is detached again, and the log says so.
 *
 * Context: may sleep.
 */
void psw_attach_publish(void)
{
	mutex_lock(&psw_attach_lock);
	psw_attach_publish_locked();
	mutex_unlock(&psw_attach_lock);
}

/**
 * psw_attach() - attach the region on a device
 * @path: the device
 *
 * Context: may sleep.
 * Return: 0, or an error that the log explains.
 */
int psw_attach(const char *path)
{
	int err;

	mutex_lock(&psw_attach_lock);
	err = psw_attach_prepare_locked(path);
	if (!err)
		err = psw_attach_publish_locked();
	mutex_unlock(&psw_attach_lock);
	return err;
}

/* Reject opens and stores; nothing uses the region afterwards. */
static int psw_attachment_quiesce(struct psw_attachment *attachment)
{
	int err;

	err = psw_disk_close(&attachment->disk);
	if (err) {
		pr_err("%s: /dev/pmemswap%d is in use: swapoff and close it first\n",
		       attachment->path, attachment->id);
		return err;
	}
	err = psw_region_quiesce(attachment->region);
	if (err) {
		psw_disk_reopen(&attachment->disk);
		pr_err("%s: %llu pages are held: swapoff first, or blkdiscard /dev/pmemswap%d if they were written to it by hand\n",
		       attachment->path,
		       psw_region_stat(attachment->region, PSW_STAT_PAGES),
		       attachment->id);
	}
	return err;
}

static int psw_detach_locked(struct psw_attachment *attachment)
{
	int err = psw_attachment_quiesce(attachment);

	if (!err)
		psw_attachment_end(attachment);
	return err;
}

/**
 * psw_detach() - detach a region
 * @id: the N of /dev/pmemswapN
 *
 * If the slot table cannot be written, because the device failed or was removed,
 * the log says so, and the region is detached all the same.
 *
 * Context: may sleep.
 * Return: 0; -EBUSY if it holds pages or its disk is open; -ENODEV if there
 *	is no such region.
 */
int psw_detach(int id)
{
	struct psw_attachment *attachment;
	int err = -ENODEV;

	mutex_lock(&psw_attach_lock);
	attachment = psw_attachment_find(id);
	if (attachment)
		err = psw_detach_locked(attachment);
	else
		pr_err("pmemswap%d is not attached\n", id);
	mutex_unlock(&psw_attach_lock);
	return err;
}

/* Whether a page is in the region, or whoever has its disk open can store one. */
static bool psw_attachment_in_use(struct psw_attachment *attachment)
{
	return psw_disk_has_writers(&attachment->disk) ||
	       psw_region_stat(attachment->region, PSW_STAT_PAGES);
}

/**
 * psw_attach_hibernate() - see whether the machine may hibernate
 *
 * Context: may sleep.
 * Return: 0, or -EBUSY if a region is in use; the log says which.
 */
int psw_attach_hibernate(void)
{
	struct psw_attachment *attachment;
	int err = 0;

	mutex_lock(&psw_attach_lock);
	list_for_each_entry(attachment, &psw_attachments, link) {
		if (!psw_attachment_in_use(attachment))
			continue;
		pr_err("%s: in use, and its pages do not survive a boot, so hibernation is refused: swapoff /dev/pmemswap%d first\n",
		       attachment->path, attachment->id);
		err = -EBUSY;
	}
	mutex_unlock(&psw_attach_lock);
	return err;
}

/*
 * A region that holds no page is closed in order: it rejects stores from now on, so
 * the kernel keeps its pages in memory. One that holds pages stays in use, because
 * programs may need them until the power is off.
 */
static void psw_attachment_shutdown(struct psw_attachment *attachment)
{
	if (!psw_region_quiesce(attachment->region))
		cancel_work_sync(&attachment->sweep);
	psw_region_checkpoint(attachment->region);
}

/**
 * psw_attach_shutdown() - write what has to survive before the power goes
 *
 * Context: may sleep; the machine goes down. It shall not hang for an attach or a
 * detach that does, so there is nothing to do if one is under way.
 */
void psw_attach_shutdown(void)
{
	struct psw_attachment *attachment;

	if (!mutex_trylock(&psw_attach_lock))
		return;
	list_for_each_entry(attachment, &psw_attachments, link)
		psw_attachment_shutdown(attachment);
	mutex_unlock(&psw_attach_lock);
}

/**
 * psw_attach_suspend() - write what has to survive if the machine never wakes up
 *
 * Context: may sleep.
 */
void psw_attach_suspend(void)
{
	struct psw_attachment *attachment;

	mutex_lock(&psw_attach_lock);
	list_for_each_entry(attachment, &psw_attachments, link)
		psw_region_checkpoint(attachment->region);
	mutex_unlock(&psw_attach_lock);
}

/**
 * psw_attach_discard() - detach what was prepared and not published
 *
 * Context: may sleep.
 */
void psw_attach_discard(void)
{
	struct psw_attachment *attachment, *next;

	mutex_lock(&psw_attach_lock);
	list_for_each_entry_safe(attachment, next, &psw_attachments, link)
		if (!attachment->disk.published)
			psw_attachment_end(attachment);
	mutex_unlock(&psw_attach_lock);
}
