/* SPDX-License-Identifier: GPL-2.0 */
/*
 * load.h - the verdict on a page, for the engine; store.h has the rest
 */
#ifndef PSW_LOAD_H
#define PSW_LOAD_H

#include <linux/types.h>

struct psw_region;

bool psw_page_lose(struct psw_region *region, u32 slot, u32 reason);
int psw_page_check(struct psw_region *region, u32 slot, void *buffer);

#endif /* PSW_LOAD_H */
