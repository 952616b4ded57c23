// SPDX-License-Identifier: GPL-2.0
/*
 * cmd_wear.c - show how worn a region is, and draw a map of it
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "commands.h"
#include "message.h"
#include "report.h"
#include "text.h"
#include "wearmap.h"

#define SECONDS_PER_YEAR	31557600.0

static struct {
	__u64 endurance;
	const char *map;
	bool json;
} asked;

static bool parse_endurance(const char *text, void *value)
{
	return text_parse_number(text, value) && asked.endurance;
}

static bool parse_map(const char *text, void *value)
{
	size_t bytes = strlen(text);

	*(const char **)value = text;
	return bytes > 4 && !strcasecmp(text + bytes - 4, ".svg");
}

static const struct command_option options[] = {
	{ 'e', "endurance", "N", .help = "forecast for slots that endure N writes each",
	  .parse = parse_endurance, .value = &asked.endurance,
	  .valid = "a number of writes" },
	{ 'm', "map", "FILE", .help = "draw the wear of all slots as SVG into FILE.svg",
	  .parse = parse_map, .value = &asked.map,
	  .valid = "a name that ends in .svg; a map is written as SVG" },
	{ 'j', "json", .help = "print JSON", .flag = &asked.json },
	COMMAND_OPTIONS_COMMON
};

struct forecast {
	bool has_rate;		/* there were two checkpoints */
	__u64 seconds;		/* between the last two */
	__u64 writes;		/* to slots, between the last two */
	double writes_left;	/* if all slots wear alike */
};

/* One walk over the table fills both. */
struct collection {
	struct survey *survey;
	struct wearmap *map;
};

static struct forecast make_forecast(const struct region *region,
				     const struct wearstat *wear, __u64 endurance)
{
	const struct psw_media_super *super = region_super(region);
	__u64 to = __le64_to_cpu(super->checkpoint_time);
	__u64 from = __le64_to_cpu(super->prev_checkpoint_time);
	__u64 writes = __le64_to_cpu(super->slot_writes);
	__u64 writes_before = __le64_to_cpu(super->prev_slot_writes);
	struct forecast forecast = { 0 };

	/* A clock that was set back, or damage, gives no rate. */
	if (from && to > from && writes >= writes_before) {
		forecast.has_rate = true;
		forecast.seconds = to - from;
		forecast.writes = writes - writes_before;
	}
	if (endurance > wear->max)
		forecast.writes_left = (double)(endurance - wear->max) *
				       (double)wear->slots_nr;
	return forecast;
}

static double writes_per_second(const struct forecast *forecast)
{
	return (double)forecast->writes / (double)forecast->seconds;
}

/* A forged superblock may give a rate that no integer holds. */
static __u64 bytes_per_second(const struct forecast *forecast)
{
	double bytes = writes_per_second(forecast) * PSW_MEDIA_SLOT_BYTES;

	return bytes < 0x1p63 ? (__u64)bytes : ~0ull;
}

static double years_left(const struct forecast *forecast)
{
	return forecast->writes_left / writes_per_second(forecast) / SECONDS_PER_YEAR;
}

static void print_forecast(const struct forecast *forecast, __u64 endurance)
{
	struct text size;

	if (!forecast->has_rate) {
		puts("write rate: not known before the second checkpoint");
	} else {
		printf("write rate between the last two checkpoints: %.1f slots/s, %s/s\n",
		       writes_per_second(forecast),
		       text_size(&size, bytes_per_second(forecast)));
	}
	if (!endurance)
		return;
	printf("writes left at an endurance of %llu: %.0f\n", endurance,
	       forecast->writes_left);
	if (forecast->has_rate && forecast->writes)
		printf("years left at that rate: %.2f\n", years_left(forecast));
}

static struct json_object *forecast_json(const struct forecast *forecast, __u64 endurance)
{
	struct json_object *object = json_object_new_object();
	struct json_object *value = NULL;

	if (forecast->has_rate)
		value = json_object_new_double(writes_per_second(forecast));
	json_object_object_add(object, "writes_per_second", value);
	value = endurance ? json_object_new_uint64(endurance) : NULL;
	json_object_object_add(object, "endurance", value);
	value = endurance ? json_object_new_double(forecast->writes_left) : NULL;
	json_object_object_add(object, "writes_left", value);
	value = NULL;
	if (endurance && forecast->has_rate && forecast->writes)
		value = json_object_new_double(years_left(forecast));
	json_object_object_add(object, "years_left", value);
	return object;
}

static int print_json(const struct region *region, const struct survey *survey,
		      const struct forecast *forecast, __u64 endurance)
{
	struct json_object *report = report_new("wear", region->device.path);
	struct text text;

	report_text(report, "uuid", text_uuid(&text, region_super(region)->uuid));
	report_text(report, "state", report_state(region));
	json_object_object_add(report, "wear", report_wear_json(&survey->wear));
	report_u64(report, "slots_lost", survey->lost_slots);
	report_u64(report, "bad_slots", survey->bad_nr);
	json_object_object_add(report, "forecast", forecast_json(forecast, endurance));
	return report_print(report) ? EXIT_OPERATIONAL : EXIT_CLEAN;
}

static int print_text(const struct region *region, const struct survey *survey,
		      const struct forecast *forecast, __u64 endurance)
{
	if (region_is_attached(region))
		printf("wear uncertainty: at most one round, %llu writes\n",
		       region->geo.slots_nr);
	report_wear(&survey->wear);
	printf("bad slots: %llu\n", survey->bad_nr);
	if (survey->lost_slots)
		printf("slots whose wear is lost: %llu\n", survey->lost_slots);
	print_forecast(forecast, endurance);
	return EXIT_CLEAN;
}

/* A table_visit. */
static int collect(const struct table_block *block, void *context)
{
	struct collection *collection = context;

	wearmap_add(collection->map, block);
	return survey_block(block, collection->survey);
}

static int show(const struct region *region, struct collection *collection)
{
	const struct survey *survey = collection->survey;
	struct forecast forecast;
	int code;

	if (table_walk(region, 0, region->geo.table_blocks, collect, collection))
		return EXIT_OPERATIONAL;
	wearmap_add_bad(collection->map, survey);
	if (asked.map && wearmap_draw(collection->map, region, &survey->wear, asked.map))
		return EXIT_OPERATIONAL;

	forecast = make_forecast(region, &survey->wear, asked.endurance);
	code = asked.json ?
	       print_json(region, survey, &forecast, asked.endurance) :
	       print_text(region, survey, &forecast, asked.endurance);
	if (code)
		return code;
	return survey_is_damaged(survey) || !region_supers_ok(region) ?
	       EXIT_ERRORS_LEFT : EXIT_CLEAN;
}

/* The map replaces the file of its name, which must not be the region. */
static bool map_is_safe(const struct region *region)
{
	struct stat map, device;

	if (!asked.map || stat(asked.map, &map))
		return true;
	if (!fstat(region->device.fd, &device) && map.st_dev == device.st_dev &&
	    map.st_ino == device.st_ino) {
		error("%s: is the region itself; draw the map into another file", asked.map);
		return false;
	}
	if (S_ISREG(map.st_mode))
		return true;
	error("%s: is no file; a map replaces only a file", asked.map);
	return false;
}

static int show_region(const struct region *region)
{
	struct collection collection;
	int code = EXIT_OPERATIONAL;

	if (region_require(region) || !map_is_safe(region))
		return code;
	collection.survey = survey_new(region);
	collection.map = malloc(sizeof(*collection.map));
	if (!collection.map)
		error("out of memory");
	if (collection.survey && collection.map) {
		wearmap_init(collection.map, region->geo.slots_nr);
		code = show(region, &collection);
	}
	if (code == EXIT_ERRORS_LEFT)
		error("%s: parts of the metadata are damaged; see 'pmemswap-fmt check'",
		      region->device.path);
	survey_free(collection.survey);
	free(collection.map);
	return code;
}

static int wear_run(const char *path)
{
	struct region region;
	int code;

	if (region_open(&region, path, DEVICE_SHARED))
		return EXIT_OPERATIONAL;
	code = show_region(&region);
	region_close(&region);
	return code;
}

const struct command cmd_wear = {
	.name = "wear",
	.summary = "show how worn a region is, and draw it as a map",
	.description =
		"Show how worn a region is. Nothing is written to it, and it may be in use.\n",
	.options = options,
	.takes_device = true,
	.run = wear_run,
};
