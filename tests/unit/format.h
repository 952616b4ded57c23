/* SPDX-License-Identifier: GPL-2.0 */
/*
 * format.h - make a region in memory
 */
#ifndef FORMAT_H
#define FORMAT_H

#include <pmemswap_layout.h>

/**
 * format_super() - the superblock of a fresh region
 * @super: set to a valid superblock
 * @bytes: size of the device
 * @sequence: its sequence number
 */
void format_super(struct psw_media_super *super, __u64 bytes, __u64 sequence);

/**
 * format_region() - make a fresh region
 * @addr: the device; the superblocks are written, and other metadata is zeroed
 * @bytes: size of the device
 */
void format_region(void *addr, __u64 bytes);

#endif /* FORMAT_H */
