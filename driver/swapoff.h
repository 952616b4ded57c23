/* SPDX-License-Identifier: GPL-2.0 */
/*
 * swapoff.h - pages that could not be read, when swapoff maps them
 */
#ifndef PSW_SWAPOFF_H
#define PSW_SWAPOFF_H

#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

struct page;

/**
 * struct psw_swapoff - the pages of a disk that could not be read
 * @name: what log messages call it
 * @lock: guards what follows
 * @unread: a record of each such page, by offset
 * @held_nr: records that hold a reference to their page
 * @running: how many swapoffs may be under way
 * @warned: the log says that this swapoff reads lost pages
 * @wait: woken when @held_nr or @running change
 * @work: poisons pages that swapoff maps
 */
struct psw_swapoff {
	const char *name;
	struct mutex lock;
	struct xarray unread;
	unsigned int held_nr;
	unsigned int running;
	bool warned;
	wait_queue_head_t wait;
	struct work_struct work;
};

int psw_swapoff_init(void);
void psw_swapoff_exit(void);
void psw_swapoff_create(struct psw_swapoff *swapoff, const char *name);
void psw_swapoff_destroy(struct psw_swapoff *swapoff);
void psw_swapoff_begin(struct psw_swapoff *swapoff);
void psw_swapoff_end(struct psw_swapoff *swapoff);
void psw_swapoff_unread(struct psw_swapoff *swapoff, struct page *page);

#endif /* PSW_SWAPOFF_H */
