// SPDX-License-Identifier: GPL-2.0
/*
 * cmd_list.c - list the namespaces and the regions on them
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "message.h"
#include "namespace.h"
#include "report.h"
#include "text.h"

static bool json;

static const struct command_option options[] = {
	{ 'j', "json", .help = "print JSON", .flag = &json },
	COMMAND_OPTIONS_COMMON
};

struct listing {
	struct json_object *array;
	unsigned int printed;
};

static bool open_namespace(struct region *region, const struct namespace *ns)
{
	/* A devdax namespace has no block device to read. */
	if (!ns->device[0] || !strcmp(ns->mode, "devdax"))
		return false;
	return !region_open(region, ns->device, DEVICE_SHARED);
}

static void print_namespace(const struct namespace *ns, const struct region *region)
{
	struct text text;

	printf("%-14s %-12s %-7s %9s %4d  %-17s ", ns->name,
	       ns->device[0] ? ns->device : "-", ns->mode, text_size(&text, ns->bytes),
	       ns->numa_node, ns->persistence);
	if (!region || region->current < 0) {
		puts("-");
		return;
	}
	printf("%s", text_uuid(&text, region_super(region)->uuid));
	printf(" '%s' %s", text_label(&text, region_super(region)->label),
	       report_state(region));
	if (region->disk[0])
		printf(" as /dev/%s", region->disk);
	putchar('\n');
}

static struct json_object *region_json(const struct region *region)
{
	struct json_object *object;
	struct text text;

	if (!region || region->current < 0)
		return NULL;
	object = json_object_new_object();
	report_text(object, "uuid", text_uuid(&text, region_super(region)->uuid));
	report_text(object, "label", text_label(&text, region_super(region)->label));
	report_text(object, "state", report_state(region));
	report_text(object, "disk", region->disk[0] ? region->disk : NULL);
	report_u64(object, "region_bytes", region->geo.region_bytes);
	report_u64(object, "slots", region->geo.slots_nr);
	report_bool(object, "superblocks_ok", region_supers_ok(region));
	return object;
}

static struct json_object *namespace_json(const struct namespace *ns,
					  const struct region *region)
{
	struct json_object *object = json_object_new_object();

	report_text(object, "namespace", ns->name);
	report_text(object, "device", ns->device[0] ? ns->device : NULL);
	report_text(object, "mode", ns->mode);
	report_u64(object, "bytes", ns->bytes);
	json_object_object_add(object, "numa_node", json_object_new_int(ns->numa_node));
	report_text(object, "persistence", ns->persistence);
	json_object_object_add(object, "region", region_json(region));
	return object;
}

static void list_header(struct listing *listing)
{
	if (!listing->printed++)
		puts("NAMESPACE      DEVICE       MODE         SIZE NODE  PERSISTENCE       REGION");
}

/* A namespace_visit. */
static int list_namespace(const struct namespace *ns, void *context)
{
	struct listing *listing = context;
	struct region region;
	bool opened = open_namespace(&region, ns);

	if (listing->array) {
		json_object_array_add(listing->array,
				      namespace_json(ns, opened ? &region : NULL));
	} else {
		list_header(listing);
		print_namespace(ns, opened ? &region : NULL);
	}
	if (opened)
		region_close(&region);
	return 0;
}

static int list_json(void)
{
	struct json_object *report = report_new("list", NULL);
	struct listing listing = { .array = json_object_new_array() };

	json_object_object_add(report, "namespaces", listing.array);
	if (namespace_walk(list_namespace, &listing)) {
		json_object_put(report);
		return EXIT_OPERATIONAL;
	}
	return report_print(report) ? EXIT_OPERATIONAL : EXIT_CLEAN;
}

static int list_text(void)
{
	struct listing listing = { 0 };

	if (namespace_walk(list_namespace, &listing))
		return EXIT_OPERATIONAL;
	if (!listing.printed)
		puts("no persistent-memory namespaces");
	return EXIT_CLEAN;
}

static int list_run(const char *path)
{
	(void)path;
	return json ? list_json() : list_text();
}

const struct command cmd_list = {
	.name = "list",
	.summary = "list the namespaces that are or could be regions",
	.description =
		"List the persistent-memory namespaces of this machine and the regions on them.\n",
	.options = options,
	.run = list_run,
};
