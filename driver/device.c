// SPDX-License-Identifier: GPL-2.0
/*
 * device.c - a pmem block device, opened and mapped
 *
 * dax_direct_access() may return any number of pages, down to one at a time, and
 * fails for a range with a known bad block. So the device is mapped extent by
 * extent between bad blocks. All extents must lie in one linear mapping, which the
 * driver of the namespace made. A mapped device (dm) has no such mapping, and its
 * table may change at any time, so it is refused.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/badblocks.h>
#include <linux/blkdev.h>
#include <linux/dax.h>
#include <linux/fs.h>
#include <linux/genhd.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/seqlock.h>
#include "compat.h"
#include "device.h"

/**
 * psw_device_bad_stamp() - a number that changes with the bad-block list
 * @context: the struct psw_device
 *
 * Context: any.
 * Return: the count of the seqlock of the list; 0 if the device has no list.
 */
unsigned int psw_device_bad_stamp(void *context)
{
	struct psw_device *device = context;
	struct badblocks *bb = device->bdev->bd_disk->bb;

	return bb ? read_seqbegin(&bb->lock) : 0;
}

/**
 * psw_device_next_bad() - find the first range that is known to be bad
 * @context: the struct psw_device
 * @off: where to begin, in bytes from the start of the block device
 * @bytes: how far to look
 * @bad_off: where the bad range begins, not before @off
 * @bad_bytes: how long it is, as far as it is within @bytes
 *
 * Context: any.
 * Return: true if there is one.
 */
bool psw_device_next_bad(void *context, u64 off, u64 bytes,
			 u64 *bad_off, u64 *bad_bytes)
{
	struct psw_device *device = context;
	struct badblocks *bb = device->bdev->bd_disk->bb;
	sector_t start = get_start_sect(device->bdev);
	sector_t sector = off >> SECTOR_SHIFT;
	sector_t end = DIV_ROUND_UP_ULL(off + bytes, SECTOR_SIZE);
	sector_t bad;
	int sectors;

	while (bb && sector < end) {
		int part = min_t(sector_t, end - sector, INT_MAX / 2);

		if (badblocks_check(bb, start + sector, part, &bad, &sectors)) {
			/* It may begin before the range, and end behind it. */
			sector_t last = min(bad + sectors, start + end);

			bad = max(bad, start + sector);
			*bad_off = max_t(u64, off, (bad - start) << SECTOR_SHIFT);
			*bad_bytes = min_t(u64, off + bytes, (last - start) << SECTOR_SHIFT) -
				     *bad_off;
			return true;
		}
		sector += part;
	}
	return false;
}

/**
 * struct psw_extent - pages of a device that lie together
 * @page: number of the first, from the start of the block device
 * @nr: number of pages; 0 after the last extent
 * @addr: kernel address of the first
 */
struct psw_extent {
	u64 page;
	long nr;
	void *addr;
};

/* Find the first good pages at or after @page; the device has @pages. */
static int psw_extent_next(struct psw_device *device, u64 page, u64 pages,
			   struct psw_extent *extent)
{
	u64 bad_off, bad_bytes;
	u64 end = pages;
	pfn_t pfn;
	long nr;

	while (page < pages &&
	       psw_device_next_bad(device, page << PAGE_SHIFT,
				   (pages - page) << PAGE_SHIFT,
				   &bad_off, &bad_bytes)) {
		end = bad_off >> PAGE_SHIFT;
		if (end > page)
			break;
		page = DIV_ROUND_UP_ULL(bad_off + bad_bytes, PAGE_SIZE);
		end = pages;
	}

	extent->page = page;
	extent->nr = 0;
	if (page >= pages)
		return 0;
	nr = dax_direct_access(device->dax, device->first_page + page,
			       end - page, &extent->addr, &pfn);
	if (nr <= 0)
		return nr ? nr : -ENXIO;
	extent->nr = min_t(u64, nr, end - page);
	return 0;
}

/*
 * The same, inside dax_read_lock(). Whoever removes a DAX device, any of them, waits
 * for that lock. So it is held for one extent at a time: there may be as many extents
 * as pages.
 */
static int psw_extent_next_locked(struct psw_device *device, u64 page, u64 pages,
				  struct psw_extent *extent)
{
	int cookie = dax_read_lock();
	int err = -ENXIO;

	/* A removed device has no list of bad blocks any more. */
	if (dax_alive(device->dax))
		err = psw_extent_next(device, page, pages, extent);
	dax_read_unlock(cookie);
	cond_resched();
	return err;
}

/* Find the address of page 0, and check that all extents follow from it. */
static int psw_device_find_base(struct psw_device *device, u64 pages, void **base)
{
	struct psw_extent extent = {};
	int err;

	*base = NULL;
	for (;;) {
		err = psw_extent_next_locked(device, extent.page + extent.nr,
					     pages, &extent);
		if (err)
			return err;
		if (!extent.nr)
			return *base ? 0 : -EIO;
		if (!*base)
			*base = extent.addr - (extent.page << PAGE_SHIFT);
		if (extent.addr != *base + (extent.page << PAGE_SHIFT))
			return -EOPNOTSUPP;
	}
}

static int psw_device_flush(const struct psw_pmem *pmem)
{
	struct psw_device *device = container_of(pmem, struct psw_device, pmem);

	return blkdev_issue_flush(device->bdev);
}

static int psw_device_map(struct psw_device *device)
{
	u64 pages = bdev_nr_bytes(device->bdev) >> PAGE_SHIFT;
	int err;

	err = psw_device_find_base(device, pages, &device->pmem.addr);
	if (err) {
		pr_err("%s: is not mapped in one piece, or not at all (error %d): give the namespace itself, on a driver that maps it\n",
		       device->path, err);
		return err;
	}

	device->pmem.bytes = pages << PAGE_SHIFT;
	device->pmem.dax = device->dax;
	device->pmem.flush = dax_synchronous(device->dax) ? NULL :
			      psw_device_flush;
	return 0;
}

/* Why @path could not be opened, and what to do. */
static const char *psw_open_advice(int err)
{
	switch (err) {
	case -EBUSY:
		return "it is in use: attached already, mounted, or held by another driver";
	case -ENOENT:
		return "there is no such device: see pmemswap-fmt list";
	case -ENOTBLK:
		return "it is no block device: name a /dev/pmemN, see pmemswap-fmt list";
	case -EACCES:
	case -EROFS:
		return "it is read-only: a region is written while it is attached; see blockdev --setrw and ndctl";
	default:
		return "it cannot be opened";
	}
}

static int psw_device_find_dax(struct psw_device *device)
{
	int err;

	/* What is made of other devices has no device of its own behind it. */
	if (!disk_to_dev(device->bdev->bd_disk)->parent) {
		pr_err("%s: a mapped or virtual disk: name the /dev/pmemN itself\n",
		       device->path);
		return -EOPNOTSUPP;
	}
	device->dax = fs_dax_get_by_bdev(device->bdev);
	if (!device->dax) {
		pr_err("%s: no DAX: neither a raw nor a sector namespace, nor a disk, will do; make an fsdax namespace with ndctl create-namespace -f -m fsdax -e NAMESPACE\n",
		       device->path);
		return -EOPNOTSUPP;
	}
	err = bdev_dax_pgoff(device->bdev, 0, PAGE_SIZE, &device->first_page);
	if (err)
		pr_err("%s: the partition does not begin on a page: align it to 2 MiB\n",
		       device->path);
	return err;
}

/**
 * psw_device_open() - open a pmem block device exclusively, and map it
 * @device: filled in
 * @path: the device; outlives @device
 *
 * The log says what went wrong, and what to do.
 *
 * Context: may sleep.
 * Return: 0 or an error; nothing is left open then.
 */
int psw_device_open(struct psw_device *device, const char *path)
{
	const fmode_t mode = FMODE_READ | FMODE_WRITE | FMODE_EXCL;
	int err;

	memset(device, 0, sizeof(*device));
	device->path = path;
	device->bdev = blkdev_get_by_path(path, mode, device);
	if (IS_ERR(device->bdev)) {
		err = PTR_ERR(device->bdev);
		device->bdev = NULL;
		pr_err("%s: %s (error %d)\n", path, psw_open_advice(err), err);
		return err;
	}
	/* Bytes in the page cache must be visible through DAX. */
	err = sync_blockdev(device->bdev);
	invalidate_bdev(device->bdev);
	if (err)
		pr_err("%s: cannot write back its page cache (error %d)\n",
		       path, err);
	if (!err)
		err = psw_device_find_dax(device);
	if (!err)
		err = psw_device_map(device);
	if (err)
		psw_device_close(device);
	return err;
}

/**
 * psw_device_close() - close a device
 * @device: the device; it may be opened in part only
 *
 * Context: may sleep.
 */
void psw_device_close(struct psw_device *device)
{
	if (device->dax)
		fs_put_dax(device->dax);
	if (device->bdev) {
		/* Bytes written through DAX must be visible to readers. */
		invalidate_bdev(device->bdev);
		blkdev_put(device->bdev, FMODE_READ | FMODE_WRITE | FMODE_EXCL);
	}
}
