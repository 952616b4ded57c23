// SPDX-License-Identifier: GPL-2.0
/*
 * meta.c - what the device knows to be bad, and reads of metadata past it
 *
 * A read of poison raises a machine check. A machine that cannot recover from it
 * panics. So a range that is in the bad-block list of the device is not read: it is
 * unreadable without a try. A write with non-temporal stores of whole lines does not
 * read, and is allowed.
 */
#include <linux/kernel.h>
#include "meta.h"
#include "region.h"

/**
 * psw_meta_next_bad() - find the first range that the device knows to be bad
 * @region: the region
 * @off: where to begin, in bytes from the start of the region
 * @bytes: how far to look
 * @bad_off: where the bad range begins, not before @off
 * @bad_bytes: how long it is, as far as it is within @bytes
 *
 * Context: any.
 * Return: true if there is one.
 */
bool psw_meta_next_bad(const struct psw_region *region, u64 off, u64 bytes,
		       u64 *bad_off, u64 *bad_bytes)
{
	const struct psw_region_options *options = &region->options;

	return options->next_bad &&
	       options->next_bad(options->context, off, bytes, bad_off, bad_bytes);
}

/**
 * psw_meta_is_bad() - whether the device knows a range to be bad, in part at least
 * @region: the region
 * @off: where the range begins, in bytes from the start of the region
 * @bytes: size of the range
 *
 * Context: any.
 */
bool psw_meta_is_bad(const struct psw_region *region, u64 off, u64 bytes)
{
	u64 bad_off, bad_bytes;

	return psw_meta_next_bad(region, off, bytes, &bad_off, &bad_bytes);
}

/**
 * psw_meta_read() - read metadata
 * @region: the region; its options are set
 * @off: where, in bytes from the start of the region
 * @dst: the bytes; undefined after an error
 * @bytes: how many
 *
 * Context: any; inside psw_pmem_enter().
 * Return: 0; -EIO if they cannot be read, or are known to be bad.
 */
int psw_meta_read(const struct psw_region *region, u64 off, void *dst,
		  size_t bytes)
{
	if (psw_meta_is_bad(region, off, bytes) ||
	    psw_pmem_read(region->pmem, off, dst, bytes))
		return -EIO;
	return 0;
}

/**
 * psw_meta_bad_stamp() - the stamp of the bad-block list, as it is now
 * @region: the region
 *
 * Context: any.
 * Return: a number that changes with the list; 0 if the list never changes.
 */
unsigned int psw_meta_bad_stamp(const struct psw_region *region)
{
	const struct psw_region_options *options = &region->options;

	return options->bad_stamp ? options->bad_stamp(options->context) : 0;
}

/**
 * psw_meta_bad_changed() - whether the bad-block list changed since it was applied
 * @region: the region
 *
 * Context: any.
 */
bool psw_meta_bad_changed(const struct psw_region *region)
{
	return psw_meta_bad_stamp(region) != READ_ONCE(region->bad_stamp);
}
