// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - find the command and run it
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "message.h"

static const struct command *const commands[] = {
	&cmd_format, &cmd_inspect, &cmd_check, &cmd_wear, &cmd_scrub, &cmd_wipe, &cmd_list,
};

#define COMMANDS_NR	(sizeof(commands) / sizeof(commands[0]))

static void print_help(FILE *out);

static void show_help(const struct command *command)
{
	(void)command;
	print_help(stdout);
}

static void show_usage(const struct command *command)
{
	(void)command;
	puts("Usage: pmemswap-fmt COMMAND [OPTION...] [DEVICE]");
}

static const struct command_option options[] = {
	{ 'h', "help", .help = "show this help; of a command: COMMAND --help",
	  .show = show_help },
	{ 0, "usage", .help = "show the usage in one line; likewise COMMAND --usage",
	  .show = show_usage },
	{ 'V', "version", .help = "show the version of the tool and of the format",
	  .show = command_show_version },
	{ 0 }
};

static void print_help(FILE *out)
{
	size_t i;

	fputs("Usage: pmemswap-fmt COMMAND [OPTION...] [DEVICE]\n\nCommands:\n", out);
	for (i = 0; i < COMMANDS_NR; i++)
		fprintf(out, "  %-9s%s\n", commands[i]->name, commands[i]->summary);
	fputs("\nOptions:\n", out);
	command_print_options(out, options);
	fputs("\nSee pmemswap-fmt(8).\n", out);
}

/* An incomplete report, such as on a full disk, is an error. */
static int finish(int code)
{
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	error("cannot write to standard output");
	return EXIT_OPERATIONAL;
}

static bool is_option(const char *text, const struct command_option *option)
{
	if (!strncmp(text, "--", 2))
		return !strcmp(text + 2, option->name);
	if (!strcmp(text, "help"))
		return option->letter == 'h';
	return text[0] == '-' && text[1] && text[1] == option->letter && !text[2];
}

int main(int argc, char **argv)
{
	const struct command_option *option;
	size_t i;

	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	for (i = 0; i < COMMANDS_NR; i++)
		if (!strcmp(argv[1], commands[i]->name))
			return finish(command_run(commands[i], argc - 1, argv + 1));
	for (option = options; option->name; option++) {
		if (!is_option(argv[1], option))
			continue;
		option->show(NULL);
		return finish(EXIT_CLEAN);
	}
	error("'%s' is not a command", argv[1]);
	fputs("Try 'pmemswap-fmt --help'.\n", stderr);
	return EXIT_USAGE;
}
