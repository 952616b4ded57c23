/* SPDX-License-Identifier: GPL-2.0 */
/*
 * command.h - a command of the tool: its options, its help and its exit code
 */
#ifndef PSW_TOOLS_COMMAND_H
#define PSW_TOOLS_COMMAND_H

#include <stdbool.h>
#include <stdio.h>

/* Exit codes, as those of fsck. */
#define EXIT_CLEAN		0
#define EXIT_REPAIRED		1	/* errors were found and repaired */
#define EXIT_ERRORS_LEFT	4	/* errors were found and are still there */
#define EXIT_OPERATIONAL	8	/* refused, or an error of the system */
#define EXIT_USAGE		16	/* the command line is wrong */

struct command;

/*
 * An option has exactly one of @show, @flag and @parse. A table of options ends
 * with an empty entry.
 */
struct command_option {
	int letter;			/* 0: it has only a name */
	const char *name;
	const char *argument;		/* what the help calls it; NULL: takes none */
	const char *help;		/* at most 50 characters */
	void (*show)(const struct command *command);	/* then the command ends */
	bool *flag;			/* set to true */
	bool (*parse)(const char *text, void *value);	/* false: not valid */
	void *value;			/* for @parse */
	const char *valid;		/* what @parse wants, after "is not" */
};

struct command {
	const char *name;
	const char *summary;		/* for the list of commands */
	const char *description;	/* for the help of the command */
	const struct command_option *options;
	bool takes_device;
	int (*run)(const char *path);	/* returns an exit code */
};

/* The end of every table of options. */
#define COMMAND_OPTIONS_COMMON \
	{ 'h', "help", .help = "show this help", .show = command_show_help }, \
	{ 0, "usage", .help = "show the options in one line", \
	  .show = command_show_usage }, \
	{ 'V', "version", .help = "show the version of the tool and of the format", \
	  .show = command_show_version }, \
	{ 0 }

int command_run(const struct command *command, int argc, char **argv);
int command_usage_error(const char *command);

void command_show_help(const struct command *command);
void command_show_usage(const struct command *command);
void command_show_version(const struct command *command);
void command_print_options(FILE *out, const struct command_option *option);

#endif /* PSW_TOOLS_COMMAND_H */
