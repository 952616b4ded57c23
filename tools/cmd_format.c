// SPDX-License-Identifier: GPL-2.0
/*
 * format.c - the format command: examine, refuse, ask, and have it done
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "format.h"
#include "message.h"
#include "namespace.h"
#include "signature.h"
#include "text.h"

static struct format asked;

/* A swap header gives the name one byte less than the field has. */
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
	return true;
}

static bool parse_uuid(const char *text, void *uuid)
{
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
	{ 'U', "uuid", "UUID", .help = "use this uuid rather than a random one",
	  .parse = parse_uuid, .value = asked.uuid, .valid = "a uuid" },
	{ 's', "size", "SIZE", .help = "create the image file, such as 256M",
	  .parse = parse_size, .value = &asked.create_bytes,
	  .valid = "a size such as 256M" },
	{ 'w', "wipe", .help = "overwrite the data area with zeros",
	  .flag = &asked.wipe },
	{ 'r', "reset-wear", .help = "forget the wear of an existing region",
	  .flag = &asked.reset_wear },
	{ 'n', "dry-run", .help = "say what would be done, write nothing",
	  .flag = &asked.dry_run },
	{ 'f', "force", .help = "wipe foreign signatures, accept a device without DAX",
	  .flag = &asked.force },
	{ 'y', "yes", .help = "do not ask before formatting an existing region",
	  .flag = &asked.yes },
	COMMAND_OPTIONS_COMMON
};

static int confirm(const struct format *format)
{
	const struct region *region = &format->region;
	char answer[16] = "";

	if (region->serving < 0 || format->yes || format->dry_run)
		return 0;
	if (!isatty(STDIN_FILENO)) {
		error("%s: holds a pmemswap region already; --yes formats it again",
		      region->medium.path);
		return -EEXIST;
	}
	fprintf(stderr, "%s holds a pmemswap region already. Format it again? [y/N] ",
		region->medium.path);
	if (fgets(answer, sizeof(answer), stdin) && (*answer == 'y' || *answer == 'Y'))
		return 0;
	error("%s: left as it is", region->medium.path);
	return -ECANCELED;
}

/* Everything that may refuse, before anything is written. */
static int examine(struct format *format, bool *has_foreign)
{
	const struct medium *medium = &format->region.medium;
	struct signature signature;
	struct text text;
	int ret;

	if (!psw_geometry_init(&format->geo, medium->bytes)) {
		error("%s: too small: %llu bytes, a region needs %s at least",
		      medium->path, medium->bytes,
		      text_size(&text, PSW_REGION_BYTES_MIN));
		return -EINVAL;
	}
	if (medium->is_block && !format->force) {
		ret = namespace_require_dax(medium->path, medium->fd);
		if (ret)
			return ret;
	}
	ret = signature_find(medium, &signature);
	if (ret < 0)
		return ret;
	*has_foreign = ret;
	if (ret && !format->force) {
		error("%s: holds something else: %s, by its signature at %s; --force overwrites it",
		      medium->path, signature.type, signature.off);
		return -EEXIST;
	}
	if (ret)
		printf("foreign signature at %s, to be wiped: %s\n", signature.off,
		       signature.type);
	return confirm(format);
}

static void describe(const struct format *format)
{
	const struct region *region = &format->region;
	struct text text;

	if (region->serving >= 0 && region_is_attached(region))
		puts("the old region was cut off while attached; the pages in it are lost anyway");
	if (format_keeps_wear(format))
		puts("the old region has the same geometry: its wear is kept");
	else if (region->serving >= 0)
		puts("the wear of the old region is forgotten");
	if (region->serving >= 0 && region->geo.region_bytes != format->geo.region_bytes)
		puts("the old region has another geometry: its bad slots are forgotten");
	printf("device: %s\n", region->medium.path);
	printf("uuid: %s\n", text_uuid(&text, format->uuid));
	printf("label: %s\n", text_label(&text, format->label));
	printf("region: %s\n", text_size(&text, format->geo.region_bytes));
	printf("slots: %llu, from %llu on\n", format->geo.slots_nr, format->geo.data_off);
	printf("metadata: %s\n", text_size(&text, format->geo.data_off +
					   PSW_MEDIA_BLOCK_BYTES));
}

static int format_region(struct format *format)
{
	bool has_foreign;

	if (examine(format, &has_foreign))
		return EXIT_OPERATIONAL;
	describe(format);
	if (format->dry_run) {
		puts("dry run: nothing was written");
		return EXIT_CLEAN;
	}
	if (format_write(format, has_foreign))
		return EXIT_OPERATIONAL;
	if (!format->unwiped_nr)
		return EXIT_CLEAN;
	warning("%s: formatted, but %llu slots could not be wiped",
		format->region.medium.path, format->unwiped_nr);
	return EXIT_ERRORS_LEFT;
}

static int create_image(const struct format *format, const char *path)
{
	struct text text;
	int fd, err = 0;

	if (format->create_bytes < PSW_REGION_BYTES_MIN) {
		error("%s: a region needs %s at least", path,
		      text_size(&text, PSW_REGION_BYTES_MIN));
		return -EINVAL;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, (off_t)format->create_bytes))
		err = -errno;
	if (fd >= 0)
		close(fd);
	if (err == -EEXIST)
		error("%s: exists; --size is for an image file yet to be made", path);
	else if (err)
		error("%s: cannot create: %s", path, strerror(-err));
	if (err && fd >= 0)
		unlink(path);
	return err;
}

static int format_device(struct format *format, const char *device)
{
	enum medium_access access = format->dry_run ? MEDIUM_EXCLUSIVE : MEDIUM_WRITE;
	int code;

	if (format->create_bytes && create_image(format, device))
		return EXIT_OPERATIONAL;
	if (region_open(&format->region, device, access))
		return EXIT_OPERATIONAL;
	code = format_region(format);
	region_close(&format->region);
	return code;
}

static int format_run(const char *device)
{
	if (asked.create_bytes && asked.dry_run) {
		error("format: --size creates a file, which --dry-run forbids");
		return command_usage_error("format");
	}
	if (uuid_is_null(asked.uuid))
		uuid_generate_random(asked.uuid);
	return format_device(&asked, device);
}

const struct command cmd_format = {
	.name = "format",
	.summary = "make a region on a device or in an image file",
	.description = "Make a pmemswap region on a block device or in an image file.\n",
	.options = options,
	.takes_device = true,
	.run = format_run,
};
