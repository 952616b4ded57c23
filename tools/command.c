// SPDX-License-Identifier: GPL-2.0
/*
 * command.c - parse the command line of a command by its table of options
 */
#include <getopt.h>
#include <string.h>

#include "command.h"
#include "message.h"
#include "pmemswap_format.h"

#define OPTIONS_MAX	16
#define HELP_COLUMN	22

/* What getopt_long() returns for option @i of a table. */
static int option_value(const struct command_option *options, int i)
{
	return options[i].letter ? options[i].letter : 256 + i;
}

static void print_option(FILE *out, const struct command_option *option)
{
	int width = 0;

	if (option->letter)
		width += fprintf(out, "  -%c, ", option->letter);
	else
		width += fprintf(out, "      ");
	width += fprintf(out, "--%s%s%s", option->name, option->argument ? " " : "",
			 option->argument ? option->argument : "");
	fprintf(out, "%*s%s\n", HELP_COLUMN - width, "", option->help);
}

void command_print_options(FILE *out, const struct command_option *option)
{
	for (; option->name; option++)
		print_option(out, option);
}

void command_show_help(const struct command *command)
{
	printf("Usage: pmemswap-fmt %s [OPTION...]%s\n%s\n", command->name,
	       command->takes_device ? " DEVICE" : "", command->description);
	command_print_options(stdout, command->options);
}

void command_show_usage(const struct command *command)
{
	const struct command_option *option;

	printf("Usage: pmemswap-fmt %s [-", command->name);
	for (option = command->options; option->name; option++)
		if (option->letter && !option->argument)
			putchar(option->letter);
	putchar(']');
	for (option = command->options; option->name; option++)
		if (option->letter && option->argument)
			printf(" [-%c %s]", option->letter, option->argument);
	puts(command->takes_device ? " DEVICE" : "");
}

void command_show_version(const struct command *command)
{
	(void)command;
	printf("pmemswap-fmt %s (format version %d)\n", PSW_VERSION, PSW_MEDIA_VERSION);
}

/* Returns EXIT_USAGE, after an error message of the caller. */
int command_usage_error(const char *command)
{
	fprintf(stderr, "Try 'pmemswap-fmt %s --help'.\n", command);
	return EXIT_USAGE;
}

/* Translate a table of options for getopt_long(). */
static void translate(const struct command_option *options, struct option *longs,
		      char *shorts)
{
	int i;

	for (i = 0; i < OPTIONS_MAX && options[i].name; i++) {
		longs[i].name = options[i].name;
		longs[i].has_arg = options[i].argument ? required_argument : no_argument;
		longs[i].flag = NULL;
		longs[i].val = option_value(options, i);
		if (!options[i].letter)
			continue;
		*shorts++ = (char)options[i].letter;
		if (options[i].argument)
			*shorts++ = ':';
	}
	memset(&longs[i], 0, sizeof(longs[i]));
	*shorts = '\0';
}

/* Returns the next option, NULL at the end or after a wrong one. */
static const struct command_option *next_option(const struct command *command, int argc,
						char **argv, bool *wrong)
{
	struct option longs[OPTIONS_MAX + 1];
	char shorts[2 * OPTIONS_MAX + 1];
	int value, i;

	translate(command->options, longs, shorts);
	value = getopt_long(argc, argv, shorts, longs, NULL);
	*wrong = value == '?';
	for (i = 0; command->options[i].name; i++)
		if (option_value(command->options, i) == value)
			return &command->options[i];
	return NULL;
}

static int run(const struct command *command, int operands_nr, char **operand)
{
	int operands_max = command->takes_device ? 1 : 0;

	if (operands_nr < operands_max) {
		error("%s: no device given", command->name);
		return command_usage_error(command->name);
	}
	if (operands_nr > operands_max) {
		error("%s: '%s' is one operand too many", command->name,
		      operand[operands_max]);
		return command_usage_error(command->name);
	}
	return command->run(operand[0]);
}

/* @argv begins with the name of the command. Returns an exit code. */
int command_run(const struct command *command, int argc, char **argv)
{
	const struct command_option *option;
	char name[64];
	bool wrong;

	/* getopt_long() begins its messages with this. */
	snprintf(name, sizeof(name), "pmemswap-fmt: %s", command->name);
	argv[0] = name;
	while ((option = next_option(command, argc, argv, &wrong))) {
		if (option->show) {
			option->show(command);
			return EXIT_CLEAN;
		}
		if (option->flag) {
			*option->flag = true;
		} else if (!option->parse(optarg, option->value)) {
			error("%s: '%s' is not %s", command->name, optarg,
			      option->valid);
			return command_usage_error(command->name);
		}
	}
	if (wrong)
		return command_usage_error(command->name);
	return run(command, argc - optind, argv + optind);
}
