// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - the table of commands of pmemswap-fmt
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "pmemswap_format.h"
#include "message.h"

static const struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "format",  "make a region on a device or in an image file", cmd_format },
	{ "inspect", "show what a region is and what it holds", cmd_inspect },
	{ "check",   "verify the metadata of a region, and repair it", cmd_check },
	{ "wear",    "show how worn a region is, draw it as a map", cmd_wear },
	{ "list",    "list the namespaces that are or could be regions", cmd_list },
};

#define COMMANDS_NR	(sizeof(commands) / sizeof(commands[0]))

static void print_help(FILE *out)
{
	size_t i;

	fputs("Usage: pmemswap-fmt COMMAND [OPTION...] [DEVICE]\n\nCommands:\n", out);
	for (i = 0; i < COMMANDS_NR; i++)
		fprintf(out, "  %-9s%s\n", commands[i].name, commands[i].summary);
	fputs("\nOptions:\n"
	      "  -h, --help     show this help; of a command: COMMAND --help\n"
	      "  -V, --version  show the version of the tool and of the format\n"
	      "\nSee pmemswap-fmt(8).\n", out);
}

/**
 * command_usage_error() - point at the help after a wrong command line
 * @command: name of the command
 *
 * Return: EXIT_USAGE.
 */
int command_usage_error(const char *command)
{
	fprintf(stderr, "Try 'pmemswap-fmt %s --help'.\n", command);
	return EXIT_USAGE;
}

/**
 * command_device() - the one operand of most commands
 * @argc: as given to the command
 * @argv: as given to the command, after getopt_long() went over it
 * @device: filled in
 *
 * Return: EXIT_CLEAN, or EXIT_USAGE after telling the user.
 */
int command_device(int argc, char **argv, const char **device)
{
	if (argc - optind == 1) {
		*device = argv[optind];
		return EXIT_CLEAN;
	}
	if (argc == optind)
		error("%s: no device given", argv[0]);
	else
		error("%s: '%s' is one operand too many", argv[0], argv[optind + 1]);
	return command_usage_error(argv[0]);
}

/* A full disk behind stdout must not look like success. */
static int finish(int code)
{
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	error("cannot write to standard output");
	return EXIT_OPERATIONAL;
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help") ||
	    !strcmp(argv[1], "help")) {
		print_help(stdout);
		return finish(EXIT_CLEAN);
	}
	if (!strcmp(argv[1], "-V") || !strcmp(argv[1], "--version")) {
		printf("pmemswap-fmt %s (format version %d)\n", PSW_VERSION,
		       PSW_MEDIA_VERSION);
		return finish(EXIT_CLEAN);
	}
	for (i = 0; i < COMMANDS_NR; i++)
		if (!strcmp(argv[1], commands[i].name))
			return finish(commands[i].run(argc - 1, argv + 1));

	error("'%s' is not a command", argv[1]);
	fputs("Try 'pmemswap-fmt --help'.\n", stderr);
	return EXIT_USAGE;
}
