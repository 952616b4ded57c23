/* SPDX-License-Identifier: GPL-2.0 */
/*
 * badlist.h - the bad-slot list on the medium
 */
#ifndef PSW_BADLIST_H
#define PSW_BADLIST_H

#include <linux/types.h>

struct psw_region;

void psw_badlist_load(struct psw_region *region);
bool psw_badlist_is_complete(const struct psw_region *region);
void psw_badlist_add(struct psw_region *region, u32 slot, u32 reason);
void psw_badlist_retire(struct psw_region *region, u32 slot, u32 reason);
void psw_badlist_flush(struct psw_region *region);

#endif /* PSW_BADLIST_H */
