/* SPDX-License-Identifier: GPL-2.0 */
/*
 * trace.h - operations read from a file
 */
#ifndef TRACE_FILE_H
#define TRACE_FILE_H

#include "machine.h"

/**
 * trace_run() - have a machine do what a file says
 * @path: the file; "-" is standard input
 * @machine: the machine
 * @endurance: begin again at the end, until a line was written so often; 0 runs
 *	it once
 *
 * Ends the program with a message if a line of the file cannot be understood.
 */
void trace_run(const char *path, struct machine *machine, u32 endurance);

#endif /* TRACE_FILE_H */
