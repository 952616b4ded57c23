/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hook_frontswap.h - pages that arrive through frontswap
 */
#ifndef PSW_HOOK_FRONTSWAP_H
#define PSW_HOOK_FRONTSWAP_H

struct psw_region;

void psw_frontswap_register(void);
void psw_frontswap_set_home(struct psw_region *region);
void psw_frontswap_forget(struct psw_region *region);

#endif /* PSW_HOOK_FRONTSWAP_H */
