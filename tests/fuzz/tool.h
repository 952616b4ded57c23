/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tool.h - the commands of pmemswap-fmt on an image, inside this process
 */
#ifndef TOOL_H
#define TOOL_H

#include "image.h"

/* Exit codes of pmemswap-fmt, as those of fsck. */
#define TOOL_CLEAN		0
#define TOOL_REPAIRED		1
#define TOOL_ERRORS_LEFT	4
#define TOOL_REFUSED		8

/**
 * tool_run() - run a command of the tool
 * @image: the device, which is added to the arguments
 * @arguments: name of the command, then options; ends with NULL
 *
 * A command ends with one of the codes above. If it is not TOOL_CLEAN, stdout or
 * stderr says why.
 *
 * Return: its exit code.
 */
int tool_run(struct image *image, const char *const arguments[]);

/* What the last command has printed on stdout; until the next tool_run(). */
const char *tool_output(void);

#endif /* TOOL_H */
