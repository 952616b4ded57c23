/* SPDX-License-Identifier: GPL-2.0 */
/*
 * region.h - a region as its two superblocks describe it
 */
#ifndef PSW_TOOLS_REGION_H
#define PSW_TOOLS_REGION_H

#include "holder.h"
#include "pmemswap_layout.h"
#include "device.h"

/**
 * struct region_super - one copy of the superblock, as found
 * @media: the block; zeros when it cannot be read
 * @off: where it is or should be, in bytes
 * @io_error: negative errno of reading it, or 0
 * @status: what psw_super_check() says of it
 * @geo: valid with PSW_SUPER_OK
 */
struct region_super {
	struct psw_media_super media DEVICE_ALIGNED;
	__u64 off;
	int io_error;
	enum psw_super_status status;
	struct psw_geometry geo;
};

/**
 * struct region - an open region, or what was found in place of one
 * @device: where it is
 * @super: its superblocks: primary, secondary
 * @current: the superblock that counts, or -1 if this is not a region
 * @geo: its geometry, valid unless @current is -1
 * @disk: the block device it is attached as, or an empty string
 */
struct region {
	struct device device;
	struct region_super super[2];
	int current;
	struct psw_geometry geo;
	char disk[HOLDER_DISK_BYTES];
};

int region_open(struct region *region, const char *path, enum device_access access);
void region_close(struct region *region);
int region_require(const struct region *region);
int region_write_super(struct region *region, int copy, struct psw_media_super *super);
const char *region_super_name(int copy);
const char *region_super_text(const struct region_super *super);

/* The superblock that counts. */
static inline const struct psw_media_super *region_super(const struct region *region)
{
	return &region->super[region->current].media;
}

static inline bool region_is_attached(const struct region *region)
{
	return __le32_to_cpu(region_super(region)->state) == PSW_MEDIA_STATE_ATTACHED;
}

/* Both copies of the superblock are as they should be. */
static inline bool region_supers_ok(const struct region *region)
{
	return region->super[0].status == PSW_SUPER_OK &&
	       region->super[1].status == PSW_SUPER_OK;
}

#endif /* PSW_TOOLS_REGION_H */
