/* SPDX-License-Identifier: GPL-2.0 */
/* Replacement: a device that a test can remove; see sched.c. */
#ifndef SHIM_LINUX_DAX_H
#define SHIM_LINUX_DAX_H

#include <linux/types.h>

struct dax_device {
	bool dead;
};

int dax_read_lock(void);
void dax_read_unlock(int cookie);
bool dax_alive(struct dax_device *dax);
void kill_dax(struct dax_device *dax);

#endif
