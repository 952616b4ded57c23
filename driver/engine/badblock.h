/* SPDX-License-Identifier: GPL-2.0 */
/*
 * badblock.h - slots in ranges that the device knows to be bad
 */
#ifndef PSW_BADBLOCK_H
#define PSW_BADBLOCK_H

struct psw_region;

void psw_badblock_exclude(struct psw_region *region);
void psw_badblock_watch(struct psw_region *region);
void psw_badblock_apply(struct psw_region *region);

#endif /* PSW_BADBLOCK_H */
