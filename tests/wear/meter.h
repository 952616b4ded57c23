/* SPDX-License-Identifier: GPL-2.0 */
/*
 * meter.h - counts the writes of each 256-byte line of a medium
 */
#ifndef METER_H
#define METER_H

#include <shim.h>

/**
 * struct meter - counts of writes by line
 * @base: the first byte of the medium
 * @data_off: offset of the first data slot; stores to data slots are counted but
 *	not kept, as nothing reads them
 * @data_end: offset after the last data slot
 * @lines: number of lines of the medium
 * @writes: number of writes of each line
 * @max: the highest of @writes
 * @bytes_data: bytes stored to data slots
 * @bytes_meta: bytes stored elsewhere
 * @observer: what the shim calls
 */
struct meter {
	char *base;
	u64 data_off;
	u64 data_end;
	u64 lines;
	u32 *writes;
	u32 max;
	u64 bytes_data;
	u64 bytes_meta;
	struct shim_pmem_observer observer;
};

/**
 * struct meter_range - the wear of part of the medium
 * @max: writes of its most-written line
 * @mean: mean number of writes of a line
 */
struct meter_range {
	u32 max;
	double mean;
};

void meter_start(struct meter *meter, void *base, u64 bytes, u64 data_off,
		 u64 data_end);
void meter_stop(struct meter *meter);
struct meter_range meter_range(const struct meter *meter, u64 off, u64 end);

#endif /* METER_H */
