// SPDX-License-Identifier: GPL-2.0
/*
 * attach.c - regions attached to the kernel
 *
 * psw_attach_lock is outside every lock of the engine and serialises attach and
 * detach. A store or load finds its region under rcu_read_lock(); detach therefore
 * first closes the doors, then waits for a grace period, then counts pages.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include "attach.h"

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

/**
 * psw_attached_region() - where pages of a swap device that is not ours go
 *
 * Context: inside rcu_read_lock(), which also keeps the region.
 * Return: the region attached longest, or NULL if there is none.
 */
struct psw_region *psw_attached_region(void)
{
	struct psw_attachment *attachment;

	attachment = list_first_or_null_rcu(&psw_attachments,
					    struct psw_attachment, link);
	return attachment ? attachment->region : NULL;
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

static bool psw_attachment_next_bad(void *context, u64 off, u64 bytes,
				    u64 *bad_off, u64 *bad_bytes)
{
	struct psw_attachment *attachment = context;

	return psw_device_next_bad(&attachment->device, off, bytes, bad_off,
				   bad_bytes);
}

static int psw_attachment_open_region(struct psw_attachment *attachment)
{
	const struct psw_region_options options = {
		.name = attachment->path,
		.verify = psw_param_checksum,
		.zero_pages = psw_param_zero_pages,
		.wear_mode = psw_wear_mode,
		.wl_gap = psw_param_wear_gap,
		.wl_rate = psw_param_wear_rate,
		.next_bad = psw_attachment_next_bad,
		.sweep_due = psw_sweep_due,
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
	err = psw_disk_prepare(attachment);
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
	if (attachment->id >= PSW_ATTACHMENTS_MAX) {
		pr_err("%s: %d regions are attached already, no more can be\n",
		       path, PSW_ATTACHMENTS_MAX);
		err = -ENOSPC;
		goto free;
	}
	err = psw_attachment_start(attachment);
	if (err)
		goto free;
	list_add_tail_rcu(&attachment->link, &psw_attachments);
	return 0;

free:
	psw_attachment_free(attachment);
	return err;
}

static void psw_attach_publish_locked(void)
{
	struct psw_attachment *attachment;

	list_for_each_entry(attachment, &psw_attachments, link) {
		if (attachment->disk.published)
			continue;
		psw_disk_publish(&attachment->disk);
		pr_info("%s: attached as /dev/pmemswap%d: %u pages, %d slots retired; next: swapon /dev/pmemswap%d\n",
			attachment->path, attachment->id,
			psw_region_capacity(attachment->region),
			atomic_read(&attachment->region->slots.bad_nr),
			attachment->id);
	}
}

/**
 * psw_attach_prepare() - attach the region on a device, as far as that can fail
 * @path: the device
 *
 * Nobody sees the disk before psw_attach_publish(), so the region can still
 * be given up by psw_attach_discard().
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
 * psw_attach_publish() - let everybody see what was prepared
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
		psw_attach_publish_locked();
	mutex_unlock(&psw_attach_lock);
	return err;
}

/* Close the doors; nobody is inside afterwards. */
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

/* Nobody is inside, and nobody can come in. */
static int psw_attachment_end(struct psw_attachment *attachment)
{
	int err;

	list_del_rcu(&attachment->link);
	psw_frontswap_forget(attachment->region);
	psw_disk_remove(&attachment->disk);
	cancel_work_sync(&attachment->sweep);
	err = psw_region_close(attachment->region);
	psw_device_close(&attachment->device);
	if (!err)
		pr_info("%s: detached\n", attachment->path);
	psw_attachment_free(attachment);
	return err;
}

static int psw_detach_locked(struct psw_attachment *attachment)
{
	int err = psw_attachment_quiesce(attachment);

	return err ? err : psw_attachment_end(attachment);
}

/**
 * psw_detach() - detach a region
 * @id: the N of /dev/pmemswapN
 *
 * Context: may sleep.
 * Return: 0; -EBUSY if it holds pages or its disk is open; -ENODEV if there
 *	is no such region. If the slot table could not be written the region is
 *	detached all the same, and the reason is returned.
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

/**
 * psw_attach_discard() - give up what was prepared and not published
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
