/* SPDX-License-Identifier: GPL-2.0 */
/* Replacement: a pthread mutex that knows its owner, for lockdep; see sched.c. */
#ifndef SHIM_LINUX_SPINLOCK_H
#define SHIM_LINUX_SPINLOCK_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <pthread.h>

typedef struct {
	pthread_mutex_t mutex;
	int owner;
} spinlock_t;

void spin_lock_init(spinlock_t *lock);
void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);

int shim_thread_id(void);
void shim_fail(const char *what);

#define lockdep_assert_held(lock)					\
	do {								\
		if (__atomic_load_n(&(lock)->owner, __ATOMIC_RELAXED) !=	\
		    shim_thread_id())					\
			shim_fail("lock not held: " #lock);		\
	} while (0)

#endif
