// SPDX-License-Identifier: GPL-2.0
/*
 * format.c - the format command: examine, refuse, ask, and have it done
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "format.h"
#include "message.h"
#include "namespace.h"
#include "signature.h"
#include "text.h"

static const char help[] =
	"Usage: pmemswap-fmt format [OPTION...] DEVICE\n"
	"Make a pmemswap region on a block device or in an image file.\n"
	"\n"
	"  -L, --label LABEL  name the region; up to 15 printable ASCII characters\n"
	"  -U, --uuid UUID    use this uuid rather than a random one\n"
	"  -s, --size SIZE    create the image file, such as 256M\n"
	"  -w, --wipe         overwrite the data area with zeros\n"
	"  -r, --reset-wear   forget the wear that an existing region remembers\n"
	"  -n, --dry-run      say what would be done, write nothing\n"
	"  -f, --force        overwrite foreign signatures; accept a device without DAX\n"
	"  -y, --yes          do not ask before an existing region is formatted\n"
	"  -h, --help         show this help\n";

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

/* A swap header gives the name one byte less than the field has. */
static bool parse_label(const char *text, __u8 label[PSW_MEDIA_LABEL_BYTES])
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

static int parse_option(struct format *format, int option)
{
	switch (option) {
	case 'L':
		if (parse_label(optarg, format->label))
			return EXIT_CLEAN;
		error("format: '%s' is not a label: up to 15 printable ASCII characters",
		      optarg);
		return EXIT_USAGE;
	case 'U':
		if (!uuid_parse(optarg, format->uuid) && !uuid_is_null(format->uuid))
			return EXIT_CLEAN;
		error("format: '%s' is not a uuid", optarg);
		return EXIT_USAGE;
	case 's':
		if (text_parse_size(optarg, &format->create_bytes) && format->create_bytes)
			return EXIT_CLEAN;
		error("format: '%s' is not a size such as 256M", optarg);
		return EXIT_USAGE;
	case 'w':
		format->wipe = true;
		return EXIT_CLEAN;
	case 'r':
		format->reset_wear = true;
		return EXIT_CLEAN;
	case 'n':
		format->dry_run = true;
		return EXIT_CLEAN;
	case 'f':
		format->force = true;
		return EXIT_CLEAN;
	case 'y':
		format->yes = true;
		return EXIT_CLEAN;
	}
	return EXIT_USAGE;
}

/**
 * cmd_format() - make a region on a device or in an image file
 * @argc: of the command
 * @argv: of the command, its name first
 *
 * Return: an exit code.
 */
int cmd_format(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "label",      required_argument, NULL, 'L' },
		{ "uuid",       required_argument, NULL, 'U' },
		{ "size",       required_argument, NULL, 's' },
		{ "wipe",       no_argument,       NULL, 'w' },
		{ "reset-wear", no_argument,       NULL, 'r' },
		{ "dry-run",    no_argument,       NULL, 'n' },
		{ "force",      no_argument,       NULL, 'f' },
		{ "yes",        no_argument,       NULL, 'y' },
		{ "help",       no_argument,       NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	static struct format format;
	const char *device;
	int option, code;

	uuid_generate_random(format.uuid);
	while ((option = getopt_long(argc, argv, "L:U:s:wrnfyh", longs, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return EXIT_CLEAN;
		}
		if (parse_option(&format, option))
			return command_usage_error(argv[0]);
	}
	if (format.create_bytes && format.dry_run) {
		error("format: --size creates a file, which --dry-run forbids");
		return command_usage_error(argv[0]);
	}
	code = command_device(argc, argv, &device);
	return code ? code : format_device(&format, device);
}
