/* SPDX-License-Identifier: GPL-2.0 */
/*
 * command.h - the subcommands and what they answer
 */
#ifndef PSW_TOOLS_COMMAND_H
#define PSW_TOOLS_COMMAND_H

/* Exit codes, in the habit of fsck. */
#define EXIT_CLEAN		0
#define EXIT_REPAIRED		1	/* errors were found and repaired */
#define EXIT_ERRORS_LEFT	4	/* errors were found and are still there */
#define EXIT_OPERATIONAL	8	/* refused, or an error of the system */
#define EXIT_USAGE		16	/* the command line is wrong */

int cmd_format(int argc, char **argv);
int cmd_inspect(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_wear(int argc, char **argv);
int cmd_list(int argc, char **argv);

int command_usage_error(const char *command);
int command_device(int argc, char **argv, const char **device);

#endif /* PSW_TOOLS_COMMAND_H */
