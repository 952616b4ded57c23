// SPDX-License-Identifier: GPL-2.0
/*
 * tool.c - commands of pmemswap-fmt, run in this process and recorded
 *
 * The tool is linked without its main(). The linker passes its writes through
 * __wrap_device_write() and __wrap_device_write_block().
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../layout/pmemswap_format.h"
#include "../../tools/commands.h"
#include "tool.h"

#define OPTIONS_MAX	8

struct device;
int __real_device_write(const struct device *device, __u64 off, const void *buffer,
			size_t bytes);
int __wrap_device_write(const struct device *device, __u64 off, const void *buffer,
			size_t bytes);
int __real_device_write_block(const struct device *device, __u64 off, const void *buffer);
int __wrap_device_write_block(const struct device *device, __u64 off, const void *buffer);

static struct recorder *recording;

int __wrap_device_write(const struct device *device, __u64 off, const void *buffer,
			size_t bytes)
{
	recorder_write(recording, off, buffer, bytes);
	return __real_device_write(device, off, buffer, bytes);
}

int __wrap_device_write_block(const struct device *device, __u64 off, const void *buffer)
{
	recorder_write(recording, off, buffer, PSW_MEDIA_BLOCK_BYTES);
	return __real_device_write_block(device, off, buffer);
}

static const struct command *tool_find(const char *name)
{
	static const struct command *const commands[] = {
		&cmd_format, &cmd_check, &cmd_wipe,
	};
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(name, commands[i]->name))
			return commands[i];
	abort();
}

/* A command of the same name may have run before, with other flags. */
static void tool_clear_flags(const struct command *command)
{
	const struct command_option *option;

	for (option = command->options; option->name; option++)
		if (option->flag)
			*option->flag = false;
	optind = 0;
}

static int tool_run(int fd, const struct command *command, const char *const options[])
{
	char *argv[OPTIONS_MAX + 3] = { (char *)command->name }, path[64];
	int argc = 1;

	for (; *options && argc <= OPTIONS_MAX; options++)
		argv[argc++] = (char *)*options;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	argv[argc++] = path;
	tool_clear_flags(command);
	return command_run(command, argc, argv);
}

int tool_record(struct recorder *recorder, int fd, const char *command,
		const char *const options[])
{
	FILE *kept = stdout;
	int code;

	memset(recorder, 0, sizeof(*recorder));
	recording = recorder;
	stdout = fopen("/dev/null", "w");
	if (!stdout)
		abort();
	code = tool_run(fd, tool_find(command), options);
	fclose(stdout);
	stdout = kept;
	return code;
}
