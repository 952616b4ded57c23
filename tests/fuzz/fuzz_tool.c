// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_tool.c - fuzz target: read a damaged region with the tool, then with the driver
 *
 * No command that only reads changes the image. Tool and driver agree on whether
 * there is a region, and on what it says.
 */
#include <errno.h>
#include <json-c/json.h>
#include <string.h>
#include <uuid/uuid.h>
#include "check.h"
#include "damage.h"
#include "driver.h"
#include "tool.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	driver_make_bases(image_get());
	return 0;
}

/* A value of the report of inspect, such as "wear", "min". */
static struct json_object *value(struct json_object *report, const char *object,
				 const char *key)
{
	struct json_object *inner = json_object_object_get(report, object);

	fuzz_require(inner && json_object_object_get_ex(inner, key, &inner),
		     "inspect: no %s.%s", object, key);
	return inner;
}

static __u64 number(struct json_object *report, const char *object, const char *key)
{
	return json_object_get_uint64(value(report, object, key));
}

static bool is_clean(struct json_object *report)
{
	return !strcmp(json_object_get_string(value(report, "region", "state")), "clean");
}

static __u64 bad_slots_nr(struct json_object *report)
{
	return json_object_array_length(json_object_object_get(report, "bad_slots"));
}

static bool bad_list_is_damaged(struct json_object *report)
{
	return json_object_get_boolean(json_object_object_get(report, "bad_list_damaged"));
}

/* An open adds wear after an unclean shutdown, and slots with bad blocks. */
static void compare(struct json_object *report, const struct image *image)
{
	struct driver_facts facts = driver_facts();
	const char *uuid = json_object_get_string(value(report, "region", "uuid"));
	char text[UUID_STR_LEN];

	uuid_unparse_lower(facts.uuid, text);
	fuzz_require(!strcmp(uuid, text), "driver has uuid %s, tool %s", text, uuid);
	fuzz_require(facts.slots_nr == number(report, "region", "slots"),
		     "driver has %llu slots, tool %llu", facts.slots_nr,
		     number(report, "region", "slots"));
	if (image->poison_nr || bad_list_is_damaged(report))
		return;
	fuzz_require(facts.bad_nr == bad_slots_nr(report),
		     "driver has %llu bad slots, tool %llu", facts.bad_nr,
		     bad_slots_nr(report));
	if (!is_clean(report) || number(report, "table", "blocks_lost"))
		return;
	fuzz_require(facts.wear_min == number(report, "wear", "min") &&
		     facts.wear_max == number(report, "wear", "max"),
		     "driver has wear %u to %u, tool %llu to %llu", facts.wear_min,
		     facts.wear_max, number(report, "wear", "min"),
		     number(report, "wear", "max"));
}

/*
 * The driver may refuse a region only if a block is lost, a superblock is in a bad block
 * of the device, or too few slots are good.
 */
static void open_with_driver(struct image *image, struct json_object *report)
{
	int err = driver_open(image);

	if (err) {
		fuzz_require(!report || err == -ENOSPC ||
			     (err == -EUCLEAN && image->poison_nr) ||
			     number(report, "table", "blocks_lost"),
			     "the tool accepts what the driver refuses with %d", err);
		return;
	}
	fuzz_require(report, "the driver accepts what the tool refuses");
	compare(report, image);
	driver_close();
}

/* All commands would be slow, so the length of the script selects one more. */
static void read_more(struct image *image, const struct script *script, int checked)
{
	static const char *const inspect[] = {
		"inspect", "--verbose", "--slots", "0-20,250-260,1400", NULL
	};
	static const char *const check[] = { "check", "--json", NULL };
	static const char *const wear[] = { "wear", NULL };

	switch (script->steps_nr % 3) {
	case 0:
		tool_run(image, inspect);
		break;
	case 1:
		tool_run(image, wear);
		break;
	default:
		fuzz_require(tool_run(image, check) == checked,
			     "check --json does not end with %d as check does", checked);
	}
}

/* Return: the report of inspect, or NULL if there is no region. */
static struct json_object *read_with_tool(struct image *image, const struct script *script)
{
	static const char *const check[] = { "check", NULL };
	static const char *const inspect[] = { "inspect", "--json", NULL };
	const struct image_content *before = image_save(image, 0);
	struct json_object *report;
	int checked = tool_run(image, check), inspected;

	read_more(image, script, checked);
	inspected = tool_run(image, inspect);
	fuzz_require(image_content_is_same(before, image_save(image, 1)),
		     "a command that only reads has changed the image");
	if (inspected == TOOL_REFUSED)
		return NULL;
	fuzz_require(inspected == checked, "inspect ends with %d, check with %d", inspected,
		     checked);
	report = json_tokener_parse(tool_output());
	fuzz_require(report, "inspect: no JSON:\n%s", tool_output());
	return report;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct image *image = image_get();
	struct json_object *report;
	struct script script;

	script_read(&script, data, bytes);
	damage_image(image, &script);
	report = read_with_tool(image, &script);
	open_with_driver(image, report);
	json_object_put(report);
	return 0;
}
