/* SPDX-License-Identifier: GPL-2.0 */
/*
 * meta.h - reads of metadata, past what the device knows to be bad
 */
#ifndef PSW_META_H
#define PSW_META_H

#include <linux/types.h>

struct psw_region;

bool psw_meta_next_bad(const struct psw_region *region, u64 off, u64 bytes,
		       u64 *bad_off, u64 *bad_bytes);
bool psw_meta_is_bad(const struct psw_region *region, u64 off, u64 bytes);
int psw_meta_read(const struct psw_region *region, u64 off, void *dst,
		  size_t bytes);

#endif /* PSW_META_H */
