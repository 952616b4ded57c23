/* SPDX-License-Identifier: GPL-2.0 */
/*
 * page.h - a page of the region, for the engine; store.h has the rest
 */
#ifndef PSW_PAGE_H
#define PSW_PAGE_H

#include <linux/types.h>

struct psw_region;

bool psw_page_lose(struct psw_region *region, u32 slot, u32 reason);
int psw_page_check(struct psw_region *region, u32 slot, void *buffer);

#endif /* PSW_PAGE_H */
