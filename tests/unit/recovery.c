// SPDX-License-Identifier: GPL-2.0
/*
 * recovery.c - an unclean shutdown of a region, and the wear that open charges
 */
#include "recovery.h"

bool is_in_use(const struct psw_media_entry *entry)
{
	u16 flags = le16_to_cpu(entry->flags);

	if (flags & (PSW_MEDIA_SLOT_BAD | PSW_MEDIA_SLOT_LEAVING))
		return false;
	return !(flags & PSW_MEDIA_SLOT_USED) || flags & PSW_MEDIA_SLOT_BUSY;
}

static u32 top_in_use(const struct psw_media_entry *table, u32 slots_nr)
{
	u32 top = 0, slot;

	for (slot = 0; slot < slots_nr; slot++)
		if (is_in_use(&table[slot]))
			top = max(top, le32_to_cpu(table[slot].wear));
	return top;
}

void assert_charges_in_range(const struct rig *rig,
			     const struct psw_media_entry *table)
{
	u32 top = top_in_use(table, slots_nr(rig));
	u32 slot;

	for (slot = 0; slot < slots_nr(rig); slot++) {
		u32 wear = le32_to_cpu(table[slot].wear);

		assert_in_range(slot_at(rig, slot)->wear, wear, max(wear, top));
	}
}

struct unclean unclean_shutdown(struct rig *rig)
{
	struct unclean unclean = { .wear = rig_wear_copy(rig) };

	rig_lose_power(rig);
	unclean.table = rig_table(rig);
	rig_open(rig);
	assert_true(shim_log_has("unclean shutdown"));
	assert_charges_in_range(rig, unclean.table);
	return unclean;
}

void unclean_free(struct unclean *unclean)
{
	free(unclean->wear);
	free(unclean->table);
}
