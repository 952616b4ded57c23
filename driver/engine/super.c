// SPDX-License-Identifier: GPL-2.0
/*
 * super.c - the superblock on the medium
 *
 * Invariant: at every moment one of the two copies is valid, and describes the
 * region as it was before or after the update that is under way. An update writes
 * the copy that is not current, or is damaged, with a higher sequence number. If the
 * primary is not valid, it is one that psw_super_choose() knows to be ours.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include "mem.h"
#include "meta.h"
#include "region.h"
#include "super.h"

static int psw_super_refuse(const struct psw_region *region,
			    const enum psw_super_status status[2])
{
	enum psw_super_status refusal = psw_super_refusal(status);

	pr_err("%s: no superblock can be used: the primary is %s, the secondary %s: %s\n",
	       region->options.name, psw_super_status_text(status[0]),
	       psw_super_status_text(status[1]), psw_super_advice(refusal));
	switch (refusal) {
	case PSW_SUPER_INCOMPAT:
	case PSW_SUPER_VERSION:
		return -EOPNOTSUPP;
	case PSW_SUPER_TRUNCATED:
	case PSW_SUPER_FOREIGN:
		return -EINVAL;
	default:
		return -EUCLEAN;
	}
}

/* Read one copy; an unreadable one is damaged. */
static enum psw_super_status
psw_super_read(const struct psw_region *region, int copy, u64 off,
	       struct psw_media_super *super, struct psw_geometry *geo)
{
	if (psw_meta_read(region, off, super, sizeof(*super)))
		return PSW_SUPER_CHECKSUM;
	return psw_super_check(super, copy, off, region->pmem->bytes, geo);
}

static const char *psw_super_name(int copy)
{
	return copy ? "secondary" : "primary";
}

/*
 * A write of ours does not take a range off the bad-block list. So every update of
 * such a copy would be lost to the next attach, which does not read it.
 */
static bool psw_super_is_bad(const struct psw_region *region, int copy)
{
	return psw_meta_is_bad(region, region->geo.super_off[copy],
			       sizeof(region->super));
}

static int psw_super_refuse_bad(const struct psw_region *region)
{
	int copy;

	for (copy = 0; copy < 2; copy++) {
		if (!psw_super_is_bad(region, copy))
			continue;
		pr_err("%s: the %s superblock is in a bad block of the device: pmemswap-fmt check --repair clears the block; attach the region then\n",
		       region->options.name, psw_super_name(copy));
		return -EUCLEAN;
	}
	return 0;
}

static void psw_super_totals_load(struct psw_region *region)
{
	const struct psw_media_super *super = &region->super;

	region->loaded[PSW_STAT_SLOT_WRITES] = le64_to_cpu(super->slot_writes);
	region->loaded[PSW_STAT_MOVES] = le64_to_cpu(super->moved_writes);
	region->loaded[PSW_STAT_META_BYTES] = le64_to_cpu(super->meta_bytes);
	region->loaded[PSW_STAT_LOST] = le64_to_cpu(super->lost_pages);
}

/**
 * psw_super_load() - find the current superblock
 * @region: the region; its super, super_copy and geo are filled in
 *
 * Logs why a region is refused, and which copy is damaged.
 *
 * Context: may sleep; reads only.
 * Return: 0; -EINVAL if this is no region; -EOPNOTSUPP if it is one of another
 *	version; -EUCLEAN if it is damaged or overwritten, or if a copy is in a bad
 *	block of the device; -ENOMEM.
 */
int psw_super_load(struct psw_region *region)
{
	const struct psw_media_super *copies[2];
	struct psw_media_super *super;
	enum psw_super_status status[2];
	struct psw_geometry geo[2];
	u64 secondary_off;
	int chosen, err;

	if (region->pmem->bytes < PSW_REGION_BYTES_MIN) {
		pr_err("%s: %llu bytes are too small for a region: %llu at least are needed\n",
		       region->options.name, region->pmem->bytes,
		       PSW_REGION_BYTES_MIN);
		return -EINVAL;
	}

	super = kmalloc_array(2, sizeof(*super), PSW_GFP);
	if (!super)
		return -ENOMEM;
	copies[0] = &super[0];
	copies[1] = &super[1];

	status[0] = psw_super_read(region, 0, 0, &super[0], &geo[0]);
	secondary_off = psw_super_secondary_off(status[0] == PSW_SUPER_OK ?
						&geo[0] : NULL,
						region->pmem->bytes);
	status[1] = psw_super_read(region, 1, secondary_off, &super[1], &geo[1]);

	chosen = psw_super_choose(status, copies);
	if (chosen >= 0) {
		if (status[!chosen] != PSW_SUPER_OK)
			pr_warn("%s: the %s superblock is %s; the other one is used: pmemswap-fmt check --repair repairs it\n",
				region->options.name,
				psw_super_name(!chosen),
				psw_super_status_text(status[!chosen]));
		region->super = super[chosen];
		region->super_copy = chosen;
		region->super_whole = status[!chosen] != PSW_SUPER_OK ||
				     memcmp(super[0].reserved, super[1].reserved,
					    sizeof(super[0].reserved));
		region->geo = geo[chosen];
		psw_super_totals_load(region);
		err = psw_super_refuse_bad(region);
	} else {
		err = psw_super_refuse(region, status);
	}
	kfree(super);
	return err;
}

/*
 * An update leaves out the reserved bytes at the end, which are the same in both
 * copies. They would be most of the bytes that superblocks write.
 */
static size_t psw_super_update_bytes(const struct psw_region *region)
{
	return region->super_whole ? sizeof(region->super) :
	       psw_align_up(offsetof(struct psw_media_super, reserved),
			    PSW_MEDIA_LINE_BYTES);
}

/* A total over the life of the region. */
static __le64 psw_super_total(const struct psw_region *region, enum psw_stat stat)
{
	return cpu_to_le64(psw_region_total(region, stat));
}

/*
 * A damaged copy gets its magic before the rest. If power is lost between, the copy
 * is damaged, and does not look as if something else was written over it.
 */
static int psw_super_write_magic(const struct psw_region *region, int copy)
{
	psw_pmem_write(region->pmem, region->geo.super_off[copy], PSW_MEDIA_MAGIC,
		       PSW_MEDIA_MAGIC_BYTES);
	psw_pmem_fence();
	return psw_pmem_flush(region->pmem);
}

/*
 * The copy that an update goes to: in turns. A copy that became bad while the region is
 * open takes all updates. A power loss may tear what is written, and the other copy is
 * the only one that can be read.
 */
static int psw_super_next_copy(const struct psw_region *region)
{
	int next = !region->super_copy;

	if (psw_super_is_bad(region, !next))
		next = !next;
	if (psw_super_is_bad(region, next))
		pr_err_ratelimited("%s: the %s superblock is in a bad block of the device: detach the region, then pmemswap-fmt check --repair clears the block\n",
				   region->options.name, psw_super_name(next));
	return next;
}

/**
 * psw_super_write() - update the superblock on the medium
 * @region: the region
 * @state: PSW_MEDIA_STATE_*
 *
 * Context: may sleep; region->meta_lock is held; inside psw_pmem_enter().
 * Return: 0, or the error of the device.
 */
int psw_super_write(struct psw_region *region, u32 state)
{
	struct psw_media_super *super = &region->super;
	size_t bytes = psw_super_update_bytes(region);
	int copy = psw_super_next_copy(region);
	int err = 0;

	lockdep_assert_held(&region->meta_lock);
	psw_region_count(region, PSW_STAT_META_BYTES, bytes);
	super->sequence = cpu_to_le64(psw_counter_next(le64_to_cpu(super->sequence)));
	super->state = cpu_to_le32(state);
	super->slot_writes = psw_super_total(region, PSW_STAT_SLOT_WRITES);
	super->moved_writes = psw_super_total(region, PSW_STAT_MOVES);
	super->meta_bytes = psw_super_total(region, PSW_STAT_META_BYTES);
	super->lost_pages = psw_super_total(region, PSW_STAT_LOST);
	psw_super_seal(super);

	if (region->super_whole)
		err = psw_super_write_magic(region, copy);
	if (!err) {
		psw_pmem_write(region->pmem, region->geo.super_off[copy], super,
			       bytes);
		psw_pmem_fence();
		err = psw_pmem_flush(region->pmem);
	}
	region->super_whole = err;
	if (!err)
		region->super_copy = copy;
	return err;
}
