/* SPDX-License-Identifier: GPL-2.0 */
/*
 * report.h - what a run did to the medium
 */
#ifndef REPORT_H
#define REPORT_H

#include <json-c/json.h>
#include "machine.h"

/**
 * report_print() - a line for people
 * @name: the workload
 * @machine: the machine, before it is stopped
 */
void report_print(const char *name, const struct machine *machine);
void report_print_head(void);

/* The same for programs; the caller owns what is returned. */
struct json_object *report_json(const char *name, const struct machine *machine,
				u32 rounds);

#endif /* REPORT_H */
