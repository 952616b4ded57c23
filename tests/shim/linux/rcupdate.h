/* SPDX-License-Identifier: GPL-2.0 */
/* Replacement: one lock for each thread; a grace period takes all; see sched.c. */
#ifndef SHIM_LINUX_RCUPDATE_H
#define SHIM_LINUX_RCUPDATE_H

void rcu_read_lock(void);
void rcu_read_unlock(void);
void synchronize_rcu(void);

#endif
