// SPDX-License-Identifier: GPL-2.0
/*
 * meter.c - counts the writes of each 256-byte line of a medium
 *
 * A store counts once for each line that it touches, however many bytes it writes
 * there. The CPU combines the stores of one call before they reach the medium.
 */
#include <err.h>
#include <linux/kernel.h>
#include <stdlib.h>
#include <string.h>
#include "../../layout/pmemswap_format.h"
#include "meter.h"

static void meter_store(void *context, void *dst, const void *src, size_t bytes)
{
	struct meter *meter = context;
	u64 off = (char *)dst - meter->base;
	u64 line = off / PSW_MEDIA_LINE_BYTES;
	u64 last = (off + bytes - 1) / PSW_MEDIA_LINE_BYTES;

	if (off >= meter->data_off && off < meter->data_end) {
		meter->bytes_data += bytes;
	} else {
		meter->bytes_meta += bytes;
		memcpy(dst, src, bytes);
	}
	for (; line <= last; line++)
		meter->max = max(meter->max, ++meter->writes[line]);
}

static void meter_fence(void *context)
{
	(void)context;
}

/**
 * meter_start() - start to count
 * @meter: the meter
 * @base: the first byte of the medium
 * @bytes: size of the medium
 * @data_off: offset of the first data slot
 * @data_end: offset after the last data slot
 */
void meter_start(struct meter *meter, void *base, u64 bytes, u64 data_off,
		 u64 data_end)
{
	*meter = (struct meter) {
		.base = base,
		.data_off = data_off,
		.data_end = data_end,
		.lines = bytes / PSW_MEDIA_LINE_BYTES,
		.observer = {
			.store = meter_store,
			.fence = meter_fence,
			.context = meter,
		},
	};
	meter->writes = calloc(meter->lines, sizeof(*meter->writes));
	if (!meter->writes)
		err(EXIT_FAILURE, "no memory to count %llu lines",
		    (unsigned long long)meter->lines);
	shim_pmem_observe(&meter->observer);
}

void meter_stop(struct meter *meter)
{
	shim_pmem_observe(NULL);
	free(meter->writes);
}

/* The wear of the lines from @off to @end. */
struct meter_range meter_range(const struct meter *meter, u64 off, u64 end)
{
	u64 first = off / PSW_MEDIA_LINE_BYTES;
	u64 last = end / PSW_MEDIA_LINE_BYTES;
	struct meter_range range = { 0 };
	u64 line, sum = 0;

	for (line = first; line < last; line++) {
		range.max = max(range.max, meter->writes[line]);
		sum += meter->writes[line];
	}
	if (last > first)
		range.mean = (double)sum / (double)(last - first);
	return range;
}
