// SPDX-License-Identifier: GPL-2.0
/*
 * sysfs.c - the files in /sys/block/pmemswapN, one value each
 */
#include <linux/device.h>
#include <linux/genhd.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/uuid.h>
#include "../layout/pmemswap_format.h"
#include "disk.h"
#include "engine/store.h"
#include "sysfs.h"

/* A file whose value is printed from expressions over the region. */
#define PSW_SYSFS_VALUE(name, format, ...)				\
static ssize_t name##_show(struct device *dev,				\
			   struct device_attribute *attr, char *buf)	\
{									\
	struct psw_region *region = psw_disk_region(dev_to_disk(dev));			\
									\
	return sysfs_emit(buf, format "\n", __VA_ARGS__);		\
}									\
static DEVICE_ATTR_RO(name)

#define PSW_SYSFS_STAT(name, stat) \
	PSW_SYSFS_VALUE(name, "%llu", psw_region_stat(region, stat))

PSW_SYSFS_VALUE(region, "%s", psw_region_name(region));
PSW_SYSFS_VALUE(uuid, "%pUb", psw_region_super(region)->uuid);
PSW_SYSFS_VALUE(label, "%*pE",
		(int)strnlen(psw_region_super(region)->label, PSW_MEDIA_LABEL_BYTES),
		psw_region_super(region)->label);

PSW_SYSFS_STAT(stores, PSW_STAT_STORES);
PSW_SYSFS_STAT(loads, PSW_STAT_LOADS);
PSW_SYSFS_STAT(invalidates, PSW_STAT_INVALIDATES);
PSW_SYSFS_STAT(zero_pages, PSW_STAT_ZERO_PAGES);
PSW_SYSFS_STAT(lost, PSW_STAT_LOST);
PSW_SYSFS_STAT(rejects_full, PSW_STAT_REJECT_FULL);
PSW_SYSFS_STAT(rejects_memory, PSW_STAT_REJECT_MEMORY);
PSW_SYSFS_STAT(rejects_compound, PSW_STAT_REJECT_COMPOUND);
PSW_SYSFS_STAT(rejects_range, PSW_STAT_REJECT_RANGE);
PSW_SYSFS_STAT(rejects_closing, PSW_STAT_REJECT_CLOSING);
PSW_SYSFS_STAT(pages, PSW_STAT_PAGES);
PSW_SYSFS_STAT(pages_lost, PSW_STAT_PAGES_LOST);
PSW_SYSFS_STAT(moves, PSW_STAT_MOVES);
PSW_SYSFS_STAT(metadata_bytes_written, PSW_STAT_META_BYTES);

PSW_SYSFS_VALUE(media_bytes_written, "%llu",
		psw_region_stat(region, PSW_STAT_SLOT_WRITES) *
			PSW_MEDIA_SLOT_BYTES +
		psw_region_stat(region, PSW_STAT_META_BYTES));

PSW_SYSFS_VALUE(slots, "%llu", psw_region_slots_nr(region));
PSW_SYSFS_VALUE(slots_free, "%u", psw_region_free_nr(region));
PSW_SYSFS_VALUE(slots_bad, "%u", psw_region_bad_nr(region));
PSW_SYSFS_VALUE(slots_reserved, "%u", psw_region_reserve(region));

/* Slots change hands while they are counted, so the sum may be off by a few. */
static u64 psw_slots_used(struct psw_region *region)
{
	u64 others = psw_region_free_nr(region) +
		     psw_region_bad_nr(region);

	return psw_region_slots_nr(region) - min(others, psw_region_slots_nr(region));
}

PSW_SYSFS_VALUE(slots_used, "%llu", psw_slots_used(region));

static struct psw_wear psw_wear_of(struct psw_region *region)
{
	struct psw_wear wear;

	psw_region_wear(region, &wear);
	return wear;
}

PSW_SYSFS_VALUE(wear_min, "%u", psw_wear_of(region).min);
PSW_SYSFS_VALUE(wear_max, "%u", psw_wear_of(region).max);

static ssize_t wear_mean_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	struct psw_wear wear = psw_wear_of(psw_disk_region(dev_to_disk(dev)));
	u32 slots = max(wear.slots_nr, 1u);
	u32 rest;
	u64 mean = div_u64_rem(wear.sum, slots, &rest);

	return sysfs_emit(buf, "%llu.%03llu\n", mean,
			  div_u64(rest * 1000ull, slots));
}
static DEVICE_ATTR_RO(wear_mean);

PSW_SYSFS_STAT(scrub_slots, PSW_STAT_SCRUB_SLOTS);

static ssize_t scrub_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct psw_region *region = psw_disk_region(dev_to_disk(dev));

	return sysfs_emit(buf, "%d\n", psw_scrub_is_running(region));
}

static ssize_t scrub_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	struct psw_region *region = psw_disk_region(dev_to_disk(dev));
	bool start;
	int err = kstrtobool(buf, &start);

	if (err)
		return err;
	if (start)
		psw_scrub_start(region);
	else
		psw_scrub_stop(region);
	return count;
}
static DEVICE_ATTR_RW(scrub);

static struct attribute *psw_sysfs_attrs[] = {
	&dev_attr_region.attr,
	&dev_attr_uuid.attr,
	&dev_attr_label.attr,
	&dev_attr_stores.attr,
	&dev_attr_loads.attr,
	&dev_attr_invalidates.attr,
	&dev_attr_zero_pages.attr,
	&dev_attr_lost.attr,
	&dev_attr_rejects_full.attr,
	&dev_attr_rejects_memory.attr,
	&dev_attr_rejects_compound.attr,
	&dev_attr_rejects_range.attr,
	&dev_attr_rejects_closing.attr,
	&dev_attr_pages.attr,
	&dev_attr_pages_lost.attr,
	&dev_attr_scrub.attr,
	&dev_attr_scrub_slots.attr,
	&dev_attr_slots.attr,
	&dev_attr_slots_used.attr,
	&dev_attr_slots_free.attr,
	&dev_attr_slots_bad.attr,
	&dev_attr_slots_reserved.attr,
	&dev_attr_moves.attr,
	&dev_attr_wear_min.attr,
	&dev_attr_wear_mean.attr,
	&dev_attr_wear_max.attr,
	&dev_attr_media_bytes_written.attr,
	&dev_attr_metadata_bytes_written.attr,
	NULL,
};

static const struct attribute_group psw_sysfs_group = {
	.attrs = psw_sysfs_attrs,
};

const struct attribute_group *psw_sysfs_groups[] = {
	&psw_sysfs_group,
	NULL,
};
