/* SPDX-License-Identifier: GPL-2.0 */
/*
 * copy.h - the bytes of one page: copied, checksummed, compared with zero
 */
#ifndef PSW_COPY_H
#define PSW_COPY_H

#include <linux/types.h>

u32 psw_copy_page_sum(void *dst, const void *src);
u32 psw_page_sum(const void *page);
bool psw_page_is_zero(const void *page);

#endif /* PSW_COPY_H */
