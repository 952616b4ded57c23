// SPDX-License-Identifier: GPL-2.0
/*
 * super.c - the superblock on the medium
 *
 * Invariant: at every moment one of the two copies is valid, and describes the
 * region as it was before or after the update that is under way. An update writes
 * the copy that is not current, or is damaged, with a higher sequence number.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include "region.h"
#include "super.h"

/* How a region without a valid superblock is refused; the best reason first. */
static const struct {
	enum psw_super_status status;
	int error;
	const char *advice;
} psw_refusals[] = {
	{ PSW_SUPER_INCOMPAT, -EOPNOTSUPP,
	  "use the version of pmemswap that formatted it, or format it anew" },
	{ PSW_SUPER_VERSION, -EOPNOTSUPP,
	  "use the version of pmemswap that formatted it, or format it anew" },
	{ PSW_SUPER_TRUNCATED, -EINVAL,
	  "give the namespace its size back, or format it anew" },
	{ PSW_SUPER_GEOMETRY, -EUCLEAN, "format it anew with pmemswap-fmt" },
	{ PSW_SUPER_CHECKSUM, -EUCLEAN, "format it anew with pmemswap-fmt" },
	{ PSW_SUPER_FOREIGN, -EINVAL,
	  "no pmemswap region is here; see pmemswap-fmt list, format one with pmemswap-fmt format" },
};

static int psw_super_refuse(const struct psw_region *region,
			    const enum psw_super_status status[2])
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(psw_refusals) - 1; i++)
		if (psw_refusals[i].status == status[0] ||
		    psw_refusals[i].status == status[1])
			break;
	pr_err("%s: no valid superblock: the primary is %s, the secondary %s: %s\n",
	       region->options.name, psw_super_status_text(status[0]),
	       psw_super_status_text(status[1]), psw_refusals[i].advice);
	return psw_refusals[i].error;
}

/* Read one copy; an unreadable one is damaged. */
static enum psw_super_status
psw_super_read(const struct psw_region *region, int copy, u64 off,
	       struct psw_media_super *super, struct psw_geometry *geo)
{
	if (psw_pmem_read(region->pmem, off, super, sizeof(*super)))
		return PSW_SUPER_CHECKSUM;
	return psw_super_check(super, copy, off, region->pmem->bytes, geo);
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
 *	version; -EUCLEAN if it is damaged; -ENOMEM.
 */
int psw_super_load(struct psw_region *region)
{
	const struct psw_media_super *copies[2];
	struct psw_media_super *super;
	enum psw_super_status status[2];
	struct psw_geometry geo[2];
	u64 secondary_off;
	int chosen;

	if (region->pmem->bytes < PSW_REGION_BYTES_MIN) {
		pr_err("%s: %llu bytes are too small for a region: %llu at least are needed\n",
		       region->options.name, region->pmem->bytes,
		       PSW_REGION_BYTES_MIN);
		return -EINVAL;
	}

	super = kmalloc_array(2, sizeof(*super), GFP_KERNEL);
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
				chosen ? "primary" : "secondary",
				psw_super_status_text(status[!chosen]));
		region->super = super[chosen];
		region->super_copy = chosen;
		region->super_whole = status[!chosen] != PSW_SUPER_OK ||
				     memcmp(super[0].reserved, super[1].reserved,
					    sizeof(super[0].reserved));
		region->geo = geo[chosen];
		psw_super_totals_load(region);
	}
	kfree(super);
	return chosen < 0 ? psw_super_refuse(region, status) : 0;
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
	return cpu_to_le64(region->loaded[stat] +
			   psw_stat_sum(region->stats, stat));
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
	int copy = !region->super_copy;
	int err;

	lockdep_assert_held(&region->meta_lock);
	psw_region_count(region, PSW_STAT_META_BYTES, bytes);
	le64_add_cpu(&super->sequence, 1);
	super->state = cpu_to_le32(state);
	super->slot_writes = psw_super_total(region, PSW_STAT_SLOT_WRITES);
	super->moved_writes = psw_super_total(region, PSW_STAT_MOVES);
	super->meta_bytes = psw_super_total(region, PSW_STAT_META_BYTES);
	super->lost_pages = psw_super_total(region, PSW_STAT_LOST);
	psw_super_seal(super);

	psw_pmem_write(region->pmem, region->geo.super_off[copy], super, bytes);
	psw_pmem_fence();
	err = psw_pmem_flush(region->pmem);
	region->super_whole = err;
	if (!err)
		region->super_copy = copy;
	return err;
}
