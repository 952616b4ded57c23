/* SPDX-License-Identifier: GPL-2.0 */
/*
 * swapoff.h - pages that could not be read, when swapoff maps them
 */
#ifndef PSW_SWAPOFF_H
#define PSW_SWAPOFF_H

#include <linux/llist.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

struct page;

/**
 * struct psw_swapoff - the pages of a disk that could not be read
 * @name: what log messages call it
 * @unread: a record of each such page, by offset
 * @running: a swapoff may run; guarded by the lock of @unread
 * @freed: records of pages whose slot was freed while a swapoff may run
 * @warned: the log says that this swapoff reads lost pages
 * @work: poisons the pages of @freed
 */
struct psw_swapoff {
	const char *name;
	struct xarray unread;
	bool running;
	struct llist_head freed;
	bool warned;
	struct work_struct work;
};

int psw_swapoff_init(void);
void psw_swapoff_exit(void);
void psw_swapoff_create(struct psw_swapoff *swapoff, const char *name);
void psw_swapoff_destroy(struct psw_swapoff *swapoff);
void psw_swapoff_set_running(struct psw_swapoff *swapoff, bool running);
void psw_swapoff_unread(struct psw_swapoff *swapoff, struct page *page);
void psw_swapoff_slot_free(struct psw_swapoff *swapoff, unsigned long offset);
void psw_swapoff_flush(struct psw_swapoff *swapoff);

#endif /* PSW_SWAPOFF_H */
