/* SPDX-License-Identifier: GPL-2.0 */
/*
 * copy.h - one page, copied past the cache and checksummed on the way
 */
#ifndef PSW_COPY_H
#define PSW_COPY_H

#include <linux/types.h>

u32 psw_copy_page_sum(void *dst, const void *src);
u32 psw_page_sum(const void *page);

#endif /* PSW_COPY_H */
