// SPDX-License-Identifier: GPL-2.0
/*
 * pmem.c - the medium: stores, fences, and reads that meet poison
 *
 * A load may read a slot while another thread writes it. The engine detects that
 * afterwards, but ThreadSanitizer would report a race. So under ThreadSanitizer the
 * copies use relaxed atomic accesses. Otherwise stores go through libpmem.
 */
#include <asm/barrier.h>
#include <asm/cpufeature.h>
#include <libpmem.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "shim.h"

#define SHIM_POISON_MAX	4096u

struct shim_range {
	const char *start;
	const char *end;
};

static const struct shim_pmem_observer *shim_observer;
static bool shim_generic;
static struct shim_range shim_poisoned[SHIM_POISON_MAX];
static unsigned int shim_poisoned_nr;
static unsigned long shim_poison_reads;
static bool shim_poison_once;
static bool shim_disturbed;

void shim_pmem_observe(const struct shim_pmem_observer *observer)
{
	shim_observer = observer;
}

void shim_cpu_generic(bool generic)
{
	shim_generic = generic;
}

bool shim_cpu_has_crc32(void)
{
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
	return !shim_generic && !shim_observer &&
	       __builtin_cpu_supports("sse4.2");
#else
	return false;
#endif
}

/* Delays in the middle of a copy find most races. */
static void shim_delay_copy(void)
{
	unsigned int one_in = READ_ONCE(shim_delay_one_in);

	if (one_in)
		shim_delay_now(one_in / 16 + 1);
}

#ifdef __SANITIZE_THREAD__
static void shim_copy_to(void *dst, const void *src, size_t bytes)
{
	const u64 *from = src;
	u64 *to = dst;
	size_t i;

	for (i = 0; i < bytes / sizeof(u64); i++)
		WRITE_ONCE(to[i], from[i]);
}

static void shim_copy_from(void *dst, const void *src, size_t bytes)
{
	const u64 *from = src;
	u64 *to = dst;
	size_t i;

	for (i = 0; i < bytes / sizeof(u64); i++)
		to[i] = READ_ONCE(from[i]);
}
#else
static void shim_copy_to(void *dst, const void *src, size_t bytes)
{
	pmem_memcpy(dst, src, bytes,
		    PMEM_F_MEM_NONTEMPORAL | PMEM_F_MEM_NODRAIN);
}

static void shim_copy_from(void *dst, const void *src, size_t bytes)
{
	memcpy(dst, src, bytes);
}
#endif

void memcpy_flushcache(void *dst, const void *src, size_t bytes)
{
	size_t half;

	if (((unsigned long)dst | bytes) % sizeof(u64))
		shim_fail("a store to the medium that is not of whole words");
	shim_dax_count_copy();
	if (shim_observer) {
		shim_observer->store(shim_observer->context, dst, src, bytes);
		return;
	}
	half = bytes / 2 & ~(sizeof(u64) - 1);
	shim_copy_to(dst, src, half);
	shim_delay_copy();
	shim_copy_to(dst + half, src + half, bytes - half);
}

void shim_pmem_fence(void)
{
	if (shim_observer)
		shim_observer->fence(shim_observer->context);
	pmem_drain();
	shim_delay_copy();
}

void shim_pmem_poison(const void *addr, size_t bytes)
{
	if (shim_poisoned_nr == SHIM_POISON_MAX)
		shim_fail("too many poisoned ranges");
	shim_poisoned[shim_poisoned_nr].start = addr;
	shim_poisoned[shim_poisoned_nr++].end = (const char *)addr + bytes;
}

void shim_pmem_heal(void)
{
	shim_poisoned_nr = 0;
	shim_poison_once = false;
}

void shim_pmem_heal_after_read(void)
{
	shim_poison_once = true;
}

unsigned long shim_pmem_poison_reads(void)
{
	return READ_ONCE(shim_poison_reads);
}

void shim_pmem_disturb(void)
{
	shim_disturbed = true;
}

unsigned long copy_mc_to_kernel(void *dst, const void *src, size_t bytes)
{
	const char *start = src;
	const char *end = start + bytes;
	unsigned int i;
	size_t half;

	shim_dax_count_copy();
	for (i = 0; i < shim_poisoned_nr; i++)
		if (shim_poisoned[i].start < end && start < shim_poisoned[i].end)
			end = shim_poisoned[i].start > start ?
			      shim_poisoned[i].start : start;
	if (start + bytes != end)
		__atomic_fetch_add(&shim_poison_reads, 1, __ATOMIC_RELAXED);
	half = (end - start) / 2 & ~(sizeof(u64) - 1);
	shim_copy_from(dst, src, half);
	shim_delay_copy();
	shim_copy_from(dst + half, src + half, end - start - half);
	if (shim_disturbed && bytes) {
		shim_disturbed = false;
		*(char *)dst ^= 1;
	}
	if (shim_poison_once && start + bytes != end)
		shim_pmem_heal();
	return bytes - (end - start);
}
