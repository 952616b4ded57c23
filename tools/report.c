// SPDX-License-Identifier: GPL-2.0
/*
 * report.c - JSON documents, and output that several commands share
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "report.h"
#include "text.h"
#include "utf8.h"

#define HISTOGRAM_ROWS	16u
#define HISTOGRAM_BAR	40

/* report_print() frees it. @path is NULL for a report about no single device. */
struct json_object *report_new(const char *command, const char *path)
{
	struct json_object *report = json_object_new_object();

	report_text(report, "schema", REPORT_SCHEMA);
	report_u64(report, "schema_version", REPORT_SCHEMA_VERSION);
	report_text(report, "command", command);
	if (path)
		report_text(report, "device", path);
	return report;
}

static const char *as_text(struct json_object *object)
{
	return json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
					      JSON_C_TO_STRING_SPACED |
					      JSON_C_TO_STRING_NOSLASHESCAPE);
}

/*
 * Prints a report but for its end. Long arrays follow, then report_end(). Frees
 * @report.
 */
int report_begin(struct json_object *report)
{
	const char *text = as_text(report);
	size_t bytes = text ? strlen(text) : 0;

	if (!text)
		error("out of memory");
	else
		/* The end is a newline and a brace. */
		fwrite(text, 1, bytes - 2, stdout);
	json_object_put(report);
	return text ? 0 : -ENOMEM;
}

void report_array_begin(struct report_array *array, const char *key)
{
	array->has_items = false;
	printf(",\n  \"%s\": [", key);
}

/* Frees @item. */
void report_array_add(struct report_array *array, struct json_object *item)
{
	printf("%s\n    %s", array->has_items ? "," : "",
	       json_object_to_json_string_ext(item, JSON_C_TO_STRING_SPACED |
					      JSON_C_TO_STRING_NOSLASHESCAPE));
	array->has_items = true;
	json_object_put(item);
}

void report_array_end(const struct report_array *array)
{
	fputs(array->has_items ? "\n  ]" : "]", stdout);
}

void report_end(void)
{
	puts("\n}");
}

/* Frees @report. */
int report_print(struct json_object *report)
{
	int err = report_begin(report);

	if (!err)
		report_end();
	return err;
}

void report_u64(struct json_object *object, const char *key, __u64 value)
{
	json_object_object_add(object, key, json_object_new_uint64(value));
}

/* NULL becomes null. A name of a file may be any bytes, JSON is UTF-8. */
void report_text(struct json_object *object, const char *key, const char *value)
{
	char *valid = value ? utf8_valid(value) : NULL;

	json_object_object_add(object, key, valid ? json_object_new_string(valid) : NULL);
	free(valid);
}

void report_bool(struct json_object *object, const char *key, bool value)
{
	json_object_object_add(object, key, json_object_new_boolean(value));
}

/* 0 means never and becomes null. */
void report_time(struct json_object *object, const char *key, __u64 seconds)
{
	json_object_object_add(object, key,
			       seconds ? json_object_new_uint64(seconds) : NULL);
}

/* A word of the JSON schema. */
const char *report_state(const struct region *region)
{
	if (region->disk[0])
		return "attached";
	return region_is_attached(region) ? "unclean" : "clean";
}

/* A word of the JSON schema. */
const char *report_super_token(const struct region_super *super)
{
	static const char *const token[] = {
		[PSW_SUPER_OK] = "ok",
		[PSW_SUPER_FOREIGN] = "foreign",
		[PSW_SUPER_CHECKSUM] = "checksum",
		[PSW_SUPER_STALE] = "stale",
		[PSW_SUPER_GEOMETRY] = "geometry",
		[PSW_SUPER_OVERWRITTEN] = "overwritten",
		[PSW_SUPER_TRUNCATED] = "truncated",
		[PSW_SUPER_VERSION] = "version",
		[PSW_SUPER_INCOMPAT] = "incompat",
	};

	return super->io_error ? "unreadable" : token[super->status];
}

struct json_object *report_supers_json(const struct region *region)
{
	struct json_object *array = json_object_new_array();
	struct json_object *object;
	int i;

	for (i = 0; i < 2; i++) {
		const struct region_super *super = &region->super[i];
		bool ok = super->status == PSW_SUPER_OK;

		object = json_object_new_object();
		report_text(object, "copy", region_super_name(i));
		report_u64(object, "offset", super->off);
		report_text(object, "status", report_super_token(super));
		json_object_object_add(object, "sequence", !ok ? NULL :
			json_object_new_uint64(__le64_to_cpu(super->media.sequence)));
		report_bool(object, "current", i == region->current);
		json_object_array_add(array, object);
	}
	return array;
}

void report_supers(const struct region *region)
{
	int i;

	for (i = 0; i < 2; i++) {
		const struct region_super *super = &region->super[i];

		printf("%s superblock at %llu: %s", region_super_name(i), super->off,
		       region_super_text(super));
		if (super->status == PSW_SUPER_OK)
			printf(", sequence %llu%s", __le64_to_cpu(super->media.sequence),
			       i == region->current ? ", current" : "");
		putchar('\n');
	}
}

struct json_object *report_wear_json(const struct wearstat *wear)
{
	struct json_object *object = json_object_new_object();
	struct json_object *array = json_object_new_array();
	struct wearstat_row row[HISTOGRAM_ROWS];
	unsigned int i, rows;

	report_u64(object, "slots", wear->slots_nr);
	report_u64(object, "min", wear->min);
	json_object_object_add(object, "mean", json_object_new_double(wearstat_mean(wear)));
	report_u64(object, "max", wear->max);

	rows = wearstat_rows(wear, row, HISTOGRAM_ROWS);
	for (i = 0; i < rows; i++) {
		struct json_object *bar = json_object_new_object();

		report_u64(bar, "from", row[i].from);
		report_u64(bar, "to", row[i].to);
		report_u64(bar, "slots", row[i].slots_nr);
		json_object_array_add(array, bar);
	}
	json_object_object_add(object, "histogram", array);
	return object;
}

static void print_histogram(const struct wearstat *wear)
{
	struct wearstat_row row[HISTOGRAM_ROWS];
	unsigned int i, rows = wearstat_rows(wear, row, HISTOGRAM_ROWS);
	__u64 most = 1;

	for (i = 0; i < rows; i++)
		if (row[i].slots_nr > most)
			most = row[i].slots_nr;
	for (i = 0; i < rows; i++) {
		printf("  %10llu - %-10llu %11llu ", row[i].from, row[i].to,
		       row[i].slots_nr);
		text_bar(stdout, (double)row[i].slots_nr / (double)most, HISTOGRAM_BAR);
		putchar('\n');
	}
}

void report_wear(const struct wearstat *wear)
{
	printf("wear, in writes a slot: min %u, mean %.3f, max %u\n", wear->min,
	       wearstat_mean(wear), wear->max);
	if (wear->max)
		print_histogram(wear);
}
