/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compat.h - differences between kernel versions
 *
 * Each block says which kernels need it. A hook whose meaning differs between
 * kernels is a front end of its own (hook_*.c), chosen in Kbuild.
 */
#ifndef PSW_COMPAT_H
#define PSW_COMPAT_H

#include <linux/version.h>
#include <linux/blkdev.h>
#include <linux/genhd.h>
#include <linux/highmem.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 10, 0) || \
	LINUX_VERSION_CODE >= KERNEL_VERSION(5, 11, 0)
#error "pmemswap: this kernel is outside the supported range, 5.10.y"
#endif

/*
 * Loads take no lock: which byte they see rests on the order of non-temporal stores
 * and barriers. It was tested on x86-64 alone, whose memory order is stronger than
 * that of others.
 */
#ifndef CONFIG_X86_64
#error "pmemswap: this architecture is not supported: x86-64 only was tested"
#endif

#ifndef CONFIG_FS_DAX
#error "pmemswap: the kernel must be configured with FS_DAX"
#endif

/* < 5.19: swapoff maps pages that could not be read, see swapoff.c. */
#ifndef CONFIG_MEMORY_FAILURE
#error "pmemswap: the kernel must be configured with MEMORY_FAILURE"
#endif

/* < 5.11: a mapped page disables preemption. */
#define kmap_local_page(page)	kmap_atomic(page)
#define kunmap_local(addr)	kunmap_atomic(addr)

/* < 5.12: blkdev_issue_flush() takes allocation flags. */
static inline int psw_compat_issue_flush(struct block_device *bdev)
{
	return blkdev_issue_flush(bdev, GFP_KERNEL);
}
#define blkdev_issue_flush(bdev) psw_compat_issue_flush(bdev)

/* < 5.14: a disk and its queue are allocated and freed separately. */
static inline struct gendisk *psw_compat_alloc_disk(int node)
{
	struct request_queue *queue = blk_alloc_queue(node);
	struct gendisk *disk;

	if (!queue)
		return NULL;
	disk = alloc_disk_node(1, node);
	if (!disk) {
		blk_cleanup_queue(queue);
		return NULL;
	}
	disk->queue = queue;
	return disk;
}
#define blk_alloc_disk(node) psw_compat_alloc_disk(node)

static inline void psw_compat_cleanup_disk(struct gendisk *disk)
{
	/* Added in part: see psw_compat_add_disk(). */
	if (disk->flags & GENHD_FL_UP)
		return;
	blk_cleanup_queue(disk->queue);
	put_disk(disk);
}
#define blk_cleanup_disk(disk) psw_compat_cleanup_disk(disk)

/* < 5.14: a disk that was never added holds no reference to its queue. */
static inline void psw_compat_discard_disk(struct gendisk *disk)
{
	blk_cleanup_queue(disk->queue);
	disk->queue = NULL;
	put_disk(disk);
}

/*
 * < 5.15: device_add_disk() cannot say that it failed for want of memory. What it has
 * added by then cannot be removed, and the kernel still refers to it. So such a disk
 * stays in memory.
 */
static inline int psw_compat_add_disk(struct device *parent, struct gendisk *disk,
				      const struct attribute_group **groups)
{
	device_add_disk(parent, disk, groups);
	return device_is_registered(disk_to_dev(disk)) ? 0 : -ENOMEM;
}
#define device_add_disk(parent, disk, groups) \
	psw_compat_add_disk(parent, disk, groups)

static inline void psw_compat_del_disk(struct gendisk *disk)
{
	if (device_is_registered(disk_to_dev(disk)))
		del_gendisk(disk);
}
#define del_gendisk(disk) psw_compat_del_disk(disk)

/* < 5.16: the size of a block device is that of its inode. */
static inline loff_t bdev_nr_bytes(struct block_device *bdev)
{
	return i_size_read(bdev->bd_inode);
}

/* < 5.16: submit_bio() returns a cookie for polling, which bio disks do not have. */
#define PSW_SUBMIT_BIO_ENTRY(entry, function)			\
	static blk_qc_t entry(struct bio *bio)			\
	{							\
		function(bio);					\
		return BLK_QC_T_NONE;				\
	}

#endif /* PSW_COMPAT_H */
