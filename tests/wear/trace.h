/* SPDX-License-Identifier: GPL-2.0 */
/*
 * trace.h - a file of operations
 */
#ifndef TRACE_FILE_H
#define TRACE_FILE_H

#include "machine.h"

/**
 * trace_run() - run the operations of a file
 * @path: the file; "-" is standard input
 * @machine: the machine that runs them
 * @endurance: repeat the file until a line of the medium has this number of writes;
 *	0 runs the file once
 *
 * Ends the program with a message if a line of the file is malformed.
 */
void trace_run(const char *path, struct machine *machine, u32 endurance);

#endif /* TRACE_FILE_H */
