// SPDX-License-Identifier: GPL-2.0
/*
 * trace.c - a file of operations, one on each line
 *
 *	s TYPE OFFSET	store		i TYPE OFFSET	invalidate_page
 *	l TYPE OFFSET	load		a TYPE		invalidate_area
 *	r		reboot: invalidate all areas, detach, attach
 *	c		power loss: all pages are lost, attach
 *
 * Empty lines and lines that begin with # are skipped.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "trace.h"

/* Number of operands of @verb; -1 if @verb is unknown. */
static int trace_operands(char verb)
{
	switch (verb) {
	case 's':
	case 'l':
	case 'i':
		return 2;
	case 'a':
		return 1;
	case 'r':
	case 'c':
		return 0;
	}
	return -1;
}

static void trace_do(struct machine *machine, char verb, unsigned int type,
		     u64 offset)
{
	switch (verb) {
	case 's':
		machine_store(machine, type, offset);
		break;
	case 'l':
		machine_load(machine, type, offset);
		break;
	case 'i':
		machine_invalidate(machine, type, offset);
		break;
	case 'a':
		machine_invalidate_area(machine, type);
		break;
	case 'r':
		machine_reboot(machine);
		break;
	case 'c':
		machine_lose_power(machine);
		break;
	}
}

static void trace_line(struct machine *machine, const char *line,
		       const char *path, unsigned long number)
{
	unsigned long long page = 0;
	unsigned int type = 0;
	char verb, rest;
	int got;

	got = sscanf(line, " %c %u %llu %c", &verb, &type, &page, &rest);
	if (got < 1 || verb == '#')
		return;
	if (got - 1 != trace_operands(verb) || type >= MACHINE_TYPES)
		errx(EXIT_FAILURE, "%s:%lu: not an operation: %s", path, number,
		     line);
	trace_do(machine, verb, type, page);
}

/* Run the file once. Return: false when a line of the medium is worn out. */
static bool trace_pass(FILE *file, const char *path, struct machine *machine,
		       u32 endurance)
{
	unsigned long number = 0;
	char line[128];

	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		trace_line(machine, line, path, ++number);
		if (endurance && machine->meter.max >= endurance)
			return false;
	}
	if (ferror(file))
		err(EXIT_FAILURE, "%s", path);
	return true;
}

void trace_run(const char *path, struct machine *machine, u32 endurance)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "r") : stdin;
	u64 before;

	if (!file)
		err(EXIT_FAILURE, "%s", path);
	do {
		before = machine->stores;
		if (!trace_pass(file, path, machine, endurance))
			break;
	} while (endurance && machine->stores > before && !fseek(file, 0, SEEK_SET));
	fclose(file);
}
