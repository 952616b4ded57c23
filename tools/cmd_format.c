// SPDX-License-Identifier: GPL-2.0
/*
 * cmd_format.c - examine a device, then format it
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "confirm.h"
#include "format.h"
#include "message.h"
#include "namespace.h"
#include "signature.h"
#include "text.h"

/* A label and a uuid that are not given are those of an existing region. */
static struct {
	__u8 label[PSW_MEDIA_LABEL_BYTES];
	bool has_label;
	uuid_t uuid;
	__u64 create_bytes;
	bool wipe;
	bool reset_wear;
	bool dry_run;
	bool force;
	bool yes;
} asked;

/* The label of a swap header is one byte shorter than the field. */
static bool parse_label(const char *text, void *label)
{
	size_t i, bytes = strlen(text);

	if (bytes >= PSW_MEDIA_LABEL_BYTES)
		return false;
	for (i = 0; i < bytes; i++)
		if (text[i] < 0x20 || text[i] > 0x7e)
			return false;
	memset(label, 0, PSW_MEDIA_LABEL_BYTES);
	memcpy(label, text, bytes);
	asked.has_label = true;
	return true;
}

static bool parse_uuid(const char *text, void *uuid)
{
	if (!strcmp(text, "random")) {
		uuid_generate_random(uuid);
		return true;
	}
	return !uuid_parse(text, uuid) && !uuid_is_null(uuid);
}

static bool parse_size(const char *text, void *value)
{
	return text_parse_size(text, value) && asked.create_bytes;
}

static const struct command_option options[] = {
	{ 'L', "label", "LABEL", .help = "name the region, with 15 characters at most",
	  .parse = parse_label, .value = asked.label,
	  .valid = "a label: up to 15 printable ASCII characters" },
	{ 'U', "uuid", "UUID", .help = "use this uuid, or a new one if it is \"random\"",
	  .parse = parse_uuid, .value = asked.uuid, .valid = "a uuid" },
	{ 's', "size", "SIZE", .help = "create the image file, such as 256M",
	  .parse = parse_size, .value = &asked.create_bytes,
	  .valid = "a size such as 256M" },
	{ 'w', "wipe", .help = "overwrite the data area with zeros",
	  .flag = &asked.wipe },
	{ 'r', "reset-wear", .help = "forget the wear of an existing region",
	  .flag = &asked.reset_wear },
	{ 'n', "dry-run", .help = "print what would be done, write nothing",
	  .flag = &asked.dry_run },
	{ 'f', "force", .help = "wipe foreign signatures, accept a device without DAX",
	  .flag = &asked.force },
	{ 'y', "yes", .help = "do not ask before formatting an existing region",
	  .flag = &asked.yes },
	COMMAND_OPTIONS_COMMON
};

/* Returns 1 if there is a foreign signature that may be wiped, 0 if none. */
static int examine_signature(const struct device *device, struct signature *signature)
{
	int ret = signature_find(device, signature);

	/* What cannot be read has no signature, but it is not known to have none. */
	if (asked.force)
		return ret > 0;
	if (ret <= 0)
		return ret;
	error("%s: holds something else: %s, with its signature at %s; --force wipes it",
	      device->path, signature->type, signature->off);
	return -EEXIST;
}

static void choose_identity(const struct region *region, struct format_plan *plan)
{
	const struct psw_media_super *old = NULL;

	if (region->current >= 0)
		old = region_super(region);
	if (!asked.has_label && old)
		memcpy(plan->label, old->label, sizeof(plan->label));
	else
		memcpy(plan->label, asked.label, sizeof(plan->label));
	if (!uuid_is_null(asked.uuid))
		uuid_copy(plan->uuid, asked.uuid);
	else if (old)
		memcpy(plan->uuid, old->uuid, sizeof(plan->uuid));
	else
		uuid_generate_random(plan->uuid);
}

/* Every reason to refuse is checked here, before the first write. */
static int make_plan(const struct region *region, struct format_plan *plan)
{
	const struct device *device = &region->device;
	struct signature signature;
	struct text text;
	bool same;
	int ret;

	if (!psw_geometry_init(&plan->geo, device->bytes)) {
		error("%s: too small: %llu bytes, and a region needs at least %s",
		      device->path, device->bytes,
		      text_size(&text, PSW_REGION_BYTES_MIN));
		return -EINVAL;
	}
	if (device->is_block && !asked.force) {
		ret = namespace_require_dax(device->path, device->fd);
		if (ret)
			return ret;
	}
	ret = examine_signature(device, &signature);
	if (ret < 0)
		return ret;
	if (ret)
		printf("signature to be wiped, at %s: %s\n", signature.off,
		       signature.type);

	same = region->current >= 0 && region->geo.region_bytes == plan->geo.region_bytes;
	choose_identity(region, plan);
	plan->keep_wear = same && !asked.reset_wear;
	plan->keep_bad = same;
	plan->wipe_signatures = ret;
	plan->wipe_data = asked.wipe;
	return confirm_loss(region, "to format it again", asked.yes || asked.dry_run);
}

/* A user may think for long, and others may write to an image file meanwhile. */
static bool is_unchanged(struct region *region, const struct format_plan *plan)
{
	struct psw_media_super before[2] = {
		region->super[0].media, region->super[1].media,
	};
	struct signature signature;
	bool has_signature;
	int copy;

	region_read_supers(region);
	has_signature = signature_find(&region->device, &signature) > 0;
	for (copy = 0; copy < 2; copy++)
		if (memcmp(&region->super[copy].media, &before[copy], sizeof(*before)))
			break;
	if (copy == 2 && has_signature == plan->wipe_signatures)
		return true;
	error("%s: was changed by another program since it was examined; nothing was written",
	      region->device.path);
	return false;
}

static void describe(const struct region *region, const struct format_plan *plan)
{
	struct text text;

	if (region->current >= 0 && region_is_attached(region))
		puts("the last shutdown of the old region was unclean; the pages in it are lost in any case");
	if (plan->keep_wear)
		puts("the old region has the same geometry: its wear is kept");
	else if (region->current >= 0)
		puts("the wear of the old region is forgotten");
	if (region->current >= 0 && !plan->keep_bad)
		puts("the old region has another geometry: its bad slots are forgotten");
	say("device: %s", region->device.path);
	printf("uuid: %s\n", text_uuid(&text, plan->uuid));
	printf("label: %s\n", text_label(&text, plan->label));
	printf("region: %s\n", text_size(&text, plan->geo.region_bytes));
	printf("slots: %llu, data at %llu\n", plan->geo.slots_nr, plan->geo.data_off);
	printf("metadata: %s\n",
	       text_size(&text, plan->geo.data_off + PSW_MEDIA_BLOCK_BYTES));
}

static int format_region(struct region *region)
{
	struct format_plan plan = { 0 };
	__u64 unwiped_nr;

	if (make_plan(region, &plan))
		return EXIT_OPERATIONAL;
	describe(region, &plan);
	if (asked.dry_run) {
		puts("dry run: nothing was written");
		return EXIT_CLEAN;
	}
	if (!is_unchanged(region, &plan) || format_write(region, &plan, &unwiped_nr))
		return EXIT_OPERATIONAL;
	if (!unwiped_nr)
		return EXIT_CLEAN;
	warning("%s: formatted, but %llu slots could not be wiped", region->device.path,
		unwiped_nr);
	return EXIT_ERRORS_LEFT;
}

static int create_image(const char *path)
{
	struct text text;
	int fd, err = 0;

	if (asked.create_bytes < PSW_REGION_BYTES_MIN) {
		error("%s: a region needs at least %s", path,
		      text_size(&text, PSW_REGION_BYTES_MIN));
		return -EINVAL;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, (off_t)asked.create_bytes))
		err = -errno;
	if (fd >= 0)
		close(fd);
	if (err == -EEXIST)
		error("%s: exists; --size creates an image file", path);
	else if (err)
		error("%s: cannot create: %s", path, strerror(-err));
	if (err && fd >= 0)
		unlink(path);
	return err;
}

static int format_run(const char *path)
{
	struct region region;
	int code;

	if (asked.create_bytes && asked.dry_run) {
		error("format: --size creates a file, which --dry-run forbids");
		return command_usage_error("format");
	}
	if (asked.create_bytes && create_image(path))
		return EXIT_OPERATIONAL;
	if (region_open(&region, path, asked.dry_run ? DEVICE_EXCLUSIVE : DEVICE_WRITE))
		return EXIT_OPERATIONAL;
	code = format_region(&region);
	region_close(&region);
	return code;
}

const struct command cmd_format = {
	.name = "format",
	.summary = "make a region on a device or in an image file",
	.description = "Make a pmemswap region on a block device or in an image file.\n",
	.options = options,
	.takes_device = true,
	.run = format_run,
};
