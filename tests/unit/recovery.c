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

/*
 * What a charge may raise wear to: that of the most worn slot in use, and an even share
 * of the stores of two rounds beyond it.
 */
static u64 charge_limit(const struct psw_media_entry *table, u32 slots_nr)
{
	u32 top = 0, in_use = 0, slot;

	for (slot = 0; slot < slots_nr; slot++) {
		if (!is_in_use(&table[slot]))
			continue;
		top = max(top, le32_to_cpu(table[slot].wear));
		in_use++;
	}
	return in_use ? top + 2ull * slots_nr / in_use + 1 : 0;
}

void assert_charges_in_range(const struct rig *rig,
			     const struct psw_media_entry *table)
{
	u64 limit = charge_limit(table, slots_nr(rig));
	u32 slot;

	for (slot = 0; slot < slots_nr(rig); slot++) {
		u32 wear = le32_to_cpu(table[slot].wear);

		assert_in_range(slot_at(rig, slot)->wear, wear, max_t(u64, wear, limit));
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
