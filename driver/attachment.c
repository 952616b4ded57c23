// SPDX-License-Identifier: GPL-2.0
/*
 * attachment.c - one region that is attached: its device, its disk and its work
 *
 * attach.c has the list of them, and the lock that serialises all calls.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include "../layout/pmemswap_format.h"
#include "attachment.h"
#include "engine/store.h"
#include "hook_frontswap.h"
#include "params.h"
#include "sysfs.h"

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

static struct psw_attachment *psw_attachment_alloc(const char *path, int id)
{
	struct psw_attachment *attachment;

	attachment = kzalloc(sizeof(*attachment), GFP_KERNEL);
	if (!attachment)
		return NULL;
	attachment->id = id;
	attachment->path = kstrdup(path, GFP_KERNEL);
	if (!attachment->path) {
		kfree(attachment);
		return NULL;
	}
	INIT_WORK(&attachment->sweep, psw_sweep_work);
	INIT_WORK(&attachment->refill, psw_refill_work);
	INIT_DELAYED_WORK(&attachment->scrub, psw_scrub_work);
	return attachment;
}

/**
 * psw_attachment_open() - open the region on a device, and prepare its disk
 * @result: the attachment, if 0 is returned
 * @path: the device
 * @id: the N of /dev/pmemswapN
 *
 * Context: may sleep.
 * Return: 0, or an error that the log explains.
 */
int psw_attachment_open(struct psw_attachment **result, const char *path, int id)
{
	struct psw_attachment *attachment = psw_attachment_alloc(path, id);
	int err;

	if (!attachment)
		return -ENOMEM;
	err = psw_attachment_start(attachment);
	if (err) {
		pr_err("%s: not attached (error %d)\n", path, err);
		psw_attachment_free(attachment);
		return err;
	}
	*result = attachment;
	return 0;
}

/**
 * psw_attachment_publish() - make the disk visible to everybody
 * @attachment: the attachment
 *
 * Context: may sleep.
 * Return: 0, or an error that the log explains.
 */
int psw_attachment_publish(struct psw_attachment *attachment)
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

/**
 * psw_attachment_quiesce() - reject opens and stores
 * @attachment: the attachment
 *
 * Context: may sleep.
 * Return: 0; then nothing uses the region any more. Or -EBUSY if the disk is open, or
 *	the region holds pages; the log says which, and nothing has changed.
 */
int psw_attachment_quiesce(struct psw_attachment *attachment)
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

/**
 * psw_attachment_close() - close disk, region and device
 * @attachment: the attachment; quiesced, or never published. It is freed.
 *
 * Context: may sleep.
 */
void psw_attachment_close(struct psw_attachment *attachment)
{
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

/**
 * psw_attachment_in_use() - whether a page is in the region, or can get there
 * @attachment: the attachment
 *
 * Context: may sleep.
 */
bool psw_attachment_in_use(const struct psw_attachment *attachment)
{
	return psw_disk_has_writers(&attachment->disk) ||
	       psw_region_stat(attachment->region, PSW_STAT_PAGES);
}

/**
 * psw_attachment_shutdown() - write what has to survive before the power goes
 * @attachment: the attachment
 *
 * A region that holds no page is closed in order: it rejects stores from now on, so
 * the kernel keeps its pages in memory. One that holds pages stays in use, because
 * programs may need them until the power is off.
 *
 * Context: may sleep.
 */
void psw_attachment_shutdown(struct psw_attachment *attachment)
{
	if (!psw_region_quiesce(attachment->region))
		cancel_work_sync(&attachment->sweep);
	psw_region_checkpoint(attachment->region);
}
