// SPDX-License-Identifier: GPL-2.0
/*
 * disk.c - the disk /dev/pmemswapN
 *
 * The disk is a swap device without storage of its own. Its page N is page N of
 * the region's own swap area. A page that arrives through frontswap goes to the
 * same place, so there are never two copies of a page. Page 0 is the swap header,
 * kept in memory.
 *
 * The disk has no rw_page; with it, 5.10 would fault without the swap cache. It is
 * not rotational, so a huge page arrives as one bio.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/blkdev.h>
#include <linux/fs.h>
#include <linux/genhd.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/swap.h>
#include "compat.h"
#include "disk.h"
#include "engine/store.h"
#include "hook_disk.h"
#include "params.h"
#include "../layout/pmemswap_format.h"

static int psw_disk_major;

/*
 * Guards openers and closing of all disks, and the private_data of each gendisk:
 * an open may come late, when the gendisk has lost its disk.
 */
static DEFINE_MUTEX(psw_disks_lock);

/*
 * An exclusive open is likely to be a swapon. Pages of other swap areas keep their
 * slots. Pages of the disk itself are no matter: its writes replace them.
 */
static void psw_disk_check_room(const struct psw_disk *disk)
{
	u64 pages = psw_region_stat(disk->region, PSW_STAT_PAGES);

	if (psw_params.areas_any && pages > psw_region_reserve(disk->region))
		pr_warn("%s: %llu pages are held already, so /dev/pmemswap%d has room for fewer than it says: swapoff the devices they are of before swapon here\n",
			psw_region_name(disk->region), pages, disk->id);
}

/* Who may write needs room for all pages of the disk. blkid and the like do not. */
static bool psw_mode_takes_room(fmode_t mode)
{
	return mode & (FMODE_WRITE | FMODE_EXCL);
}

/*
 * swapon opens the disk for writing and, once more, exclusively. It stays open so until
 * swapoff, which opens it a third time, and closes it when all pages are mapped. Other
 * programs that have it open for writing look like a swapoff, too. Then lost pages of
 * the swap cache stay in memory, and that is all.
 */
#define PSW_SWAPOFF_WRITERS	3

/* An open with this mode begins, or ends: @delta is 1 or -1. */
static void psw_disk_count_writers(struct psw_disk *disk, fmode_t mode, int delta)
{
	if (!psw_mode_takes_room(mode))
		return;
	disk->writers += delta;
	psw_region_promise(disk->region, disk->writers);
	psw_swapoff_set_running(&disk->swapoff,
				disk->writers >= PSW_SWAPOFF_WRITERS);
}

static int psw_disk_open(struct block_device *bdev, fmode_t mode)
{
	struct psw_disk *disk;
	int err = -ENXIO;

	mutex_lock(&psw_disks_lock);
	disk = bdev->bd_disk->private_data;
	if (disk && !disk->closing) {
		disk->openers++;
		psw_disk_count_writers(disk, mode, 1);
		if (mode & FMODE_EXCL)
			psw_disk_check_room(disk);
		err = 0;
	}
	mutex_unlock(&psw_disks_lock);
	return err;
}

static void psw_disk_release(struct gendisk *gendisk, fmode_t mode)
{
	struct psw_disk *disk = gendisk->private_data;

	/* Not under our lock: it may take long. swapoff closes the disk at its end. */
	if (mode & FMODE_WRITE)
		psw_swapoff_flush(&disk->swapoff);
	mutex_lock(&psw_disks_lock);
	psw_disk_count_writers(disk, mode, -1);
	disk->openers--;
	mutex_unlock(&psw_disks_lock);
}

static void psw_disk_bio(struct bio *bio)
{
	psw_disk_submit(bio->bi_disk->private_data, bio);
}

PSW_SUBMIT_BIO_ENTRY(psw_disk_submit_bio, psw_disk_bio)

/* Called with a spinlock held, and perhaps with interrupts off. */
static void psw_disk_slot_free(struct block_device *bdev, unsigned long offset)
{
	struct psw_disk *disk = bdev->bd_disk->private_data;

	psw_invalidate_page(psw_region_disk_area(disk->region), offset);
	psw_swapoff_slot_free(&disk->swapoff, offset);
}

static const struct block_device_operations psw_disk_ops = {
	.owner			= THIS_MODULE,
	.submit_bio		= psw_disk_submit_bio,
	.open			= psw_disk_open,
	.release		= psw_disk_release,
	.swap_slot_free_notify	= psw_disk_slot_free,
};

/**
 * psw_disk_area() - the swap area behind a disk
 * @gendisk: any disk
 *
 * Context: any, while something keeps the disk open.
 * Return: the swap area, or NULL if the disk is not ours.
 */
struct psw_area *psw_disk_area(struct gendisk *gendisk)
{
	if (gendisk->fops != &psw_disk_ops)
		return NULL;
	return psw_region_disk_area(psw_disk_region(gendisk));
}

/**
 * psw_disk_region() - the region behind one of our disks
 * @gendisk: the disk; it is published
 *
 * Context: any, while something keeps the disk.
 */
struct psw_region *psw_disk_region(struct gendisk *gendisk)
{
	struct psw_disk *disk = gendisk->private_data;

	return disk->region;
}

/* A swap header as mkswap writes it, so that swapon works at once. */
static void psw_disk_format(struct psw_disk *disk)
{
	const struct psw_media_super *super = psw_region_super(disk->region);
	union swap_header *header = disk->header;

	header->info.version = 1;
	header->info.last_page = psw_region_capacity(disk->region);
	memcpy(header->info.sws_uuid, super->uuid,
	       sizeof(header->info.sws_uuid));
	memcpy(header->info.sws_volume, super->label,
	       sizeof(header->info.sws_volume));
	memcpy(header->magic.magic, "SWAPSPACE2", sizeof(header->magic.magic));
}

static void psw_disk_limits(struct request_queue *queue)
{
	blk_queue_logical_block_size(queue, PAGE_SIZE);
	blk_queue_physical_block_size(queue, PAGE_SIZE);
	blk_queue_io_min(queue, PAGE_SIZE);
	blk_queue_flag_set(QUEUE_FLAG_NONROT, queue);
	blk_queue_flag_clear(QUEUE_FLAG_ADD_RANDOM, queue);
	blk_queue_flag_set(QUEUE_FLAG_DISCARD, queue);
	blk_queue_max_discard_sectors(queue, UINT_MAX);
	queue->limits.discard_granularity = PAGE_SIZE;
}

static void psw_disk_name(struct psw_disk *disk)
{
	struct gendisk *gendisk = disk->gendisk;

	gendisk->major = psw_disk_major;
	gendisk->first_minor = disk->id;
	gendisk->minors = 1;
	gendisk->flags |= GENHD_FL_NO_PART_SCAN;
	gendisk->fops = &psw_disk_ops;
	gendisk->private_data = disk;
	snprintf(gendisk->disk_name, sizeof(gendisk->disk_name), "pmemswap%d",
		 disk->id);
	set_capacity(gendisk, (sector_t)PSW_PAGE_SECTORS *
			      (psw_region_capacity(disk->region) + 1ull));
}

/**
 * psw_disk_prepare() - make the disk of a region, not visible to anybody yet
 * @disk: filled in
 * @region: the region
 * @id: the N of /dev/pmemswapN
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int psw_disk_prepare(struct psw_disk *disk, struct psw_region *region, int id)
{
	disk->region = region;
	disk->id = id;
	disk->header = (void *)get_zeroed_page(GFP_KERNEL);
	if (!disk->header)
		return -ENOMEM;
	disk->gendisk = blk_alloc_disk(NUMA_NO_NODE);
	if (!disk->gendisk) {
		free_page((unsigned long)disk->header);
		return -ENOMEM;
	}
	psw_swapoff_create(&disk->swapoff, psw_region_name(region));
	psw_disk_format(disk);
	psw_disk_limits(disk->gendisk->queue);
	psw_disk_name(disk);
	return 0;
}

/**
 * psw_disk_publish() - make the disk visible to everybody
 * @disk: the disk
 * @groups: its files in sysfs
 *
 * It may be opened before this returns, so the module can no longer be unloaded.
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM; psw_disk_close() and psw_disk_remove() must follow an error.
 */
int psw_disk_publish(struct psw_disk *disk, const struct attribute_group **groups)
{
	disk->published = true;
	return device_add_disk(NULL, disk->gendisk, groups);
}

/**
 * psw_disk_close() - let nobody open the disk any more
 * @disk: the disk
 *
 * Context: may sleep.
 * Return: 0, or -EBUSY if somebody has it open.
 */
int psw_disk_close(struct psw_disk *disk)
{
	int err = 0;

	mutex_lock(&psw_disks_lock);
	if (disk->openers)
		err = -EBUSY;
	else
		disk->closing = true;
	mutex_unlock(&psw_disks_lock);
	return err;
}

/* Undo psw_disk_close(). */
void psw_disk_reopen(struct psw_disk *disk)
{
	mutex_lock(&psw_disks_lock);
	disk->closing = false;
	mutex_unlock(&psw_disks_lock);
}

/* Whether somebody has the disk open exclusively or for writing. */
bool psw_disk_has_writers(const struct psw_disk *disk)
{
	return READ_ONCE(disk->writers);
}

/**
 * psw_disk_remove() - remove the disk
 * @disk: the disk; closed, if it was published
 *
 * Context: may sleep.
 */
void psw_disk_remove(struct psw_disk *disk)
{
	if (disk->published) {
		/* Also waits for readers of the files in sysfs. */
		del_gendisk(disk->gendisk);
		mutex_lock(&psw_disks_lock);
		disk->gendisk->private_data = NULL;
		mutex_unlock(&psw_disks_lock);
		blk_cleanup_disk(disk->gendisk);
	} else {
		psw_compat_discard_disk(disk->gendisk);
	}
	psw_swapoff_destroy(&disk->swapoff);
	free_page((unsigned long)disk->header);
}

int __init psw_disk_init(void)
{
	int err = psw_swapoff_init();

	if (err)
		return err;
	psw_disk_major = register_blkdev(0, "pmemswap");
	if (psw_disk_major < 0)
		psw_swapoff_exit();
	return min(psw_disk_major, 0);
}

void psw_disk_exit(void)
{
	unregister_blkdev(psw_disk_major, "pmemswap");
	psw_swapoff_exit();
}
