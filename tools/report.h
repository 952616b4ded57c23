/* SPDX-License-Identifier: GPL-2.0 */
/*
 * report.h - JSON documents, and output that several commands share
 */
#ifndef PSW_TOOLS_REPORT_H
#define PSW_TOOLS_REPORT_H

#include <json-c/json.h>

#include "region.h"
#include "survey.h"

#define REPORT_SCHEMA		"pmemswap-fmt"
#define REPORT_SCHEMA_VERSION	1

struct json_object *report_new(const char *command, const char *path);
int report_print(struct json_object *report);

/* An array that may be too long for memory, and is printed item by item. */
struct report_array {
	bool has_items;
};

int report_begin(struct json_object *report);
void report_array_begin(struct report_array *array, const char *key);
void report_array_add(struct report_array *array, struct json_object *item);
void report_array_end(const struct report_array *array);
void report_end(void);

void report_u64(struct json_object *object, const char *key, __u64 value);
void report_text(struct json_object *object, const char *key, const char *value);
void report_bool(struct json_object *object, const char *key, bool value);
void report_time(struct json_object *object, const char *key, __u64 seconds);

const char *report_state(const struct region *region);
const char *report_super_token(const struct region_super *super);
struct json_object *report_supers_json(const struct region *region);
void report_supers(const struct region *region);
struct json_object *report_wear_json(const struct wearstat *wear);
void report_wear(const struct wearstat *wear);

#endif /* PSW_TOOLS_REPORT_H */
