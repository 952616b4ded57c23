// SPDX-License-Identifier: GPL-2.0
/*
 * show.c - print an input in the form of seeds.c
 *
 * Usage: show FILE
 */
#include <stdio.h>
#include "script.h"

static const char *kind_name(enum script_kind kind)
{
#define NAME(name)	[name] = #name,
	static const char *const names[] = { SCRIPT_STEPS(NAME) };
#undef NAME

	return names[kind];
}

static void show_step(const struct script_step *step)
{
	printf("\t{ %s, %s%s%s, %u, %u, %u, 0x%llx },\n", kind_name(script_kind(step)),
	       step->flags & STEP_SEALED ? "STEP_SEALED" : "0",
	       step->flags & STEP_KNOWN ? " | " : "",
	       step->flags & STEP_KNOWN ? "STEP_KNOWN" : "", step->at, step->field,
	       step->part, (unsigned long long)step->value);
}

int main(int argc, char **argv)
{
	uint8_t data[sizeof(struct script)];
	struct script script;
	FILE *file;
	size_t i;

	if (argc != 2) {
		fputs("Usage: show FILE\n", stderr);
		return 2;
	}
	file = fopen(argv[1], "r");
	if (!file) {
		perror(argv[1]);
		return 1;
	}
	script_read(&script, data, fread(data, 1, sizeof(data), file));
	fclose(file);
	for (i = 0; i < script.steps_nr; i++)
		show_step(&script.step[i]);
	return 0;
}
