// SPDX-License-Identifier: GPL-2.0
/*
 * sched.c - CPUs, delays, locks, grace periods and time
 */
#include <linux/dax.h>
#include <linux/mutex.h>
#include <linux/processor.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include "shim.h"

#define SHIM_READERS	64u

/*
 * A domain of readers. Each thread has its own lock and holds it for reading while
 * inside. A waiter takes each lock for writing in turn, while new readers may enter
 * others. The locks prefer writers, so readers do not starve a waiter.
 */
struct shim_domain {
	pthread_rwlock_t lock[SHIM_READERS];
};

#define SHIM_RWLOCK	PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP
#define SHIM_RWLOCKS_8	SHIM_RWLOCK, SHIM_RWLOCK, SHIM_RWLOCK, SHIM_RWLOCK, \
			SHIM_RWLOCK, SHIM_RWLOCK, SHIM_RWLOCK, SHIM_RWLOCK
#define SHIM_DOMAIN	{ { SHIM_RWLOCKS_8, SHIM_RWLOCKS_8, SHIM_RWLOCKS_8, \
			    SHIM_RWLOCKS_8, SHIM_RWLOCKS_8, SHIM_RWLOCKS_8, \
			    SHIM_RWLOCKS_8, SHIM_RWLOCKS_8 } }

static struct shim_domain shim_rcu = SHIM_DOMAIN;
static struct shim_domain shim_dax = SHIM_DOMAIN;

static __thread unsigned int shim_rcu_depth;
static __thread unsigned int shim_dax_depth;
static __thread unsigned long shim_dax_copies;
static unsigned long shim_dax_longest;
static __thread unsigned int shim_spin_depth;
static __thread int shim_id;
static __thread int shim_own_cpu = -1;
static __thread u32 shim_hop_state;
static __thread u32 shim_delay_state;

unsigned int shim_delay_one_in;
unsigned int shim_cpus_nr = 2;
static bool shim_cpus_hop;
static void (*shim_hook)(void);
static void (*shim_wait_hook)(void);
static s64 shim_time = 1700000000;

void shim_fail(const char *what)
{
	fprintf(stderr, "shim: %s\n", what);
	abort();
}

int shim_thread_id(void)
{
	static int ids;

	if (!shim_id)
		shim_id = __atomic_add_fetch(&ids, 1, __ATOMIC_RELAXED);
	return shim_id;
}

void shim_might_sleep(const char *what)
{
	if (!shim_rcu_depth && !shim_spin_depth)
		return;
	fprintf(stderr, "shim: %s may sleep, inside %s\n", what,
		shim_spin_depth ? "a spinlock" : "rcu_read_lock()");
	abort();
}

/* CPUs */

void shim_cpus(unsigned int nr, bool hop)
{
	if (!nr || nr > SHIM_CPUS_MAX)
		shim_fail("number of CPUs out of range");
	shim_cpus_nr = nr;
	shim_cpus_hop = hop;
	shim_own_cpu = 0;
}

void shim_cpu_set(unsigned int cpu)
{
	shim_own_cpu = cpu;
}

unsigned int shim_cpu(void)
{
	if (shim_cpus_hop) {
		shim_hop_state = shim_hop_state * 1664525 + 1013904223 +
				 shim_thread_id();
		return (shim_hop_state >> 16) % shim_cpus_nr;
	}
	if (shim_own_cpu < 0)
		shim_own_cpu = shim_thread_id();
	return (unsigned int)shim_own_cpu % shim_cpus_nr;
}

/* Delays */

void shim_delay_set(unsigned int one_in)
{
	__atomic_store_n(&shim_delay_one_in, one_in, __ATOMIC_RELAXED);
}

void shim_delay_hook(void (*hook)(void))
{
	shim_hook = hook;
	shim_delay_set(hook ? 1 : 0);
}

void shim_relax_hook(void (*hook)(void))
{
	shim_wait_hook = hook;
}

void cpu_relax(void)
{
	if (shim_wait_hook)
		shim_wait_hook();
	else
		sched_yield();
}

void shim_delay_now(unsigned int one_in)
{
	if (shim_hook) {
		if (!shim_spin_depth)
			shim_hook();
		return;
	}
	shim_delay_state = shim_delay_state * 1664525 + 1013904223 +
			   shim_thread_id();
	if ((shim_delay_state >> 8) % one_in == 0)
		sched_yield();
}

/* Locks */

/* WRITE_ONCE() would delay the thread under a lock. */
static void shim_owner_set(int *owner, int id)
{
	__atomic_store_n(owner, id, __ATOMIC_RELAXED);
}

void spin_lock_init(spinlock_t *lock)
{
	pthread_mutex_init(&lock->mutex, NULL);
	lock->owner = 0;
}

void spin_lock(spinlock_t *lock)
{
	shim_spin_depth++;
	pthread_mutex_lock(&lock->mutex);
	shim_owner_set(&lock->owner, shim_thread_id());
}

void spin_unlock(spinlock_t *lock)
{
	lockdep_assert_held(lock);
	shim_owner_set(&lock->owner, 0);
	pthread_mutex_unlock(&lock->mutex);
	shim_spin_depth--;
}

void mutex_init(struct mutex *mutex)
{
	pthread_mutex_init(&mutex->mutex, NULL);
	mutex->owner = 0;
}

void mutex_lock(struct mutex *mutex)
{
	shim_might_sleep("mutex_lock");
	pthread_mutex_lock(&mutex->mutex);
	shim_owner_set(&mutex->owner, shim_thread_id());
}

void mutex_unlock(struct mutex *mutex)
{
	lockdep_assert_held(mutex);
	shim_owner_set(&mutex->owner, 0);
	pthread_mutex_unlock(&mutex->mutex);
}

/* Grace periods */

static void shim_domain_enter(struct shim_domain *domain, unsigned int *depth)
{
	if (!(*depth)++)
		pthread_rwlock_rdlock(&domain->lock[shim_thread_id() %
				      SHIM_READERS]);
}

static void shim_domain_exit(struct shim_domain *domain, unsigned int *depth)
{
	if (!*depth)
		shim_fail("a reader exits without having entered");
	if (!--*depth)
		pthread_rwlock_unlock(&domain->lock[shim_thread_id() %
				      SHIM_READERS]);
}

static void shim_domain_wait(struct shim_domain *domain)
{
	unsigned int i;

	for (i = 0; i < SHIM_READERS; i++) {
		pthread_rwlock_wrlock(&domain->lock[i]);
		pthread_rwlock_unlock(&domain->lock[i]);
	}
}

void rcu_read_lock(void)
{
	shim_domain_enter(&shim_rcu, &shim_rcu_depth);
}

void rcu_read_unlock(void)
{
	shim_domain_exit(&shim_rcu, &shim_rcu_depth);
}

void synchronize_rcu(void)
{
	shim_might_sleep("synchronize_rcu");
	shim_domain_wait(&shim_rcu);
}

/* In the kernel this is SRCU, so readers may sleep. */
int dax_read_lock(void)
{
	shim_domain_enter(&shim_dax, &shim_dax_depth);
	if (shim_dax_depth == 1)
		shim_dax_copies = 0;
	return 0;
}

void dax_read_unlock(int cookie)
{
	(void)cookie;
	shim_domain_exit(&shim_dax, &shim_dax_depth);
}

void shim_dax_count_copy(void)
{
	if (++shim_dax_copies > READ_ONCE(shim_dax_longest))
		WRITE_ONCE(shim_dax_longest, shim_dax_copies);
}

unsigned long shim_dax_most_copies(void)
{
	unsigned long most = READ_ONCE(shim_dax_longest);

	WRITE_ONCE(shim_dax_longest, 0);
	return most;
}

bool dax_alive(struct dax_device *dax)
{
	if (!shim_dax_depth)
		shim_fail("dax_alive() outside dax_read_lock()");
	return !READ_ONCE(dax->dead);
}

void kill_dax(struct dax_device *dax)
{
	WRITE_ONCE(dax->dead, true);
	shim_domain_wait(&shim_dax);
}

/* Time */

void shim_time_set(s64 seconds)
{
	shim_time = seconds;
}

s64 ktime_get_real_seconds(void)
{
	return shim_time;
}
