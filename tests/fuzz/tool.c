// SPDX-License-Identifier: GPL-2.0
/*
 * tool.c - the commands of pmemswap-fmt on an image, inside this process
 *
 * The tool is linked without its main(). A file in memory cannot be made unreadable
 * in part. So the linker passes the reads and writes of the tool through the functions
 * __wrap_*(), which know the poison of the image.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "../../tools/commands.h"
#include "../../tools/device.h"
#include "check.h"
#include "tool.h"

#define ARGUMENTS_MAX	8

int __real_device_read(const struct device *device, __u64 off, void *buffer, size_t bytes);
int __wrap_device_read(const struct device *device, __u64 off, void *buffer, size_t bytes);
int __real_device_write(const struct device *device, __u64 off, const void *buffer,
			size_t bytes);
int __wrap_device_write(const struct device *device, __u64 off, const void *buffer,
			size_t bytes);
int __real_device_write_block(const struct device *device, __u64 off, const void *buffer);
int __wrap_device_write_block(const struct device *device, __u64 off, const void *buffer);

/* What a command prints on one stream. */
struct capture {
	FILE **stream;
	FILE *kept;
	char *text;
	size_t bytes;
};

static struct capture output = { .stream = &stdout };
static struct capture errors = { .stream = &stderr };
static struct image *running_on;

int __wrap_device_read(const struct device *device, __u64 off, void *buffer, size_t bytes)
{
	if (image_is_poisoned(running_on, off, bytes))
		return -EIO;
	return __real_device_read(device, off, buffer, bytes);
}

int __wrap_device_write(const struct device *device, __u64 off, const void *buffer,
			size_t bytes)
{
	int err = __real_device_write(device, off, buffer, bytes);

	if (!err)
		image_clear_poison(running_on, off, bytes);
	return err;
}

int __wrap_device_write_block(const struct device *device, __u64 off, const void *buffer)
{
	int err = __real_device_write_block(device, off, buffer);

	if (!err)
		image_clear_poison(running_on, off, DEVICE_ALIGN);
	return err;
}

static void capture_begin(struct capture *capture)
{
	free(capture->text);
	capture->text = NULL;
	capture->kept = *capture->stream;
	*capture->stream = open_memstream(&capture->text, &capture->bytes);
	fuzz_require(*capture->stream, "no memory for output");
}

static void capture_end(struct capture *capture)
{
	fclose(*capture->stream);
	*capture->stream = capture->kept;
}

static const struct command *find_command(const char *name)
{
	static const struct command *const commands[] = {
		&cmd_format, &cmd_inspect, &cmd_check, &cmd_wear,
	};
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(name, commands[i]->name))
			return commands[i];
	fuzz_require(false, "%s is no command", name);
	return NULL;
}

/* The tool runs one command a process; here flags of the last one may be set. */
static void clear_flags(const struct command *command)
{
	const struct command_option *option;

	for (option = command->options; option->name; option++)
		if (option->flag)
			*option->flag = false;
	optind = 0;
}

static int run(struct image *image, const struct command *command,
	       const char *const arguments[])
{
	char *argv[ARGUMENTS_MAX + 2], path[64];
	int argc;

	for (argc = 0; arguments[argc]; argc++) {
		fuzz_require(argc < ARGUMENTS_MAX, "too many arguments");
		argv[argc] = (char *)arguments[argc];
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", image->fd);
	argv[argc++] = path;
	argv[argc] = NULL;
	clear_flags(command);
	return command_run(command, argc, argv);
}

int tool_run(struct image *image, const char *const arguments[])
{
	const struct command *command = find_command(arguments[0]);
	struct sigaction bus;
	int code;

	running_on = image;
	/* The tool handles SIGBUS, as libFuzzer does. */
	sigaction(SIGBUS, NULL, &bus);
	capture_begin(&output);
	capture_begin(&errors);
	code = run(image, command, arguments);
	capture_end(&errors);
	capture_end(&output);
	sigaction(SIGBUS, &bus, NULL);

	fuzz_require(code == TOOL_CLEAN || code == TOOL_REPAIRED ||
		     code == TOOL_ERRORS_LEFT || code == TOOL_REFUSED,
		     "%s: exit code %d\n%s", arguments[0], code, errors.text);
	fuzz_require(code == TOOL_CLEAN || output.bytes || errors.bytes,
		     "%s: exit code %d without a message", arguments[0], code);
	fuzz_require(code != TOOL_REFUSED || errors.bytes,
		     "%s: a refusal without a message", arguments[0]);
	return code;
}

const char *tool_output(void)
{
	return output.text;
}
