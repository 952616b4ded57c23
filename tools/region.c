// SPDX-License-Identifier: GPL-2.0
/*
 * region.c - read, check and write the superblocks of a region
 */
#include <errno.h>
#include <string.h>

#include "message.h"
#include "region.h"

/* The module may be updating a copy while we read it. */
#define SUPER_READ_TRIES	5

static void read_super(struct region *region, int copy, __u64 off)
{
	struct region_super *super = &region->super[copy];

	super->off = off;
	super->io_error = device_read(&region->device, off, &super->media,
				      sizeof(super->media));
	if (super->io_error)
		memset(&super->media, 0, sizeof(super->media));

	super->status = psw_super_check(&super->media, copy, off,
					region->device.bytes, &super->geo);
}

static void read_supers(struct region *region)
{
	const struct psw_media_super *media[2];
	enum psw_super_status status[2];
	__u64 secondary_off;
	int i;

	read_super(region, 0, 0);
	secondary_off = psw_super_secondary_off(
		region->super[0].status == PSW_SUPER_OK ? &region->super[0].geo : NULL,
		region->device.bytes);
	if (secondary_off)
		read_super(region, 1, secondary_off);
	else
		region->super[1].status = PSW_SUPER_FOREIGN;

	for (i = 0; i < 2; i++) {
		media[i] = &region->super[i].media;
		status[i] = region->super[i].status;
	}
	region->current = psw_super_choose(status, media);
	if (region->current >= 0)
		region->geo = region->super[region->current].geo;
}

/*
 * Succeeds also if there is no region: then @current is -1. @path must outlive
 * @region.
 */
int region_open(struct region *region, const char *path, enum device_access access)
{
	struct stat st;
	int err, tries;

	memset(region, 0, sizeof(*region));
	err = device_open(&region->device, path, access);
	if (err)
		return err;

	if (!fstat(region->device.fd, &st))
		holder_find_disk(&st, region->disk);
	for (tries = 0; tries < SUPER_READ_TRIES; tries++) {
		read_supers(region);
		if (region_supers_ok(region) || !region->disk[0])
			break;
	}
	return 0;
}

void region_close(struct region *region)
{
	device_close(&region->device);
}

const char *region_super_name(int copy)
{
	return copy ? "secondary" : "primary";
}

/* What is wrong with it, to end a sentence. */
const char *region_super_text(const struct region_super *super)
{
	if (super->io_error == -EIO)
		return "unreadable (I/O error)";
	if (super->io_error)
		return "beyond the end of the device";
	return psw_super_status_text(super->status);
}

/* Says what was found instead of a region. */
int region_require(const struct region *region)
{
	const char *path = region->device.path;
	int i;

	if (region->current >= 0)
		return 0;
	if (region->super[0].status == PSW_SUPER_FOREIGN &&
	    region->super[1].status == PSW_SUPER_FOREIGN &&
	    !region->super[0].io_error && !region->super[1].io_error) {
		error("%s: not a pmemswap region; 'pmemswap-fmt format %s' makes it one",
		      path, path);
		return -EINVAL;
	}
	for (i = 0; i < 2; i++)
		error("%s: the %s superblock is %s", path, region_super_name(i),
		      region_super_text(&region->super[i]));
	error("%s: no superblock can be used; only a new format helps", path);
	return -EINVAL;
}

/*
 * Seals @super, writes it and reads it back into @region. @super must be aligned
 * as DEVICE_ALIGNED does.
 */
int region_write_super(struct region *region, int copy, struct psw_media_super *super)
{
	__u64 off = __le64_to_cpu(super->super_off[copy]);
	int err;

	psw_super_seal(super);
	err = device_write(&region->device, off, super, sizeof(*super));
	if (err) {
		error("%s: cannot write the %s superblock: %s", region->device.path,
		      region_super_name(copy), strerror(-err));
		return err;
	}
	read_super(region, copy, off);
	return 0;
}
