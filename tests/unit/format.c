// SPDX-License-Identifier: GPL-2.0
/*
 * format.c - make a region in memory
 *
 * pmemswap-fmt writes in an order that survives a power loss. Tests need only the
 * result.
 */
#include <stdlib.h>
#include "format.h"

#define FORMAT_SEED	0x5eed0f7ab1e5ull
#define FORMAT_TIME	1700000000ull

void format_super(struct psw_media_super *super, __u64 bytes, __u64 sequence)
{
	struct psw_geometry geo;
	unsigned int i;

	if (!psw_geometry_init(&geo, bytes))
		abort();
	memset(super, 0, sizeof(*super));
	memcpy(super->magic, PSW_MEDIA_MAGIC, PSW_MEDIA_MAGIC_BYTES);
	super->version = __cpu_to_le32(PSW_MEDIA_VERSION);
	super->sequence = __cpu_to_le64(sequence);
	for (i = 0; i < PSW_MEDIA_UUID_BYTES; i++)
		super->uuid[i] = i + 1;
	memcpy(super->label, "unit", 4);
	super->state = __cpu_to_le32(PSW_MEDIA_STATE_CLEAN);
	psw_geometry_to_super(&geo, super);
	super->table_seed = __cpu_to_le64(FORMAT_SEED);
	super->format_time = __cpu_to_le64(FORMAT_TIME);
	psw_super_seal(super);
}

void format_region(void *addr, __u64 bytes)
{
	struct psw_media_super super;
	struct psw_geometry geo;
	int copy;

	if (!psw_geometry_init(&geo, bytes))
		abort();
	memset((char *)addr + geo.table_off[0], 0,
	       geo.data_off - geo.table_off[0]);
	for (copy = 0; copy < 2; copy++) {
		format_super(&super, bytes, 2 - copy);
		memcpy((char *)addr + geo.super_off[copy], &super, sizeof(super));
	}
}
