// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_repair.c - fuzz target: repair a damaged region
 *
 * A repair leaves a clean region or says why not, and a second one changes nothing.
 * A sound region is not changed. No bad slot is forgotten, and the driver accepts
 * what was repaired.
 */
#include <errno.h>
#include <json-c/json.h>
#include "check.h"
#include "damage.h"
#include "driver.h"
#include "tool.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static const char *const check[] = { "check", NULL };
static const char *const repair[] = { "check", "--repair", NULL };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	driver_make_bases(image_get());
	return 0;
}

/* Number of bad slots, 0 if there is no region. */
static size_t bad_slots_nr(struct image *image)
{
	static const char *const inspect[] = { "inspect", "--json", NULL };
	struct json_object *report;
	size_t slots_nr;

	if (tool_run(image, inspect) == TOOL_REFUSED)
		return 0;
	report = json_tokener_parse(tool_output());
	fuzz_require(report, "inspect: no JSON:\n%s", tool_output());
	slots_nr = json_object_array_length(json_object_object_get(report, "bad_slots"));
	json_object_put(report);
	return slots_nr;
}

/* Return: exit code of the repair, which agrees with the one of check before it. */
static int repair_once(struct image *image)
{
	const struct image_content *before = image_save(image, 0);
	int checked = tool_run(image, check);
	int repaired = tool_run(image, repair);
	bool is_same = image_content_is_same(before, image_save(image, 1));

	switch (checked) {
	case TOOL_CLEAN:
		fuzz_require(repaired == TOOL_CLEAN, "a clean region: repair ends with %d",
			     repaired);
		fuzz_require(is_same, "the repair of a clean region has changed it");
		break;
	case TOOL_REFUSED:
		fuzz_require(repaired == TOOL_REFUSED, "no region: repair ends with %d",
			     repaired);
		fuzz_require(is_same, "a repair has changed what is no region");
		break;
	default:
		fuzz_require(repaired != TOOL_CLEAN, "repair is silent about damage");
	}
	return repaired;
}

static void repair_again(struct image *image, int first)
{
	const struct image_content *before = image_save(image, 0);
	int second = tool_run(image, repair);

	fuzz_require(second == (first == TOOL_REPAIRED ? TOOL_CLEAN : first),
		     "the first repair ends with %d, the second with %d", first, second);
	fuzz_require(image_content_is_same(before, image_save(image, 1)),
		     "the second repair has changed the image");
}

static void open_with_driver(struct image *image)
{
	int err = driver_open(image);

	if (!err)
		driver_close();
	fuzz_require(!err || err == -ENOSPC, "the driver refuses a clean region with %d", err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct image *image = image_get();
	struct script script;
	size_t slots_nr;
	int code;

	script_read(&script, data, bytes);
	damage_image(image, &script);
	slots_nr = bad_slots_nr(image);
	code = repair_once(image);
	fuzz_require(bad_slots_nr(image) >= slots_nr, "the repair has forgotten bad slots");
	repair_again(image, code);
	if (code == TOOL_CLEAN || code == TOOL_REPAIRED)
		open_with_driver(image);
	return 0;
}
