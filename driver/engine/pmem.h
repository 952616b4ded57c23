/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pmem.h - the only way to touch the medium
 *
 * Order: psw_pmem_write() and psw_pmem_write_page() return while their bytes are
 * still on the way to the persistence domain. psw_pmem_fence() waits for them. A
 * fence also orders them before all later stores of this CPU. No lock release does
 * that, as non-temporal stores are weakly ordered.
 */
#ifndef PSW_PMEM_H
#define PSW_PMEM_H

#include <linux/dax.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/uaccess.h>
#include <asm/barrier.h>
#include "../../layout/pmemswap_format.h"
#include "copy.h"

/**
 * struct psw_pmem - a region mapped for the engine
 * @addr: kernel address of the first byte
 * @bytes: size of the mapping
 * @dax: the device that the mapping belongs to; it may be removed at any time
 * @flush: makes fenced bytes durable where a fence is not enough (virtio-pmem);
 *	may sleep; NULL elsewhere
 */
struct psw_pmem {
	void *addr;
	u64 bytes;
	struct dax_device *dax;
	int (*flush)(const struct psw_pmem *pmem);
};

/**
 * psw_pmem_enter() - keep the mapping until psw_pmem_exit()
 * @pmem: the mapped region
 * @cookie: for psw_pmem_exit()
 *
 * Context: any but interrupt handlers; nests.
 * Return: false if the device was removed; then psw_pmem_exit() must not be called.
 */
static inline bool psw_pmem_enter(const struct psw_pmem *pmem, int *cookie)
{
	*cookie = dax_read_lock();
	if (dax_alive(pmem->dax))
		return true;
	dax_read_unlock(*cookie);
	return false;
}

static inline void psw_pmem_exit(int cookie)
{
	dax_read_unlock(cookie);
}

/* Blocks of metadata that are read or written before psw_pmem_reenter() is due. */
#define PSW_PMEM_BLOCKS		64u

/**
 * psw_pmem_reenter() - psw_pmem_exit(), and psw_pmem_enter() again
 * @pmem: the mapped region
 * @cookie: of psw_pmem_enter()
 *
 * The removal of any DAX device waits for everybody who is inside. So a long job
 * leaves now and then.
 *
 * Context: may sleep.
 * Return: as psw_pmem_enter().
 */
static inline bool psw_pmem_reenter(const struct psw_pmem *pmem, int *cookie)
{
	psw_pmem_exit(*cookie);
	cond_resched();
	return psw_pmem_enter(pmem, cookie);
}

static inline void psw_pmem_write(const struct psw_pmem *pmem, u64 off,
				   const void *src, size_t bytes)
{
	memcpy_flushcache(pmem->addr + off, src, bytes);
}

/* Write one slot. Return: psw_page_sum() of @src, or 0 without @sum. */
static inline u32 psw_pmem_write_page(const struct psw_pmem *pmem, u64 off,
				       const void *src, bool sum)
{
	if (sum)
		return psw_copy_page_sum(pmem->addr + off, src);
	memcpy_flushcache(pmem->addr + off, src, PSW_MEDIA_SLOT_BYTES);
	return 0;
}

/* Return: 0, or the number of bytes at the end that could not be read. */
static inline size_t psw_pmem_read(const struct psw_pmem *pmem, u64 off,
				    void *dst, size_t bytes)
{
	return copy_mc_to_kernel(dst, pmem->addr + off, bytes);
}

static inline void psw_pmem_fence(void)
{
	pmem_wmb();
}

static inline int psw_pmem_flush(const struct psw_pmem *pmem)
{
	return pmem->flush ? pmem->flush(pmem) : 0;
}

#endif /* PSW_PMEM_H */
