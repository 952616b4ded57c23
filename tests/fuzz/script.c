// SPDX-License-Identifier: GPL-2.0
/*
 * script.c - the input of a fuzz target: steps that damage and use a region
 */
#include <string.h>
#include "script.h"

_Static_assert(sizeof(struct script_step) == 16, "a step has no padding");

void script_read(struct script *script, const uint8_t *data, size_t bytes)
{
	script->steps_nr = bytes / sizeof(*script->step);
	if (script->steps_nr > SCRIPT_STEPS_MAX)
		script->steps_nr = SCRIPT_STEPS_MAX;
	if (script->steps_nr)
		memcpy(script->step, data, script->steps_nr * sizeof(*script->step));
}
