/* SPDX-License-Identifier: GPL-2.0 */
/*
 * io.h - read and write a slot
 */
#ifndef PSW_IO_H
#define PSW_IO_H

#include <linux/types.h>

struct psw_area;
struct psw_region;

void psw_slot_write(struct psw_area *area, pgoff_t offset, u32 slot,
		    const void *src);
u32 psw_slot_read(struct psw_region *region, u32 slot, void *dst);

#endif /* PSW_IO_H */
