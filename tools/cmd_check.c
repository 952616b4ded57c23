// SPDX-License-Identifier: GPL-2.0
/*
 * cmd_check.c - verify the metadata of a region, and repair it
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "message.h"
#include "repair.h"
#include "report.h"
#include "retest.h"
#include "signature.h"

/* More damaged blocks than this are only counted. */
#define BLOCKS_NAMED	64u

static struct {
	bool repair;
	bool force;
	bool test_bad;
	bool json;
} asked;

static const struct command_option options[] = {
	{ 'r', "repair", .help = "rewrite what is damaged from what is valid",
	  .flag = &asked.repair },
	{ 'f', "force", .help = "with --repair: write over what else is there",
	  .flag = &asked.force },
	{ 'b', "test-bad", .help = "with --repair: return bad slots that work again",
	  .flag = &asked.test_bad },
	{ 'j', "json", .help = "print JSON", .flag = &asked.json },
	COMMAND_OPTIONS_COMMON
};

/* A damaged copy of a table block. */
struct named_block {
	__u64 index;
	int copy;
	enum table_status status;
	bool lost;	/* the other copy is damaged too */
};

struct check {
	struct region region;
	struct survey *survey;
	struct named_block named[BLOCKS_NAMED];	/* the first ones */
	unsigned int named_nr;
	struct repair_result repaired;
	struct signature signature;		/* if @is_foreign */
	bool is_foreign;			/* it holds something else */
	int result;				/* exit code */
};

static const char *result_text(const struct check *check)
{
	switch (check->result) {
	case EXIT_CLEAN:
		return "clean";
	case EXIT_REPAIRED:
		return "repaired";
	case EXIT_ERRORS_LEFT:
		return "errors-left";
	}
	return "failed";
}

static const char *status_text(enum table_status status)
{
	return status == TABLE_UNREADABLE ? "unreadable" : "damaged";
}

/* A table_visit. */
static int check_block(const struct table_block *block, void *context)
{
	struct check *check = context;
	int copy;

	for (copy = 0; copy < 2 && check->named_nr < BLOCKS_NAMED; copy++) {
		struct named_block *named = &check->named[check->named_nr];

		if (!table_copy_is_damaged(block->status[copy]))
			continue;
		named->index = block->index;
		named->copy = copy;
		named->status = block->status[copy];
		named->lost = table_block_is_lost(block);
		check->named_nr++;
	}
	return survey_block(block, check->survey);
}

static bool is_damaged(const struct check *check)
{
	return !region_supers_ok(&check->region) || survey_is_damaged(check->survey);
}

static void print_blocks(const struct check *check)
{
	const struct survey *survey = check->survey;
	__u64 damaged = survey->blocks_damaged[0] + survey->blocks_damaged[1];
	unsigned int i;

	printf("slot table: %llu blocks in each copy, damaged: %llu and %llu\n",
	       check->region.geo.table_blocks, survey->blocks_damaged[0],
	       survey->blocks_damaged[1]);
	for (i = 0; i < check->named_nr; i++)
		printf("  block %llu, copy %d: %s%s\n", check->named[i].index,
		       check->named[i].copy, status_text(check->named[i].status),
		       check->named[i].lost ? ", and no copy is valid" : "");
	if (damaged > check->named_nr)
		printf("  and %llu more\n", damaged - check->named_nr);
	if (survey->blocks_lost)
		printf("  the wear of %llu slots is lost\n", survey->lost_slots);
}

static void print_bad_list(const struct badlist *list)
{
	printf("bad-slot list: %llu entries", list->entries_nr);
	if (list->damaged_nr)
		printf(", %llu entries damaged", list->damaged_nr);
	if (list->hidden_nr)
		printf(", %llu hidden behind a gap", list->hidden_nr);
	if (list->unreadable_nr)
		printf(", %llu blocks unreadable", list->unreadable_nr);
	putchar('\n');
}

static void print_repaired(const struct repair_result *repaired)
{
	if (repaired->supers_nr)
		printf("repaired: %llu superblocks, from the other copy\n", repaired->supers_nr);
	if (repaired->blocks_nr)
		printf("repaired: %llu table blocks, from the other copy\n",
		       repaired->blocks_nr);
	if (repaired->zeroed_nr)
		printf("repaired: %llu unreadable table blocks that were never written, with zeros\n",
		       repaired->zeroed_nr);
	if (repaired->estimated_nr)
		printf("repaired: %llu table blocks without a valid copy; the wear of their slots is an estimate, %u, the mean of the others\n",
		       repaired->estimated_nr, repaired->estimated_wear);
	if (repaired->retired_nr)
		printf("repaired: all %llu slots of them are retired, as the bad-slot list is full or damaged\n",
		       repaired->retired_nr);
	if (repaired->bad_list)
		puts("repaired: the bad-slot list, without the damaged entries");
	if (repaired->returned_nr)
		printf("repaired: %llu bad slots work again and are in service\n",
		       repaired->returned_nr);
}

static void print_text(const struct check *check)
{
	if (check->region.disk[0])
		printf("attached as /dev/%s: the table is that of the last checkpoint\n",
		       check->region.disk);
	report_supers(&check->region);
	if (check->is_foreign)
		printf("something else, with its signature at %s: %s\n",
		       check->signature.off, check->signature.type);
	if (!check->survey)
		return;
	print_blocks(check);
	print_bad_list(&check->survey->list);
}

static struct json_object *blocks_json(const struct check *check)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < check->named_nr; i++) {
		const struct named_block *named = &check->named[i];
		struct json_object *object = json_object_new_object();

		report_u64(object, "block", named->index);
		report_u64(object, "copy", (__u64)named->copy);
		report_text(object, "status", status_text(named->status));
		report_bool(object, "lost", named->lost);
		json_object_array_add(array, object);
	}
	return array;
}

static struct json_object *table_json(const struct check *check)
{
	struct json_object *object = json_object_new_object();
	struct json_object *counts = json_object_new_array();
	int i;

	report_u64(object, "blocks", check->region.geo.table_blocks);
	for (i = 0; i < 2; i++) {
		__u64 damaged = check->survey->blocks_damaged[i];

		json_object_array_add(counts, json_object_new_uint64(damaged));
	}
	json_object_object_add(object, "blocks_damaged", counts);
	report_u64(object, "blocks_lost", check->survey->blocks_lost);
	json_object_object_add(object, "damaged", blocks_json(check));
	return object;
}

static struct json_object *bad_list_json(const struct badlist *list)
{
	struct json_object *object = json_object_new_object();

	report_u64(object, "entries", list->entries_nr);
	report_u64(object, "damaged", list->damaged_nr);
	report_u64(object, "hidden", list->hidden_nr);
	report_u64(object, "unreadable_blocks", list->unreadable_nr);
	return object;
}

static struct json_object *repaired_json(const struct repair_result *repaired)
{
	struct json_object *object = json_object_new_object();

	report_u64(object, "superblocks", repaired->supers_nr);
	report_u64(object, "table_blocks", repaired->blocks_nr);
	report_u64(object, "table_blocks_zeroed", repaired->zeroed_nr);
	report_u64(object, "table_blocks_estimated", repaired->estimated_nr);
	report_u64(object, "estimated_wear",
		   repaired->estimated_nr ? repaired->estimated_wear : 0);
	report_u64(object, "slots_retired", repaired->retired_nr);
	report_bool(object, "bad_list", repaired->bad_list);
	report_u64(object, "slots_returned", repaired->returned_nr);
	return object;
}

/* Before a repair, which changes what is reported here. */
static struct json_object *found_json(const struct check *check)
{
	struct json_object *report = report_new("check", check->region.device.path);

	json_object_object_add(report, "superblocks", report_supers_json(&check->region));
	report_text(report, "foreign_signature",
		    check->is_foreign ? check->signature.type : NULL);
	if (check->survey) {
		report_text(report, "state", report_state(&check->region));
		json_object_object_add(report, "table", table_json(check));
		json_object_object_add(report, "bad_list",
				       bad_list_json(&check->survey->list));
	}
	return report;
}

static int survey_again(struct check *check)
{
	survey_free(check->survey);
	check->named_nr = 0;
	check->survey = survey_new(&check->region);
	if (!check->survey)
		return -1;
	if (table_walk(&check->region, 0, check->region.geo.table_blocks, check_block,
		       check))
		return -1;
	return 0;
}

/* Verify everything again after the repair. */
static int repair(struct check *check)
{
	bool is_repaired = is_damaged(check);

	if (is_repaired && (repair_region(&check->region, check->survey, &check->repaired) ||
			    survey_again(check)))
		return EXIT_OPERATIONAL;
	if (is_damaged(check))
		return EXIT_ERRORS_LEFT;
	if (asked.test_bad && (retest_bad_slots(&check->region, check->survey,
						&check->repaired.returned_nr) ||
			       survey_again(check)))
		return EXIT_OPERATIONAL;
	return is_repaired || check->repaired.returned_nr ? EXIT_REPAIRED : EXIT_CLEAN;
}

/* Parts of a region are errors. Without any, the device is just no region. */
static int check_nothing(const struct check *check)
{
	region_require(&check->region);
	return region_refusal(&check->region) == PSW_SUPER_FOREIGN ? EXIT_OPERATIONAL :
								     EXIT_ERRORS_LEFT;
}

/* A repair might destroy what else is on the device. */
static bool may_repair(const struct check *check)
{
	if (!check->is_foreign || asked.force)
		return true;
	error("%s: holds something else: %s, with its signature at %s; only --repair --force writes over it",
	      check->region.device.path, check->signature.type, check->signature.off);
	return false;
}

static void check_region(struct check *check)
{
	const char *advice = "";

	check->result = EXIT_CLEAN;
	if (!is_damaged(check) && !asked.test_bad)
		return;
	check->result = EXIT_ERRORS_LEFT;
	if (may_repair(check)) {
		if (asked.repair)
			check->result = repair(check);
		else
			advice = "; --repair repairs what it can";
	}
	if (check->result == EXIT_ERRORS_LEFT)
		error("%s: errors are left%s", check->region.device.path, advice);
}

/* What is wrong may be wrong because the device is used for something else now. */
static int look_for_foreign(struct check *check, bool is_region)
{
	int ret;

	if ((is_region && !is_damaged(check) && !asked.repair) || check->region.disk[0])
		return 0;
	ret = signature_find(&check->region.device, &check->signature);
	check->is_foreign = ret > 0;
	if (ret >= 0 || !asked.repair)
		return 0;
	/* Where nothing can be read, there is no signature; a repair clears poison. */
	return check->region.super[0].io_error || check->region.super[1].io_error ?
	       0 : ret;
}

static int check_device(struct check *check)
{
	bool is_region = check->region.current >= 0 ||
			 (asked.force && region_use_secondary(&check->region));
	struct json_object *report = NULL;

	if (is_region && survey_again(check))
		return EXIT_OPERATIONAL;
	if (look_for_foreign(check, is_region))
		return EXIT_OPERATIONAL;
	if (asked.json)
		report = found_json(check);
	else
		print_text(check);

	if (is_region)
		check_region(check);
	else
		check->result = check_nothing(check);

	if (!asked.json) {
		print_repaired(&check->repaired);
		say("%s: %s", check->region.device.path, result_text(check));
		return check->result;
	}
	json_object_object_add(report, "repaired", repaired_json(&check->repaired));
	report_text(report, "result", result_text(check));
	return report_print(report) ? EXIT_OPERATIONAL : check->result;
}

static int check_run(const char *path)
{
	static struct check check;
	int code;

	memset(&check, 0, sizeof(check));
	if ((asked.force || asked.test_bad) && !asked.repair) {
		error("check: --force and --test-bad are for --repair");
		return command_usage_error("check");
	}
	if (region_open(&check.region, path,
			asked.repair ? DEVICE_WRITE : DEVICE_SHARED))
		return EXIT_OPERATIONAL;
	code = check_device(&check);
	survey_free(check.survey);
	region_close(&check.region);
	return code;
}

const struct command cmd_check = {
	.name = "check",
	.summary = "verify the metadata of a region, and repair it",
	.description =
		"Verify both copies of all metadata of a region. Nothing is written without\n"
		"--repair, and without it the region may be in use.\n",
	.options = options,
	.takes_device = true,
	.run = check_run,
};
