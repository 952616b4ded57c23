/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sysfs.h - the files in /sys/block/pmemswapN
 */
#ifndef PSW_SYSFS_H
#define PSW_SYSFS_H

struct attribute_group;

extern const struct attribute_group *psw_sysfs_groups[];

#endif /* PSW_SYSFS_H */
