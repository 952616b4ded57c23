// SPDX-License-Identifier: GPL-2.0
/*
 * cmd_inspect.c - show what a region is and what it holds
 */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "message.h"
#include "range.h"
#include "report.h"
#include "slots.h"
#include "text.h"

/* Without --verbose, at most this many bad slots are listed. */
#define BAD_SHOWN	16u

static struct {
	struct range_list slots;
	bool verbose;
	bool json;
} asked;

static bool parse_slots(const char *text, void *value)
{
	return range_parse(value, text);
}

static const struct command_option options[] = {
	{ 's', "slots", "RANGES", .help = "list slots, such as 0-9,20",
	  .parse = parse_slots, .value = &asked.slots,
	  .valid = "a list of slots such as 0-9,20" },
	{ 'v', "verbose", .help = "show offsets of the metadata and every bad slot",
	  .flag = &asked.verbose },
	{ 'j', "json", .help = "print JSON", .flag = &asked.json },
	COMMAND_OPTIONS_COMMON
};

/* A format that keeps the table keeps the owners in it, whose pages are gone. */
static bool owners_are_current(const struct psw_media_super *super)
{
	return __le64_to_cpu(super->checkpoint_time) >= __le64_to_cpu(super->format_time);
}

static void print_state(const struct region *region)
{
	if (region->disk[0])
		printf("state: attached as /dev/%s; what follows is the state of the last checkpoint\n",
		       region->disk);
	else if (region_is_attached(region))
		puts("state: unclean shutdown");
	else
		puts("state: clean");
	if (region_is_attached(region))
		printf("wear uncertainty: at most one round, %llu writes\n",
		       region->geo.slots_nr);
}

static void print_identity(const struct region *region)
{
	const struct psw_media_super *super = region_super(region);
	const struct psw_geometry *geo = &region->geo;
	struct text text, size;

	say("device: %s", region->device.path);
	printf("uuid: %s\n", text_uuid(&text, super->uuid));
	printf("label: %s\n", text_label(&text, super->label));
	printf("format version: %u, features: compat 0x%llx, incompat 0x%llx\n",
	       __le32_to_cpu(super->version), __le64_to_cpu(super->compat),
	       __le64_to_cpu(super->incompat));
	print_state(region);
	report_supers(region);
	printf("region: %s, %llu slots of %s for data\n",
	       text_size(&size, geo->region_bytes), geo->slots_nr,
	       text_size(&text, PSW_MEDIA_SLOT_BYTES));
	if (region->device.bytes - geo->region_bytes >= PSW_REGION_BYTES_MIN)
		printf("unused behind the region: %s\n",
		       text_size(&size, region->device.bytes - geo->region_bytes));
}

static void print_layout(const struct region *region)
{
	const struct psw_media_super *super = region_super(region);
	const struct psw_geometry *geo = &region->geo;

	printf("slot table: %llu blocks at %llu and at %llu, generations %llu and %llu\n",
	       geo->table_blocks, geo->table_off[0], geo->table_off[1],
	       __le64_to_cpu(super->table_generation[0]),
	       __le64_to_cpu(super->table_generation[1]));
	printf("bad-slot list: %llu blocks at %llu\n", geo->bad_blocks, geo->bad_off);
	printf("data: at %llu\n", geo->data_off);
}

static void print_times(const struct psw_media_super *super)
{
	struct text text;

	printf("formatted: %s\n", text_time(&text, __le64_to_cpu(super->format_time)));
	printf("last attached: %s (attached %llu times)\n",
	       text_time(&text, __le64_to_cpu(super->attach_time)),
	       __le64_to_cpu(super->attach_generation));
	printf("last checkpoint: %s\n",
	       text_time(&text, __le64_to_cpu(super->checkpoint_time)));
}

static void print_totals(const struct psw_media_super *super)
{
	struct text text;

	printf("slot writes in total: %llu, by wear levelling: %llu\n",
	       __le64_to_cpu(super->slot_writes), __le64_to_cpu(super->moved_writes));
	printf("metadata written in total: %s\n",
	       text_size(&text, __le64_to_cpu(super->meta_bytes)));
	printf("pages lost by the medium: %llu\n", __le64_to_cpu(super->lost_pages));
}

static void print_owners(const struct region *region, const struct survey *survey)
{
	struct text text;
	unsigned int area;

	if (!owners_are_current(region_super(region))) {
		puts("slots used: 0 since the format");
		return;
	}
	printf("slots used at the last checkpoint: %llu\n", survey->used_nr);
	for (area = 0; area < SURVEY_AREAS_NR; area++)
		if (survey->area_slots[area])
			printf("  %s: %llu\n", slots_area_name(&text, area),
			       survey->area_slots[area]);
}

/* A survey_bad_visit; the context is how many more are shown. */
static int print_bad_slot(const struct survey_bad *bad, void *context)
{
	__u64 *left = context;

	if (!*left)
		return 1;
	--*left;
	printf("  %llu: %s\n", bad->slot, badlist_reason_text(bad->reason));
	return 0;
}

static int print_bad(const struct region *region, const struct survey *survey)
{
	__u64 shown = survey->bad_nr, left;
	int err;

	if (!asked.verbose && shown > BAD_SHOWN)
		shown = BAD_SHOWN;
	left = shown;
	printf("bad slots: %llu\n", survey->bad_nr);
	err = survey_walk_bad(region, survey, print_bad_slot, &left);
	if (shown < survey->bad_nr)
		printf("  and %llu more; --verbose lists them\n", survey->bad_nr - shown);
	return err < 0 ? err : 0;
}

static void print_damage(const struct survey *survey)
{
	if (survey->blocks_damaged[0] || survey->blocks_damaged[1])
		printf("damaged blocks of the slot table: %llu in copy 0, %llu in copy 1\n",
		       survey->blocks_damaged[0], survey->blocks_damaged[1]);
	if (survey->blocks_lost)
		printf("valid in no copy: %llu blocks, with the wear of %llu slots\n",
		       survey->blocks_lost, survey->lost_slots);
	if (badlist_is_damaged(&survey->list))
		puts("the bad-slot list is damaged");
}

static int print_all(const struct region *region, const struct survey *survey)
{
	print_identity(region);
	if (asked.verbose)
		print_layout(region);
	print_times(region_super(region));
	print_totals(region_super(region));
	print_owners(region, survey);
	if (print_bad(region, survey))
		return -1;
	print_damage(survey);
	report_wear(&survey->wear);
	return slots_list(region, &asked.slots, NULL);
}

static struct json_object *region_json(const struct region *region)
{
	struct json_object *object = json_object_new_object();
	const struct psw_media_super *super = region_super(region);
	const struct psw_geometry *geo = &region->geo;
	struct text text;

	report_text(object, "uuid", text_uuid(&text, super->uuid));
	report_text(object, "label", text_label(&text, super->label));
	report_u64(object, "format_version", __le32_to_cpu(super->version));
	report_u64(object, "compat", __le64_to_cpu(super->compat));
	report_u64(object, "incompat", __le64_to_cpu(super->incompat));
	report_text(object, "state", report_state(region));
	report_text(object, "disk", region->disk[0] ? region->disk : NULL);
	report_u64(object, "wear_uncertainty_writes",
		   region_is_attached(region) ? geo->slots_nr : 0);
	report_u64(object, "device_bytes", region->device.bytes);
	report_u64(object, "region_bytes", geo->region_bytes);
	report_u64(object, "slot_bytes", PSW_MEDIA_SLOT_BYTES);
	report_u64(object, "slots", geo->slots_nr);
	report_u64(object, "data_offset", geo->data_off);
	report_u64(object, "bad_list_offset", geo->bad_off);
	report_u64(object, "bad_list_blocks", geo->bad_blocks);
	return object;
}

static struct json_object *life_json(const struct psw_media_super *super)
{
	struct json_object *object = json_object_new_object();

	report_time(object, "format_time", __le64_to_cpu(super->format_time));
	report_time(object, "attach_time", __le64_to_cpu(super->attach_time));
	report_time(object, "checkpoint_time", __le64_to_cpu(super->checkpoint_time));
	report_u64(object, "attach_generation", __le64_to_cpu(super->attach_generation));
	report_u64(object, "slot_writes", __le64_to_cpu(super->slot_writes));
	report_u64(object, "moved_writes", __le64_to_cpu(super->moved_writes));
	report_u64(object, "metadata_bytes", __le64_to_cpu(super->meta_bytes));
	report_u64(object, "lost_pages", __le64_to_cpu(super->lost_pages));
	return object;
}

static struct json_object *table_json(const struct region *region,
				      const struct survey *survey)
{
	struct json_object *object = json_object_new_object();
	struct json_object *copies = json_object_new_array();
	int i;

	report_u64(object, "blocks", region->geo.table_blocks);
	report_u64(object, "blocks_never_written", survey->blocks_never);
	report_u64(object, "blocks_lost", survey->blocks_lost);
	report_u64(object, "slots_lost", survey->lost_slots);
	for (i = 0; i < 2; i++) {
		struct json_object *copy = json_object_new_object();

		report_u64(copy, "offset", region->geo.table_off[i]);
		report_u64(copy, "generation",
			   __le64_to_cpu(region_super(region)->table_generation[i]));
		report_u64(copy, "blocks_damaged", survey->blocks_damaged[i]);
		json_object_array_add(copies, copy);
	}
	json_object_object_add(object, "copies", copies);
	return object;
}

/* A survey_bad_visit. */
static int add_bad_slot(const struct survey_bad *bad, void *context)
{
	struct json_object *object = json_object_new_object();

	report_u64(object, "slot", bad->slot);
	report_u64(object, "reason", bad->reason);
	report_text(object, "reason_text", badlist_reason_text(bad->reason));
	report_array_add(context, object);
	return 0;
}

static struct json_object *owners_json(const struct region *region,
				       const struct survey *survey)
{
	struct json_object *array = json_object_new_array();
	unsigned int area;

	if (!owners_are_current(region_super(region)))
		return array;
	for (area = 0; area < SURVEY_AREAS_NR; area++) {
		struct json_object *object;

		if (!survey->area_slots[area])
			continue;
		object = json_object_new_object();
		report_u64(object, "area", area);
		report_bool(object, "disk", area == PSW_MEDIA_AREA_DISK);
		report_u64(object, "slots", survey->area_slots[area]);
		json_object_array_add(array, object);
	}
	return array;
}

static int print_json(const struct region *region, const struct survey *survey)
{
	struct json_object *report = report_new("inspect", region->device.path);
	struct report_array array;
	int err;

	json_object_object_add(report, "superblocks", report_supers_json(region));
	json_object_object_add(report, "region", region_json(region));
	json_object_object_add(report, "life", life_json(region_super(region)));
	json_object_object_add(report, "table", table_json(region, survey));
	json_object_object_add(report, "wear", report_wear_json(&survey->wear));
	report_bool(report, "bad_list_damaged", badlist_is_damaged(&survey->list));
	json_object_object_add(report, "owners", owners_json(region, survey));
	err = report_begin(report);
	if (err)
		return err;
	report_array_begin(&array, "bad_slots");
	err = survey_walk_bad(region, survey, add_bad_slot, &array);
	report_array_end(&array);
	if (!err && asked.slots.ranges_nr) {
		report_array_begin(&array, "slots");
		err = slots_list(region, &asked.slots, &array);
		report_array_end(&array);
	}
	report_end();
	return err;
}

static int inspect_region(const struct region *region)
{
	struct survey *survey;
	bool damaged;
	int err;

	if (region_require(region))
		return EXIT_OPERATIONAL;
	if (!slots_exist(region, &asked.slots))
		return EXIT_USAGE;
	survey = survey_region(region);
	if (!survey)
		return EXIT_OPERATIONAL;

	err = asked.json ? print_json(region, survey) : print_all(region, survey);
	damaged = !region_supers_ok(region) || survey_is_damaged(survey);
	survey_free(survey);
	if (err)
		return EXIT_OPERATIONAL;
	if (damaged)
		error("%s: parts of the metadata are damaged; see 'pmemswap-fmt check'",
		      region->device.path);
	return damaged ? EXIT_ERRORS_LEFT : EXIT_CLEAN;
}

static int inspect_run(const char *path)
{
	struct region region;
	int code;

	if (region_open(&region, path, DEVICE_SHARED))
		return EXIT_OPERATIONAL;
	code = inspect_region(&region);
	region_close(&region);
	return code;
}

const struct command cmd_inspect = {
	.name = "inspect",
	.summary = "show what a region is and what it holds",
	.description =
		"Show what a region is and what it holds. DEVICE is a block device or an\n"
		"image file; nothing is written, and the region may be in use.\n",
	.options = options,
	.takes_device = true,
	.run = inspect_run,
};
