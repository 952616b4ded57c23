/* SPDX-License-Identifier: GPL-2.0 */
/*
 * shim.h - control over the functions that replace the kernel in tests
 *
 * The engine is compiled unchanged, with another include path. The first line of
 * each header under linux/ and asm/ says what kind it is:
 *
 *	Copy		works as in the kernel
 *	Replacement	meets the same contract in another way, often with a knob
 *	Left out	does nothing
 *
 * The knobs are declared below. They apply to the whole process. A test sets them
 * while no operation runs, except where noted. The shim aborts where the kernel
 * would warn: on sleep under a lock, or when the wrong function frees memory.
 */
#ifndef SHIM_H
#define SHIM_H

#include <linux/dax.h>
#include <linux/percpu.h>
#include <linux/types.h>

/* alloc.c: memory */

/**
 * shim_alloc_fail() - let an allocation fail
 * @nth: number of the allocation, counted from 1; 0 for none
 * @forever: all later allocations fail as well
 */
void shim_alloc_fail(unsigned long nth, bool forever);

/* Whether an allocation has failed since shim_alloc_fail(). */
bool shim_alloc_failed(void);

/* Set the number of pages that programs could get; LONG_MAX at first. */
void shim_memory_available(long pages);

/* Number of allocations that are not freed. */
unsigned long shim_alloc_live(void);

/* sched.c: CPUs, delays, time */

#define SHIM_CPUS_MAX	8u

/**
 * shim_cpus() - set the number of CPUs
 * @nr: number of CPUs; each new thread runs on the next one
 * @hop: threads change their CPU at random
 *
 * Must be called while no region is open.
 */
void shim_cpus(unsigned int nr, bool hop);

/* Move the calling thread to @cpu. */
void shim_cpu_set(unsigned int cpu);

/**
 * shim_delay_set() - delay threads at random, so that races happen
 * @one_in: one in @one_in marked accesses yields the CPU; copies to and from the
 *	medium yield more often, in their middle; 0 for none
 *
 * May be set at any time.
 */
void shim_delay_set(unsigned int one_in);

/**
 * shim_delay_hook() - let the test decide at each marked access which thread runs
 * @hook: called before each marked access outside spinlocks; NULL for none
 */
void shim_delay_hook(void (*hook)(void));

/**
 * shim_relax_hook() - let the test decide which thread runs while one waits
 * @hook: called in place of cpu_relax(); NULL for none
 */
void shim_relax_hook(void (*hook)(void));

/* Set the result of ktime_get_real_seconds(). */
void shim_time_set(s64 seconds);

/*
 * Most copies from and to the medium inside one dax_read_lock(), since the last call.
 * shim_dax_count_copy() is for the shim.
 */
unsigned long shim_dax_most_copies(void);
void shim_dax_count_copy(void);

/* log.c: messages */

void shim_log_clear(void);
bool shim_log_has(const char *text);
bool shim_log_empty(void);

/* pmem.c: the medium */

/**
 * struct shim_pmem_observer - callbacks for stores and fences
 * @store: called in place of a store; must do the store
 * @fence: called at each fence
 * @context: argument of both
 */
struct shim_pmem_observer {
	void (*store)(void *context, void *dst, const void *src, size_t bytes);
	void (*fence)(void *context);
	void *context;
};

/**
 * shim_pmem_observe() - set the observer of stores and fences
 * @observer: the observer; NULL for none
 *
 * The engine's own non-temporal stores cannot be observed. So the engine does not
 * use them while there is an observer.
 */
void shim_pmem_observe(const struct shim_pmem_observer *observer);

/* Hide the CRC32 instruction of the CPU from the engine. */
void shim_cpu_generic(bool generic);

/* Make @bytes at @addr unreadable, until shim_pmem_heal(). */
void shim_pmem_poison(const void *addr, size_t bytes);
void shim_pmem_heal(void);

/* Number of reads that met poison since the start of the program. */
unsigned long shim_pmem_poison_reads(void);

/* Let the next read return wrong bytes, once. */
void shim_pmem_disturb(void);

/* Heal after the next read that meets poison. */
void shim_pmem_heal_after_read(void);

#endif /* SHIM_H */
