/* SPDX-License-Identifier: GPL-2.0 */
/*
 * shim.h - what stands in for the kernel, as a test sees it
 *
 * The engine is compiled as it is; only the include path differs. Each header
 * under linux/ and asm/ says in its first line which sort it is:
 *
 *	copy		the kernel's meaning, written again
 *	replacement	another way to the same promise, often with a knob
 *	left out	what the engine says there is not tested here
 *
 * The knobs are below. They are process-wide and set between operations, except
 * where noted. What the kernel would warn about (sleeping under a lock, freeing
 * with the wrong function) ends the test program.
 */
#ifndef SHIM_H
#define SHIM_H

#include <linux/dax.h>
#include <linux/percpu.h>
#include <linux/types.h>

/* alloc.c: memory */

/**
 * shim_alloc_fail() - let an allocation fail
 * @nth: which from now on, counted from 1; 0 for none
 * @forever: it and all after it
 */
void shim_alloc_fail(unsigned long nth, bool forever);

/* Whether the allocation to fail was reached since shim_alloc_fail(). */
bool shim_alloc_failed(void);

/* Allocations not freed yet. */
unsigned long shim_alloc_live(void);

/* sched.c: CPUs, delays, time */

#define SHIM_CPUS_MAX	8u

/**
 * shim_cpus() - set how many CPUs there are
 * @nr: that many; threads are dealt out to them in turn
 * @hop: every look at the CPU may find another one
 *
 * While no region is open.
 */
void shim_cpus(unsigned int nr, bool hop);

/* Let the calling thread run on @cpu from now on. */
void shim_cpu_set(unsigned int cpu);

/**
 * shim_delay_set() - give races time to happen
 * @one_in: one in so many marked accesses gives its CPU away, and reads and
 *	writes of the medium in their middle more often; 0 for none
 *
 * May be set at any time.
 */
void shim_delay_set(unsigned int one_in);

/**
 * shim_delay_hook() - let the test decide at each marked access who goes on
 * @hook: called before each that is not under a spinlock; NULL for none
 */
void shim_delay_hook(void (*hook)(void));

/* What ktime_get_real_seconds() says from now on. */
void shim_time_set(s64 seconds);

/* log.c: messages */

void shim_log_clear(void);
bool shim_log_has(const char *text);
bool shim_log_empty(void);

/* pmem.c: the medium */

/**
 * struct shim_pmem_observer - somebody who sees each store to the medium
 * @store: called instead of the store; it makes it
 * @fence: called at each fence
 * @context: for both
 */
struct shim_pmem_observer {
	void (*store)(void *context, void *dst, const void *src, size_t bytes);
	void (*fence)(void *context);
	void *context;
};

/**
 * shim_pmem_observe() - let somebody see stores and fences
 * @observer: who; NULL for nobody
 *
 * Stores by the engine's own non-temporal instructions pass by unseen, so those
 * are off, as if the CPU lacked them, while somebody looks.
 */
void shim_pmem_observe(const struct shim_pmem_observer *observer);

/* Take the CRC32 instruction away, or give it back. */
void shim_cpu_generic(bool generic);

/* Make @bytes at @addr unreadable, until shim_pmem_heal(). */
void shim_pmem_poison(const void *addr, size_t bytes);
void shim_pmem_heal(void);

/* Let the next read find other bytes than there are, that one time. */
void shim_pmem_disturb(void);

/* Heal when the next read has met poison. */
void shim_pmem_heal_after_read(void);

#endif /* SHIM_H */
