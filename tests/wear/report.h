/* SPDX-License-Identifier: GPL-2.0 */
/*
 * report.h - the results of a run
 */
#ifndef REPORT_H
#define REPORT_H

#include <json-c/json.h>
#include "machine.h"

/**
 * report_print() - print one line of a table
 * @name: the workload
 * @machine: the machine, before it is stopped
 */
void report_print(const char *name, const struct machine *machine);
void report_print_head(void);

/* The same as JSON. The caller frees it with json_object_put(). */
struct json_object *report_json(const char *name, const struct machine *machine,
				u32 rounds);

#endif /* REPORT_H */
