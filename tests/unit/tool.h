/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tool.h - commands of pmemswap-fmt, run in this process and recorded
 */
#ifndef TOOL_H
#define TOOL_H

#include "recorder.h"

/**
 * tool_record() - run a command of the tool and record what it writes
 * @recorder: filled in; each write of the tool is durable when it returns
 * @fd: the device, a file
 * @command: name of the command
 * @options: its options; ends with NULL
 *
 * Return: exit code of the command.
 */
int tool_record(struct recorder *recorder, int fd, const char *command,
		const char *const options[]);

#endif /* TOOL_H */
