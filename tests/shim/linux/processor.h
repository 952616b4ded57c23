/* SPDX-License-Identifier: GPL-2.0 */
/* Replacement: a thread that waits for another lets it run; see sched.c. */
#ifndef SHIM_LINUX_PROCESSOR_H
#define SHIM_LINUX_PROCESSOR_H

void cpu_relax(void);

#endif
