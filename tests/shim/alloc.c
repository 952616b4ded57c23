// SPDX-License-Identifier: GPL-2.0
/*
 * alloc.c - the kernel's allocators on the heap of the C library
 *
 * A header before each allocation says which function must free it.
 */
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>
#include <stdlib.h>
#include <string.h>
#include "shim.h"

#define SHIM_KMALLOC	0x6b6d616c6c6f6331ull
#define SHIM_VMALLOC	0x766d616c6c6f6331ull
#define SHIM_KVMALLOC	0x6b766d616c6c6f63ull
#define SHIM_PERCPU	0x7065726370753131ull
/* For less, the kernel finds memory without killing. */
#define SHIM_LARGE_BYTES	PAGE_SIZE

#define SHIM_PAGE	0x7061676570616765ull

/* Its size keeps the allocation aligned to a cache line. */
struct shim_head {
	u64 kind;
	u64 reserved[7];
};

static unsigned long shim_fail_at;
static bool shim_fail_forever;
static bool shim_fail_reached;
static unsigned long shim_live;
static long shim_available = LONG_MAX;

void shim_memory_available(long pages)
{
	shim_available = pages;
}

long si_mem_available(void)
{
	return shim_available;
}

void shim_alloc_fail(unsigned long nth, bool forever)
{
	WRITE_ONCE(shim_fail_at, nth);
	WRITE_ONCE(shim_fail_forever, forever);
	WRITE_ONCE(shim_fail_reached, false);
}

bool shim_alloc_failed(void)
{
	return READ_ONCE(shim_fail_reached);
}

unsigned long shim_alloc_live(void)
{
	return READ_ONCE(shim_live);
}

static bool shim_fails_now(void)
{
	unsigned long left = READ_ONCE(shim_fail_at);

	if (!left)
		return false;
	if (left > 1) {
		WRITE_ONCE(shim_fail_at, left - 1);
		return false;
	}
	if (!READ_ONCE(shim_fail_forever))
		WRITE_ONCE(shim_fail_at, 0);
	WRITE_ONCE(shim_fail_reached, true);
	return true;
}

/* Memory that is not zeroed is filled with @fill, so that its use is noticed. */
static void *shim_alloc(size_t bytes, u64 kind, int fill, gfp_t gfp)
{
	struct shim_head *head;

	if (gfp & __GFP_DIRECT_RECLAIM)
		shim_might_sleep("allocation");
	if (bytes > SHIM_LARGE_BYTES && gfp & __GFP_DIRECT_RECLAIM &&
	    !(gfp & __GFP_RETRY_MAYFAIL))
		shim_fail("a large allocation that may call the OOM killer");
	if (shim_fails_now() || bytes > (size_t)1 << 40)
		return NULL;
	head = aligned_alloc(sizeof(*head), (sizeof(*head) * 2 + bytes - 1) &
					    ~(sizeof(*head) - 1));
	if (!head)
		return NULL;
	head->kind = kind;
	memset(head + 1, fill, bytes);
	__atomic_fetch_add(&shim_live, 1, __ATOMIC_RELAXED);
	return head + 1;
}

static void shim_free(const void *ptr, u64 kind)
{
	struct shim_head *head;

	if (!ptr)
		return;
	head = (struct shim_head *)ptr - 1;
	if (head->kind != kind)
		shim_fail("memory freed by the wrong function");
	head->kind = 0;
	__atomic_fetch_sub(&shim_live, 1, __ATOMIC_RELAXED);
	free(head);
}

void *kmalloc(size_t bytes, gfp_t gfp)
{
	return shim_alloc(bytes, SHIM_KMALLOC, 0xa5, gfp);
}

void *kmalloc_array(size_t nr, size_t bytes, gfp_t gfp)
{
	return kmalloc(array_size(nr, bytes), gfp);
}

void kfree(const void *ptr)
{
	shim_free(ptr, SHIM_KMALLOC);
}

void *kvzalloc(size_t bytes, gfp_t gfp)
{
	return shim_alloc(bytes, SHIM_KVMALLOC, 0, gfp);
}

void *kvcalloc(size_t nr, size_t bytes, gfp_t gfp)
{
	return kvzalloc(array_size(nr, bytes), gfp);
}

void kvfree(const void *ptr)
{
	shim_free(ptr, SHIM_KVMALLOC);
}

void *__vmalloc(size_t bytes, gfp_t gfp)
{
	return shim_alloc(bytes, SHIM_VMALLOC, gfp & __GFP_ZERO ? 0 : 0xa5, gfp);
}

void vfree(const void *ptr)
{
	shim_free(ptr, SHIM_VMALLOC);
}

unsigned long __get_free_page(gfp_t gfp)
{
	return (unsigned long)shim_alloc(PAGE_SIZE, SHIM_PAGE, 0xa5, gfp);
}

unsigned long get_zeroed_page(gfp_t gfp)
{
	return (unsigned long)shim_alloc(PAGE_SIZE, SHIM_PAGE, 0, gfp);
}

void free_page(unsigned long addr)
{
	shim_free((void *)addr, SHIM_PAGE);
}

void *shim_alloc_percpu(size_t bytes)
{
	if (bytes > SHIM_PERCPU_BYTES)
		shim_fail("an object is larger than SHIM_PERCPU_BYTES");
	return shim_alloc(SHIM_CPUS_MAX * SHIM_PERCPU_BYTES, SHIM_PERCPU, 0,
			  GFP_KERNEL | __GFP_RETRY_MAYFAIL);
}

void free_percpu(void *ptr)
{
	shim_free(ptr, SHIM_PERCPU);
}
