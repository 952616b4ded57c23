// SPDX-License-Identifier: GPL-2.0
/*
 * attach_blk.c - the front end for bios: the disk /dev/pmemswapN
 *
 * A swap device without storage of its own. Its page N is page N of the
 * region's own area, whichever hook a page came by, so a page that frontswap
 * stored and one that a bio stored never stand side by side. Page 0 is the swap
 * header, kept in memory. A page that is lost is an I/O error, and so is one
 * that the swap core asks for and that is not there: the one way to tell an
 * unmodified kernel that swapped data is gone. To everybody else, such as who
 * probes for signatures, a page that is not there is a page of zeros.
 *
 * Swap has to be on the disk itself: what stands between, such as dm-crypt,
 * hides that it is the swap core that asks.
 *
 * The disk has no rw_page, or 5.10 would fault around the swap cache; it is
 * not rotational, so huge pages come as one bio.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/fs.h>
#include <linux/genhd.h>
#include <linux/highmem.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/swap.h>
#include "compat.h"
#include "attach.h"

#define PSW_PAGE_SECTORS	(PAGE_SIZE >> SECTOR_SHIFT)

static int psw_blk_major;

/*
 * Guards openers and closing of all disks, and which attachment a disk
 * belongs to: an open may come late, when its disk has lost its attachment.
 */
static DEFINE_MUTEX(psw_disks_lock);

/* The engine may not sleep, and a bio has nowhere else to go. */
#define PSW_BIO_GFP	(GFP_ATOMIC | __GFP_NOWARN)

/* Swap reads into a page of the swap cache that has no content yet. */
static bool psw_page_is_swapped_in(struct page *page)
{
	return PageSwapCache(page) && !PageUptodate(page);
}

static int psw_disk_read(struct psw_attachment *attachment, pgoff_t offset,
			    void *dst, bool swap)
{
	int err;

	if (!offset) {
		memcpy(dst, attachment->disk.header, PAGE_SIZE);
		return 0;
	}
	err = psw_load(attachment->region->disk, offset, dst);
	return err == -ENOENT && !swap ? 0 : err;
}

static int psw_disk_write(struct psw_attachment *attachment, pgoff_t offset,
			     const void *src)
{
	if (offset)
		return psw_store(attachment->region->disk, offset, src,
				 PSW_BIO_GFP);
	memcpy(attachment->disk.header, src, PAGE_SIZE);
	return 0;
}

static int psw_disk_page(struct psw_attachment *attachment,
			    struct bio_vec *bvec, sector_t sector, bool write)
{
	pgoff_t offset = sector / PSW_PAGE_SECTORS;
	void *addr;
	int err;

	/* Logical blocks are pages; only a caller from inside may split one. */
	if (bvec->bv_len != PAGE_SIZE || bvec->bv_offset ||
	    sector % PSW_PAGE_SECTORS)
		return -EOPNOTSUPP;

	addr = kmap_local_page(bvec->bv_page);
	if (write)
		err = psw_disk_write(attachment, offset, addr);
	else
		err = psw_disk_read(attachment, offset, addr,
				       psw_page_is_swapped_in(bvec->bv_page));
	kunmap_local(addr);
	if (!write)
		flush_dcache_page(bvec->bv_page);
	return err;
}

/* Discarded pages are dropped; the header is not discarded. */
static void psw_disk_discard(struct psw_attachment *attachment,
				struct bio *bio)
{
	pgoff_t offset = DIV_ROUND_UP_ULL(bio->bi_iter.bi_sector, PSW_PAGE_SECTORS);
	u64 end = bio_end_sector(bio) / PSW_PAGE_SECTORS;

	for (offset = max_t(u64, offset, 1); offset < end; offset++) {
		psw_invalidate_page(attachment->region->disk, offset);
		if (!(offset % PSW_LEAF_ENTRIES))
			cond_resched();
	}
}

static blk_status_t psw_disk_status(int err)
{
	/* Lost, or not there though the swap core wants it. */
	if (err == -EIO || err == -ENOENT)
		return BLK_STS_MEDIUM;
	return errno_to_blk_status(err);
}

static int psw_disk_transfer(struct psw_attachment *attachment,
				struct bio *bio)
{
	bool write = op_is_write(bio_op(bio));
	struct bvec_iter iter;
	struct bio_vec bvec;
	int err = 0;

	bio_for_each_segment(bvec, bio, iter) {
		int one = psw_disk_page(attachment, &bvec, iter.bi_sector,
					   write);

		/* The other pages of the bio are good all the same. */
		err = err ? err : one;
	}
	return err;
}

static void psw_blk_submit(struct bio *bio)
{
	struct psw_attachment *attachment = bio->bi_disk->private_data;
	int err = 0;

	switch (bio_op(bio)) {
	case REQ_OP_READ:
	case REQ_OP_WRITE:
		err = psw_disk_transfer(attachment, bio);
		break;
	case REQ_OP_DISCARD:
		psw_disk_discard(attachment, bio);
		break;
	case REQ_OP_FLUSH:
		break;
	default:
		err = -EOPNOTSUPP;
	}
	bio->bi_status = psw_disk_status(err);
	bio_endio(bio);
}

PSW_SUBMIT_BIO_ENTRY(psw_blk_submit_bio, psw_blk_submit)

/*
 * Whoever opens the disk for himself is about to swap on it. Pages that are
 * there already, of other swap devices or written by hand, keep their slots.
 */
static void psw_disk_check_room(const struct psw_attachment *attachment)
{
	u64 pages = psw_region_stat(attachment->region, PSW_STAT_PAGES);

	if (pages > psw_region_reserve(attachment->region))
		pr_warn("%s: %llu pages are held already, so /dev/pmemswap%d has room for fewer than it says: swapoff the devices they are of before swapon here\n",
			attachment->path, pages, attachment->id);
}

static int psw_blk_open(struct block_device *bdev, fmode_t mode)
{
	struct psw_attachment *attachment;
	int err = -ENXIO;

	mutex_lock(&psw_disks_lock);
	attachment = bdev->bd_disk->private_data;
	if (attachment && !attachment->disk.closing) {
		attachment->disk.openers++;
		WRITE_ONCE(attachment->region->promised, true);
		if (mode & FMODE_EXCL)
			psw_disk_check_room(attachment);
		err = 0;
	}
	mutex_unlock(&psw_disks_lock);
	return err;
}

static void psw_blk_release(struct gendisk *disk, fmode_t mode)
{
	struct psw_attachment *attachment = disk->private_data;

	mutex_lock(&psw_disks_lock);
	if (!--attachment->disk.openers)
		WRITE_ONCE(attachment->region->promised, false);
	mutex_unlock(&psw_disks_lock);
}

/* Called with a spinlock held and perhaps with interrupts off. */
static void psw_blk_slot_free(struct block_device *bdev, unsigned long page)
{
	psw_invalidate_page(psw_disk_area(bdev), page);
}

static const struct block_device_operations psw_blk_ops = {
	.owner			= THIS_MODULE,
	.submit_bio		= psw_blk_submit_bio,
	.open			= psw_blk_open,
	.release		= psw_blk_release,
	.swap_slot_free_notify	= psw_blk_slot_free,
};

/**
 * psw_disk_area() - the area behind a block device
 * @bdev: any block device
 *
 * Context: any, while something keeps the device.
 * Return: the area, or NULL if the device is no disk.
 */
struct psw_area *psw_disk_area(struct block_device *bdev)
{
	struct psw_attachment *attachment;

	if (bdev->bd_disk->fops != &psw_blk_ops)
		return NULL;
	attachment = bdev->bd_disk->private_data;
	return attachment->region->disk;
}

/* A swap header as mkswap would write it, so that swapon works at once. */
static void psw_disk_format(struct psw_attachment *attachment)
{
	const struct psw_media_super *super = &attachment->region->super;
	union swap_header *header = attachment->disk.header;

	header->info.version = 1;
	header->info.last_page = psw_region_capacity(attachment->region);
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

static void psw_disk_name(struct gendisk *disk,
			     struct psw_attachment *attachment)
{
	disk->major = psw_blk_major;
	disk->first_minor = attachment->id;
	disk->minors = 1;
	disk->flags |= GENHD_FL_NO_PART_SCAN;
	disk->fops = &psw_blk_ops;
	disk->private_data = attachment;
	snprintf(disk->disk_name, sizeof(disk->disk_name), "pmemswap%d",
		 attachment->id);
	set_capacity(disk, (sector_t)PSW_PAGE_SECTORS *
			   (psw_region_capacity(attachment->region) + 1ull));
}

/**
 * psw_disk_prepare() - make the block device of a region, unseen by anybody
 * @attachment: the region; its disk is filled in
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int psw_disk_prepare(struct psw_attachment *attachment)
{
	struct psw_disk *disk = &attachment->disk;

	disk->header = (void *)get_zeroed_page(GFP_KERNEL);
	if (!disk->header)
		return -ENOMEM;
	disk->gendisk = blk_alloc_disk(NUMA_NO_NODE);
	if (!disk->gendisk) {
		free_page((unsigned long)disk->header);
		return -ENOMEM;
	}
	psw_disk_format(attachment);
	psw_disk_limits(disk->gendisk->queue);
	psw_disk_name(disk->gendisk, attachment);
	return 0;
}

/**
 * psw_disk_publish() - let everybody see the block device
 * @disk: the disk
 *
 * It may be opened before this returns, so the module can no longer go.
 *
 * Context: may sleep.
 */
void psw_disk_publish(struct psw_disk *disk)
{
	disk->published = true;
	device_add_disk(NULL, disk->gendisk, psw_sysfs_groups);
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

/**
 * psw_disk_remove() - take the block device away
 * @disk: the disk; closed, if it was published
 *
 * Context: may sleep.
 */
void psw_disk_remove(struct psw_disk *disk)
{
	if (disk->published) {
		/* Waits for readers of the files in sysfs as well. */
		del_gendisk(disk->gendisk);
		mutex_lock(&psw_disks_lock);
		disk->gendisk->private_data = NULL;
		mutex_unlock(&psw_disks_lock);
		blk_cleanup_disk(disk->gendisk);
	} else {
		psw_discard_disk(disk->gendisk);
	}
	free_page((unsigned long)disk->header);
}

int __init psw_blk_init(void)
{
	psw_blk_major = register_blkdev(0, "pmemswap");
	return psw_blk_major < 0 ? psw_blk_major : 0;
}

void psw_blk_exit(void)
{
	unregister_blkdev(psw_blk_major, "pmemswap");
}
