/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Replacement: a few simulated CPUs. Several threads may run on one CPU at the same
 * time, as with preemption. See sched.c.
 */
#ifndef SHIM_LINUX_PERCPU_H
#define SHIM_LINUX_PERCPU_H

#include <linux/atomic.h>
#include <linux/types.h>

/* Distance of the copies of one object. */
#define SHIM_PERCPU_BYTES	4096u

extern unsigned int shim_cpus_nr;

unsigned int shim_cpu(void);
void *shim_alloc_percpu(size_t bytes);
void free_percpu(void *ptr);

#define num_possible_cpus()	(shim_cpus_nr)
#define for_each_possible_cpu(cpu)	\
	for ((cpu) = 0; (unsigned int)(cpu) < shim_cpus_nr; (cpu)++)

#define alloc_percpu(type)	((type *)shim_alloc_percpu(sizeof(type)))

#define per_cpu_ptr(ptr, cpu)	\
	((__typeof__(ptr))((char *)(ptr) + (size_t)(cpu) * SHIM_PERCPU_BYTES))
#define raw_cpu_ptr(ptr)	per_cpu_ptr(ptr, shim_cpu())

#define this_cpu_add(var, delta)					\
	((void)__atomic_fetch_add(raw_cpu_ptr(&(var)), delta, __ATOMIC_RELAXED))

#endif
