/* SPDX-License-Identifier: GPL-2.0 */
/*
 * spare.h - pages of memory kept for stores that find none
 */
#ifndef PSW_SPARE_H
#define PSW_SPARE_H

#include <linux/spinlock.h>
#include <linux/types.h>

struct psw_region;

/* 256 KiB of memory. They index 256 MiB of pages. */
#define PSW_SPARES_NR	64u

/**
 * struct psw_spares - pages of zeros, for the index of a region
 * @lock: guards @pages_nr and @page; inside no other lock of the engine
 * @pages_nr: number of pages
 * @page: the pages
 * @due: called when a page was taken or is missing, or NULL; must not sleep
 * @context: its argument
 */
struct psw_spares {
	spinlock_t lock;
	u32 pages_nr;
	void *page[PSW_SPARES_NR];
	void (*due)(void *context);
	void *context;
};

int psw_spares_init(struct psw_region *region);
void psw_spares_destroy(struct psw_region *region);
void *psw_spare_take(struct psw_spares *spares);

#endif /* PSW_SPARE_H */
