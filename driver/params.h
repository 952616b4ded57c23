/* SPDX-License-Identifier: GPL-2.0 */
/*
 * params.h - the module parameters
 */
#ifndef PSW_PARAMS_H
#define PSW_PARAMS_H

#include <linux/types.h>
#include "engine/store.h"

/* At most this many regions are attached at a time. */
#define PSW_REGIONS_MAX		16

/**
 * enum psw_lost_page - what to do when a page of a foreign swap area is lost
 * @PSW_LOST_PAGE_PANIC: stop the machine
 * @PSW_LOST_PAGE_STALE: log it; the kernel reads stale data from the swap device
 */
enum psw_lost_page {
	PSW_LOST_PAGE_PANIC,
	PSW_LOST_PAGE_STALE,
};

/**
 * struct psw_params - the module parameters, checked
 * @region: devices to attach when the module is loaded
 * @regions_nr: how many
 * @areas_any: accept pages of every swap area, not just those of our disks
 * @lost_page: what to do when a page of a foreign swap area is lost
 * @checksum: verify each page that is loaded
 * @zero_pages: keep zero pages in the index alone
 * @wear_mode: what is done to wear the slots evenly
 * @wear_gap: page writes that a move must even out; 0 selects the default
 * @wear_rate: stores for each move; 0 selects a rate by age
 * @scrub_rate: MiB that a scrub reads in a second; 0 for as many as it can; changes
 *	at any time
 */
struct psw_params {
	char *region[PSW_REGIONS_MAX];
	unsigned int regions_nr;
	bool areas_any;
	enum psw_lost_page lost_page;
	bool checksum;
	bool zero_pages;
	enum psw_wear_mode wear_mode;
	unsigned int wear_gap;
	unsigned int wear_rate;
	unsigned int scrub_rate;
};

extern struct psw_params psw_params;

int psw_params_check(void);

#endif /* PSW_PARAMS_H */
