/* SPDX-License-Identifier: GPL-2.0 */
/*
 * region.h - a region and its two superblocks
 */
#ifndef PSW_TOOLS_REGION_H
#define PSW_TOOLS_REGION_H

#include "device.h"
#include "holder.h"
#include "pmemswap_layout.h"

/* A copy of the superblock, as found. */
struct region_super {
	struct psw_media_super media DEVICE_ALIGNED;	/* zeros if unreadable */
	__u64 off;					/* in bytes, also if unreadable */
	int io_error;					/* negative errno, or 0 */
	enum psw_super_status status;
	struct psw_geometry geo;			/* valid with PSW_SUPER_OK */
};

struct region {
	struct device device;
	struct region_super super[2];	/* primary, secondary */
	int current;			/* number of the current copy, -1: no region */
	struct psw_geometry geo;	/* valid if there is a region */
	char disk[HOLDER_DISK_BYTES];	/* that it is attached as, or empty */
};

int region_open(struct region *region, const char *path, enum device_access access);
void region_close(struct region *region);
void region_read_supers(struct region *region);
int region_require(const struct region *region);
enum psw_super_status region_refusal(const struct region *region);
bool region_use_secondary(struct region *region);
int region_write_super(struct region *region, int copy, struct psw_media_super *super);
int region_update_super(struct region *region, int copy, struct psw_media_super *super);
int region_wipe_super(struct region *region, int copy);
const char *region_super_name(int copy);
const char *region_super_text(const struct region_super *super);

/* The current copy. */
static inline const struct psw_media_super *region_super(const struct region *region)
{
	return &region->super[region->current].media;
}

static inline bool region_is_attached(const struct region *region)
{
	return __le32_to_cpu(region_super(region)->state) == PSW_MEDIA_STATE_ATTACHED;
}

/* Both copies are valid. */
static inline bool region_supers_ok(const struct region *region)
{
	return region->super[0].status == PSW_SUPER_OK &&
	       region->super[1].status == PSW_SUPER_OK;
}

/* At least one copy has the magic of a superblock, or cannot be read. */
static inline bool region_has_supers(const struct region *region)
{
	return region->super[0].status != PSW_SUPER_FOREIGN ||
	       region->super[1].status != PSW_SUPER_FOREIGN;
}

#endif /* PSW_TOOLS_REGION_H */
