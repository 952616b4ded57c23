// SPDX-License-Identifier: GPL-2.0
/*
 * wear-sim.c - simulates the lifetime of a medium under a workload
 *
 * The engine runs in userspace on a medium that counts the writes of each 256-byte
 * line. A workload runs until one line of the region has --rounds writes. Lines of
 * the metadata are included.
 */
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "report.h"
#include "trace.h"
#include "workload.h"

/**
 * struct arguments - the arguments of the program
 * @slots: number of data slots of the region
 * @rounds: number of writes that wear a line out
 * @rounds_given: --rounds was given
 * @seed: of the random numbers
 * @json: print JSON
 * @mode: mode of wear levelling
 * @trace: a file of operations, in place of the built-in workloads
 */
struct arguments {
	u32 slots;
	u32 rounds;
	bool rounds_given;
	u64 seed;
	bool json;
	enum psw_wear_mode mode;
	const char *trace;
};

static void usage(FILE *file)
{
	unsigned int i;

	fputs("Usage: wear-sim [OPTION...] [WORKLOAD...]\n"
	      "\n"
	      "  --slots N      number of data slots of the region (default 2048)\n"
	      "  --rounds N     number of writes that wear a line out (default 20000)\n"
	      "  --trace FILE   run the operations in a file, - for standard input: s TYPE OFFSET,\n"
	      "                 l TYPE OFFSET, i TYPE OFFSET, a TYPE, r (reboot), c (power loss);\n"
	      "                 once, or with --rounds repeatedly until a line is worn out\n"
	      "  --wear MODE    dynamic or static (default)\n"
	      "  --seed N       seed of the random numbers (default 1)\n"
	      "  --json         print a JSON list instead of a table\n"
	      "\nWorkloads (default: all):\n", file);
	for (i = 0; i < workloads_nr; i++)
		fprintf(file, "  %-15s %s\n", workloads[i].name,
			workloads[i].text);
}

static u64 parse_number(const char *text, u64 max)
{
	char *end;
	unsigned long long number = strtoull(text, &end, 0);

	if (*end || end == text || *text == '-' || !number || number > max)
		errx(EXIT_FAILURE, "%s: not a number from 1 to %llu", text,
		     (unsigned long long)max);
	return number;
}

static enum psw_wear_mode parse_mode(const char *text)
{
	static const char *const modes[] = { "dynamic", "static" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(modes); i++)
		if (!strcmp(text, modes[i]))
			return i;
	errx(EXIT_FAILURE, "%s: must be dynamic or static", text);
}

static void parse_arguments(struct arguments *arguments, int argc, char **argv)
{
	static const struct option options[] = {
		{ "slots", required_argument, NULL, 's' },
		{ "rounds", required_argument, NULL, 'r' },
		{ "trace", required_argument, NULL, 't' },
		{ "wear", required_argument, NULL, 'w' },
		{ "seed", required_argument, NULL, 'S' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (option) {
		case 's':
			arguments->slots = parse_number(optarg, 1u << 24);
			break;
		case 'r':
			arguments->rounds = parse_number(optarg, U32_MAX / 2);
			arguments->rounds_given = true;
			break;
		case 't':
			arguments->trace = optarg;
			break;
		case 'w':
			arguments->mode = parse_mode(optarg);
			break;
		case 'S':
			arguments->seed = parse_number(optarg, ~0ull);
			break;
		case 'j':
			arguments->json = true;
			break;
		case 'h':
			usage(stdout);
			exit(EXIT_SUCCESS);
		default:
			usage(stderr);
			exit(EXIT_FAILURE);
		}
	}
}

static void report(const struct arguments *arguments, struct json_object *list,
		   const char *name, const struct machine *machine)
{
	if (arguments->json)
		json_object_array_add(list,
				      report_json(name, machine,
						  arguments->rounds));
	else
		report_print(name, machine);
}

static void run_workload(const struct arguments *arguments,
			 struct json_object *list,
			 const struct workload *workload)
{
	struct machine machine;

	machine_start(&machine, arguments->slots, arguments->mode);
	workload_run(workload, &machine, arguments->rounds, arguments->seed);
	report(arguments, list, workload->name, &machine);
	machine_stop(&machine);
}

static void run_trace(const struct arguments *arguments,
		      struct json_object *list)
{
	struct machine machine;

	machine_start(&machine, arguments->slots, arguments->mode);
	trace_run(arguments->trace, &machine,
		  arguments->rounds_given ? arguments->rounds : 0);
	report(arguments, list, "trace", &machine);
	machine_stop(&machine);
}

static const struct workload *find_workload(const char *name)
{
	unsigned int i;

	for (i = 0; i < workloads_nr; i++)
		if (!strcmp(workloads[i].name, name))
			return &workloads[i];
	errx(EXIT_FAILURE, "%s: no such workload; see --help", name);
}

static void run_workloads(const struct arguments *arguments,
			  struct json_object *list, int argc, char **argv)
{
	unsigned int i;

	for (i = 0; !argc && i < workloads_nr; i++)
		run_workload(arguments, list, &workloads[i]);
	for (; argc; argc--, argv++)
		run_workload(arguments, list, find_workload(*argv));
}

int main(int argc, char **argv)
{
	struct arguments arguments = {
		.slots = 2048,
		.rounds = 20000,
		.seed = 1,
		.mode = PSW_WEAR_STATIC,
	};
	struct json_object *list;

	parse_arguments(&arguments, argc, argv);
	list = json_object_new_array();
	if (!arguments.json)
		report_print_head();
	if (arguments.trace)
		run_trace(&arguments, list);
	else
		run_workloads(&arguments, list, argc - optind, argv + optind);
	if (arguments.json)
		puts(json_object_to_json_string_ext(list,
						    JSON_C_TO_STRING_PRETTY));
	json_object_put(list);
	return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
