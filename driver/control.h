/* SPDX-License-Identifier: GPL-2.0 */
/*
 * control.h - attach and detach through sysfs
 */
#ifndef PSW_CONTROL_H
#define PSW_CONTROL_H

int psw_control_init(void);
void psw_control_exit(void);

#endif /* PSW_CONTROL_H */
