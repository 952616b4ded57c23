/* SPDX-License-Identifier: GPL-2.0 */
/*
 * super.h - the superblock on the medium
 */
#ifndef PSW_SUPER_H
#define PSW_SUPER_H

#include <linux/types.h>

struct psw_region;

int psw_super_load(struct psw_region *region);
int psw_super_write(struct psw_region *region, u32 state);

#endif /* PSW_SUPER_H */
