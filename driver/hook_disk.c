// SPDX-License-Identifier: GPL-2.0
/*
 * hook_disk.c - pages that arrive as bios
 *
 * A page that is lost is an I/O error. A swap-in of a page that we do not hold
 * fails with an I/O error too: nothing else makes an unmodified kernel kill the
 * owner. Other readers, such as blkid, see zeros.
 *
 * Run swapon on the disk itself. A device-mapper layer above it hides from us that
 * swap asks, and a lost page would read as zeros.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include "compat.h"
#include "disk.h"
#include "engine/store.h"
#include "hook_disk.h"
#include "swapoff.h"

/* The engine must not sleep, and a bio has nowhere else to go. */
#define PSW_BIO_GFP	(GFP_ATOMIC | __GFP_NOWARN)

/* Swap reads into a page of the swap cache that is not uptodate. */
static bool psw_page_is_swapped_in(struct page *page)
{
	return PageSwapCache(page) && !PageUptodate(page);
}

static int psw_disk_read(struct psw_disk *disk, pgoff_t offset,
			    void *dst, bool swap)
{
	int err;

	if (!offset) {
		memcpy(dst, disk->header, PAGE_SIZE);
		return 0;
	}
	err = psw_load(psw_region_disk_area(disk->region), offset, dst);
	return err == -ENOENT && !swap ? 0 : err;
}

/*
 * A swap header that says that an image of memory follows, which would not survive
 * the boot. power.c refuses hibernation before it comes to that.
 */
static bool psw_header_is_hibernation(const union swap_header *header)
{
	return !memcmp(header->magic.magic, "S1SUSPEND",
		       sizeof(header->magic.magic));
}

static int psw_disk_write(struct psw_disk *disk, pgoff_t offset,
			     const void *src)
{
	if (offset)
		return psw_store(psw_region_disk_area(disk->region), offset, src,
				 PSW_BIO_GFP);
	if (psw_header_is_hibernation(src)) {
		pr_err_ratelimited("%s: /dev/pmemswap%d cannot keep an image of memory for hibernation: write refused\n",
				   psw_region_name(disk->region), disk->id);
		return -EOPNOTSUPP;
	}
	memcpy(disk->header, src, PAGE_SIZE);
	return 0;
}

static int psw_disk_page(struct psw_disk *disk,
			    struct bio_vec *bvec, sector_t sector, bool write)
{
	pgoff_t offset = sector / PSW_PAGE_SECTORS;
	void *addr;
	int err;

	/* Logical blocks are pages, so the block layer sends whole pages. */
	if (bvec->bv_len != PAGE_SIZE || bvec->bv_offset ||
	    sector % PSW_PAGE_SECTORS)
		return -EOPNOTSUPP;

	addr = kmap_local_page(bvec->bv_page);
	if (write)
		err = psw_disk_write(disk, offset, addr);
	else
		err = psw_disk_read(disk, offset, addr,
				       psw_page_is_swapped_in(bvec->bv_page));
	kunmap_local(addr);
	if (!write)
		flush_dcache_page(bvec->bv_page);
	return err;
}

/* Drop the discarded pages; the header stays. */
static void psw_disk_discard(struct psw_disk *disk,
				struct bio *bio)
{
	pgoff_t offset = DIV_ROUND_UP_ULL(bio->bi_iter.bi_sector, PSW_PAGE_SECTORS);
	u64 end = bio_end_sector(bio) / PSW_PAGE_SECTORS;

	for (offset = max_t(u64, offset, 1); offset < end; offset++) {
		psw_invalidate_page(psw_region_disk_area(disk->region), offset);
		if (!(offset % 1024))
			cond_resched();
	}
}

static blk_status_t psw_disk_status(int err)
{
	/* A lost page, or a swap-in of a page that we do not hold. */
	if (err == -EIO || err == -ENOENT)
		return BLK_STS_MEDIUM;
	return errno_to_blk_status(err);
}

static int psw_disk_transfer(struct psw_disk *disk,
				struct bio *bio)
{
	bool write = op_is_write(bio_op(bio));
	struct bvec_iter iter;
	struct bio_vec bvec;
	int err = 0;

	bio_for_each_segment(bvec, bio, iter) {
		int one = psw_disk_page(disk, &bvec, iter.bi_sector,
					   write);

		if (one && !write && psw_page_is_swapped_in(bvec.bv_page) &&
		    psw_page_gendisk(bvec.bv_page) == disk->gendisk)
			psw_swapoff_unread(&disk->swapoff, bvec.bv_page);
		/* The other pages of the bio are good all the same. */
		err = err ? err : one;
	}
	return err;
}

/**
 * psw_page_gendisk() - the disk that a page of the swap cache is swapped to
 * @page: the page; locked or under writeback, so that it stays there
 *
 * Context: any.
 * Return: the disk, whosever it is, or NULL if it is swapped to a file.
 */
struct gendisk *psw_page_gendisk(struct page *page)
{
	struct inode *inode = __page_file_mapping(page)->host;

	return S_ISBLK(inode->i_mode) ? I_BDEV(inode)->bd_disk : NULL;
}

/* Whether @bio swaps a page out to this disk. Others write to it from pages, too. */
static bool psw_bio_is_swap_out(const struct psw_disk *disk, struct bio *bio)
{
	struct page *page;
	swp_entry_t entry;

	if (bio_op(bio) != REQ_OP_WRITE || bio_flagged(bio, BIO_CLONED))
		return false;
	page = bio_first_page_all(bio);
	if (!PageSwapCache(page) || !PageWriteback(page))
		return false;
	entry.val = page_private(page);
	return psw_page_gendisk(page) == disk->gendisk &&
	       swp_offset(entry) == bio->bi_iter.bi_sector / PSW_PAGE_SECTORS;
}

/*
 * Keep a page that a dead or closing region rejects. It stays dirty, so the kernel
 * cannot drop it. After an error the kernel does the same, and logs a line for each
 * page. Reclaim tries again and again, so these lines would fill the log.
 */
static void psw_disk_keep_page(struct bio *bio)
{
	struct page *page = bio_first_page_all(bio);

	set_page_dirty(page);
	ClearPageReclaim(page);
}

/**
 * psw_disk_submit() - do what a bio asks of a disk, and end it
 * @disk: the disk
 * @bio: the bio
 *
 * Context: may sleep.
 */
void psw_disk_submit(struct psw_disk *disk, struct bio *bio)
{
	int err = 0;

	switch (bio_op(bio)) {
	case REQ_OP_READ:
	case REQ_OP_WRITE:
		err = psw_disk_transfer(disk, bio);
		break;
	case REQ_OP_DISCARD:
		psw_disk_discard(disk, bio);
		break;
	case REQ_OP_FLUSH:
		break;
	default:
		err = -EOPNOTSUPP;
	}
	if (err == -ENODEV && psw_bio_is_swap_out(disk, bio)) {
		psw_disk_keep_page(bio);
		err = 0;
	}
	bio->bi_status = psw_disk_status(err);
	bio_endio(bio);
}
