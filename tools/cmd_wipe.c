// SPDX-License-Identifier: GPL-2.0
/*
 * cmd_wipe.c - make a region no region
 */
#include <errno.h>
#include <stdio.h>

#include "commands.h"
#include "confirm.h"
#include "message.h"
#include "signature.h"

/*
 * A device that grew may have a secondary superblock of its old size and one of its
 * new size. The second pass finds the other one.
 */
#define PASSES	2

static struct {
	bool dry_run;
	bool force;
	bool yes;
} asked;

static const struct command_option options[] = {
	{ 'n', "dry-run", .help = "print what would be done, write nothing",
	  .flag = &asked.dry_run },
	{ 'f', "force", .help = "wipe although something else is there, too",
	  .flag = &asked.force },
	{ 'y', "yes", .help = "do not ask", .flag = &asked.yes },
	COMMAND_OPTIONS_COMMON
};

/* The data of something else stays, so --force is safe unless it shares a block. */
static int examine_signature(const struct device *device)
{
	struct signature signature;
	int ret = signature_find(device, &signature);

	if (!ret || asked.force)
		return 0;
	if (ret < 0)
		return ret;
	error("%s: holds something else: %s, with its signature at %s; --force wipes the superblocks of pmemswap beside it",
	      device->path, signature.type, signature.off);
	return -1;
}

static bool is_wiped(const struct region_super *super)
{
	return super->status == PSW_SUPER_FOREIGN ||
	       super->status == PSW_SUPER_OVERWRITTEN;
}

/* A copy that something else was written over is data of somebody else. */
static int wipe_super(struct region *region, int copy)
{
	const struct region_super *super = &region->super[copy];

	if (is_wiped(super))
		return 0;
	printf("%s superblock at %llu: %s\n", region_super_name(copy), super->off,
	       asked.dry_run ? "would be wiped" : "wiped");
	if (asked.dry_run)
		return 0;
	return region_wipe_super(region, copy);
}

/*
 * A block that cannot be read may be data of somebody else. A valid superblock says
 * that it is the other copy.
 */
static bool is_kept(const struct region *region, int copy)
{
	const struct region_super *super = &region->super[copy];

	return super->io_error && super->io_error != -ENXIO &&
	       region->super[!copy].status != PSW_SUPER_OK;
}

/* The secondary first: a wipe that is interrupted then leaves a region, or nothing. */
static int wipe_supers(struct region *region)
{
	const bool kept[2] = { is_kept(region, 0), is_kept(region, 1) };
	int copy, err;

	for (copy = 1; copy >= 0; copy--) {
		err = kept[copy] ? 0 : wipe_super(region, copy);
		if (err)
			return err;
	}
	return 0;
}

/* An error, as a block that can be read again may be a superblock. */
static int report_kept(const struct region *region)
{
	int copy, code = EXIT_CLEAN;

	for (copy = 0; copy < 2; copy++) {
		if (!is_kept(region, copy))
			continue;
		error("%s: the %s superblock at %llu cannot be read, and is left alone, because no other superblock says that it is one; overwrite the block if it is not needed",
		      region->device.path, region_super_name(copy),
		      region->super[copy].off);
		code = EXIT_OPERATIONAL;
	}
	return code;
}

static int wipe_region(struct region *region)
{
	int pass;

	if (is_wiped(&region->super[0]) && is_wiped(&region->super[1])) {
		say("%s: has no superblock of pmemswap", region->device.path);
		return EXIT_CLEAN;
	}
	if (examine_signature(&region->device) ||
	    confirm_loss(region, "to wipe it", asked.yes || asked.dry_run))
		return EXIT_OPERATIONAL;
	for (pass = 0; pass < PASSES; pass++) {
		if (wipe_supers(region))
			return EXIT_OPERATIONAL;
		if (asked.dry_run)
			break;
		region_read_supers(region);
	}
	puts(asked.dry_run ? "dry run: nothing was written" :
	     "the pages in the slots are still readable; overwrite the device to remove them");
	return report_kept(region);
}

static int wipe_run(const char *path)
{
	struct region region;
	int code;

	if (region_open(&region, path, asked.dry_run ? DEVICE_EXCLUSIVE : DEVICE_WRITE))
		return EXIT_OPERATIONAL;
	code = wipe_region(&region);
	region_close(&region);
	return code;
}

const struct command cmd_wipe = {
	.name = "wipe",
	.summary = "make a region no region",
	.description =
		"Invalidate both superblocks of a region, so that nothing takes the device for\n"
		"one. Nothing else is written.\n",
	.options = options,
	.takes_device = true,
	.run = wipe_run,
};
