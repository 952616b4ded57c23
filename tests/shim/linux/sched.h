/* SPDX-License-Identifier: GPL-2.0 */
/* Replacement: aborts where the kernel would warn; see sched.c. */
#ifndef SHIM_LINUX_SCHED_H
#define SHIM_LINUX_SCHED_H

void shim_might_sleep(const char *what);

#define cond_resched()	shim_might_sleep("cond_resched")

#endif
