/* SPDX-License-Identifier: GPL-2.0 */
/* Replacement: like a spinlock, but its holder may sleep. */
#ifndef SHIM_LINUX_MUTEX_H
#define SHIM_LINUX_MUTEX_H

#include <linux/spinlock.h>

struct mutex {
	pthread_mutex_t mutex;
	int owner;
};

void mutex_init(struct mutex *mutex);
void mutex_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);

#endif
