/* SPDX-License-Identifier: GPL-2.0 */
/*
 * power.h - hibernation, suspend, reboot and power-off
 */
#ifndef PSW_POWER_H
#define PSW_POWER_H

int psw_power_init(void);
void psw_power_exit(void);

#endif /* PSW_POWER_H */
