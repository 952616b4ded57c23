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
	if (super->io_error && super->io_error != -ENXIO)
		super->status = PSW_SUPER_CHECKSUM;
}

static void use_super(struct region *region, int copy)
{
	region->current = copy;
	if (copy >= 0)
		region->geo = region->super[copy].geo;
}

/* The result is -1 in @current if there is no region. */
void region_read_supers(struct region *region)
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
	use_super(region, psw_super_choose(status, media));
	region->super[1].status = status[1];
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
		region_read_supers(region);
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
	if (super->io_error == -ENXIO)
		return "beyond the end of the device";
	if (super->io_error)
		return "unreadable (I/O error)";
	return psw_super_status_text(super->status);
}

/* Why there is no region. */
enum psw_super_status region_refusal(const struct region *region)
{
	const enum psw_super_status status[2] = {
		region->super[0].status, region->super[1].status,
	};

	return psw_super_refusal(status);
}

/* Says what was found instead of a region. */
int region_require(const struct region *region)
{
	enum psw_super_status refusal = region_refusal(region);
	const char *path = region->device.path;
	int i;

	if (region->current >= 0)
		return 0;
	if (refusal == PSW_SUPER_FOREIGN) {
		error("%s: not a pmemswap region; 'pmemswap-fmt format %s' makes it one",
		      path, path);
		return -EINVAL;
	}
	for (i = 0; i < 2; i++)
		error("%s: the %s superblock is %s", path, region_super_name(i),
		      region_super_text(&region->super[i]));
	error("%s: no superblock can be used: %s", path, psw_super_advice(refusal));
	return -EINVAL;
}

/*
 * Use the secondary although something else was written over the primary. Returns
 * false if the region was refused for another reason.
 */
bool region_use_secondary(struct region *region)
{
	if (region->current >= 0 || region->super[1].status != PSW_SUPER_OK ||
	    region_refusal(region) != PSW_SUPER_OVERWRITTEN)
		return false;
	use_super(region, 1);
	return true;
}

static int write_super(struct region *region, int copy, __u64 off,
		       const struct psw_media_super *super)
{
	int err = device_write_block(&region->device, off, super);

	if (err)
		error("%s: cannot write the %s superblock: %s", region->device.path,
		      region_super_name(copy), strerror(-err));
	else
		read_super(region, copy, off);
	return err;
}

/*
 * Seals @super, writes it and reads it back into @region. @super must be aligned
 * as DEVICE_ALIGNED does.
 */
int region_write_super(struct region *region, int copy, struct psw_media_super *super)
{
	psw_super_seal(super);
	return write_super(region, copy, __le64_to_cpu(super->super_off[copy]), super);
}

/*
 * A damaged copy gets its magic before the rest. If power is lost between, the copy
 * is damaged, and does not look as if something else was written over it.
 */
static int write_magic(struct region *region, int copy, __u64 off)
{
	struct psw_media_super super DEVICE_ALIGNED = region->super[copy].media;

	if (psw_super_has_magic(&super))
		return 0;
	memcpy(super.magic, PSW_MEDIA_MAGIC, PSW_MEDIA_MAGIC_BYTES);
	return write_super(region, copy, off, &super);
}

/* Writes @super with the next sequence number over a copy. */
int region_update_super(struct region *region, int copy, struct psw_media_super *super)
{
	int err = write_magic(region, copy, __le64_to_cpu(super->super_off[copy]));

	if (err)
		return err;
	super->sequence =
		__cpu_to_le64(psw_counter_next(__le64_to_cpu(super->sequence)));
	super->meta_bytes = __cpu_to_le64(__le64_to_cpu(super->meta_bytes) +
					  sizeof(*super));
	return region_write_super(region, copy, super);
}

/* Writes zeros over a copy, if something of a superblock is there. */
int region_wipe_super(struct region *region, int copy)
{
	static const struct psw_media_super zero DEVICE_ALIGNED;

	if (region->super[copy].status == PSW_SUPER_FOREIGN)
		return 0;
	return write_super(region, copy, region->super[copy].off, &zero);
}
