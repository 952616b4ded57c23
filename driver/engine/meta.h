/* SPDX-License-Identifier: GPL-2.0 */
/*
 * meta.h - what the device knows to be bad, and reads of metadata past it
 */
#ifndef PSW_META_H
#define PSW_META_H

#include <linux/types.h>

struct psw_region;

bool psw_meta_next_bad(const struct psw_region *region, u64 off, u64 bytes,
		       u64 *bad_off, u64 *bad_bytes);
bool psw_meta_is_bad(const struct psw_region *region, u64 off, u64 bytes);
unsigned int psw_meta_bad_stamp(const struct psw_region *region);
bool psw_meta_bad_changed(const struct psw_region *region);
int psw_meta_read(const struct psw_region *region, u64 off, void *dst,
		  size_t bytes);

#endif /* PSW_META_H */
