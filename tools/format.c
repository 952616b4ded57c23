// SPDX-License-Identifier: GPL-2.0
/*
 * format.c - make a region on a device or in an image file
 *
 * Interrupted anywhere, a format leaves the old region, the new region or no
 * region; FORMAT.md has the steps and what a cut between them means.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>
#include <uuid/uuid.h>

#include "command.h"
#include "message.h"
#include "namespace.h"
#include "signature.h"
#include "survey.h"
#include "text.h"

#define WIPE_CHUNK_BYTES	(4u << 20)

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

/**
 * struct format - a format under way
 * @region: what is there, from region_open()
 * @geo: of the region to be
 * @label: of the region to be
 * @uuid: of the region to be
 * @create_bytes: size of the image file to create, or 0
 * @wipe: as in the options, like those below
 * @reset_wear: --reset-wear
 * @dry_run: --dry-run
 * @force: --force
 * @yes: --yes
 * @unwiped_nr: slots that could not be wiped
 */
struct format {
	struct region region;
	struct psw_geometry geo;
	__u8 label[PSW_MEDIA_LABEL_BYTES];
	uuid_t uuid;
	__u64 create_bytes;
	bool wipe;
	bool reset_wear;
	bool dry_run;
	bool force;
	bool yes;
	__u64 unwiped_nr;
};

/* Same geometry and no other wish: the wear can be kept. */
static bool keeps_wear(const struct format *format)
{
	return format->region.serving >= 0 && !format->reset_wear &&
	       format->region.geo.region_bytes == format->geo.region_bytes;
}

static void fill_super(const struct format *format, struct psw_media_super *super)
{
	memcpy(super->magic, PSW_MEDIA_MAGIC, PSW_MEDIA_MAGIC_BYTES);
	super->version = __cpu_to_le32(PSW_MEDIA_VERSION);
	memcpy(super->uuid, format->uuid, sizeof(super->uuid));
	memcpy(super->label, format->label, sizeof(super->label));
	super->state = __cpu_to_le32(PSW_MEDIA_STATE_CLEAN);
	super->format_time = __cpu_to_le64((__u64)time(NULL));
	psw_geometry_to_super(&format->geo, super);
}

/* One update of a superblock: the next in sequence, counted as written. */
static int advance_super(struct format *format, int copy, struct psw_media_super *super)
{
	super->sequence = __cpu_to_le64(__le64_to_cpu(super->sequence) + 1);
	super->meta_bytes = __cpu_to_le64(__le64_to_cpu(super->meta_bytes) +
					  sizeof(*super));
	return region_write_super(&format->region, copy, super);
}

/*
 * Over a region of the same geometry: the first superblock that is written
 * whole makes the new region of the old one, table and bad-slot list included.
 */
static int write_over(struct format *format)
{
	struct region *region = &format->region;
	struct psw_media_super super MEDIUM_ALIGNED = *region_super(region);
	int serving = region->serving;
	int err;

	super.compat = 0;
	super.incompat = 0;
	fill_super(format, &super);
	err = advance_super(format, 1 - serving, &super);
	return err ? err : advance_super(format, serving, &super);
}

static int invalidate(struct format *format, int copy)
{
	static const __u8 zero[PSW_MEDIA_BLOCK_BYTES] MEDIUM_ALIGNED;
	const struct region_super *super = &format->region.super[copy];
	int err;

	if (super->io_error == -ENXIO ||
	    (!super->io_error && super->status == PSW_SUPER_FOREIGN))
		return 0;
	err = medium_write(&format->region.medium, super->off, zero, sizeof(zero));
	if (err)
		error("%s: cannot invalidate the old %s superblock: %s",
		      format->region.medium.path, region_super_name(copy), strerror(-err));
	return err;
}

/* The slots known to be bad stay so, unless their numbers mean other places. */
static int carry_bad_slots(struct format *format, struct badlist *list, __u64 table_seed)
{
	struct region *region = &format->region;
	struct survey *survey;
	bool fits = true;
	__u64 i;

	if (region->serving < 0 || region->geo.region_bytes != format->geo.region_bytes)
		return 0;
	survey = survey_region(region);
	if (!survey)
		return -ENOMEM;
	for (i = 0; i < survey->bad_nr && fits; i++) {
		__u32 reason = survey->bad[i].reason;

		/* Only the table has this one: its reason is not known any more. */
		if (!reason)
			reason = PSW_MEDIA_BAD_UNREADABLE;
		fits = badlist_add(list, survey->bad[i].slot, reason, table_seed);
	}
	survey_free(survey);
	if (fits)
		return 0;
	error("%s: more slots are bad than the bad-slot list holds; format without --reset-wear",
	      region->medium.path);
	return -ENOSPC;
}

static int write_super_without_magic(struct format *format, int copy,
				     const struct psw_media_super *super)
{
	struct psw_media_super bare MEDIUM_ALIGNED = *super;
	int err;

	memset(bare.magic, 0, sizeof(bare.magic));
	err = medium_write(&format->region.medium, format->geo.super_off[copy], &bare,
			   sizeof(bare));
	if (err)
		error("%s: cannot write the %s superblock: %s", format->region.medium.path,
		      region_super_name(copy), strerror(-err));
	return err;
}

/* The secondary first, so that the primary is the newer one. */
static int write_supers(struct format *format, __u64 table_seed)
{
	struct psw_media_super super[2] MEDIUM_ALIGNED;
	int copy, err = 0;

	memset(super, 0, sizeof(super));
	for (copy = 0; copy < 2; copy++) {
		fill_super(format, &super[copy]);
		super[copy].table_seed = __cpu_to_le64(table_seed);
		super[copy].sequence = __cpu_to_le64(copy ? 1 : 2);
		super[copy].meta_bytes = __cpu_to_le64(format->geo.bad_blocks *
			PSW_MEDIA_BLOCK_BYTES + 4 * sizeof(*super));
		psw_super_seal(&super[copy]);
	}
	for (copy = 1; copy >= 0 && !err; copy--)
		err = write_super_without_magic(format, copy, &super[copy]);
	for (copy = 1; copy >= 0 && !err; copy--)
		err = region_write_super(&format->region, copy, &super[copy]);
	return err;
}

static int write_afresh(struct format *format)
{
	struct badlist list;
	__u64 table_seed;
	int err;

	if (getrandom(&table_seed, sizeof(table_seed), 0) != sizeof(table_seed)) {
		error("no random numbers to be had: %s", strerror(errno));
		return -EIO;
	}
	err = badlist_new(&list, &format->geo);
	if (err)
		return err;
	err = carry_bad_slots(format, &list, table_seed);
	if (!err)
		err = invalidate(format, 1);
	if (!err)
		err = invalidate(format, 0);
	if (!err)
		err = badlist_write(&list, &format->region, &format->geo);
	badlist_free(&list);
	return err ? err : write_supers(format, table_seed);
}

/* Slot by slot, after a chunk with a slot in it that cannot be written. */
static void wipe_slots(struct format *format, const void *zero, __u64 off, size_t bytes)
{
	size_t done;

	for (done = 0; done < bytes; done += PSW_MEDIA_SLOT_BYTES)
		format->unwiped_nr += medium_write(&format->region.medium, off + done,
						   zero, PSW_MEDIA_SLOT_BYTES) != 0;
}

static int wipe_data(struct format *format)
{
	__u64 off = format->geo.data_off, end = format->geo.super_off[1];
	struct progress progress;
	void *zero;

	zero = medium_buffer_alloc(WIPE_CHUNK_BYTES);
	if (!zero)
		return -ENOMEM;
	progress_start(&progress, "Wiping the data area", end - off);
	while (off < end) {
		size_t bytes = end - off < WIPE_CHUNK_BYTES ? (size_t)(end - off) :
							      WIPE_CHUNK_BYTES;

		if (medium_write(&format->region.medium, off, zero, bytes))
			wipe_slots(format, zero, off, bytes);
		off += bytes;
		progress_at(&progress, off - format->geo.data_off);
	}
	progress_end(&progress);
	free(zero);
	return 0;
}

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
	if (keeps_wear(format))
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

static int write_region(struct format *format, bool has_foreign)
{
	int err = has_foreign ? signature_wipe(&format->region.medium) : 0;

	if (!err && format->wipe)
		err = wipe_data(format);
	if (err)
		return err;
	return keeps_wear(format) ? write_over(format) : write_afresh(format);
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
	if (write_region(format, has_foreign))
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
