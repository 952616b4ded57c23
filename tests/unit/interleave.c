// SPDX-License-Identifier: GPL-2.0
/*
 * interleave.c - two threads that use the same page, and checks of the result
 */
#include "interleave.h"

struct loaded loaded;

/* Sum of the wear when the region was opened. */
static u64 wear_before;

void interleave_open(struct rig *rig)
{
	rig_open(rig);
	wear_before = rig_wear_sum(rig);
}

void load_p(struct rig *rig)
{
	loaded.error = psw_load(rig->area, PAGE_P, &loaded.page);
}

void store_p_once(struct rig *rig)
{
	rig_store(rig, PAGE_P, 1);
}

void store_p_twice(struct rig *rig)
{
	rig_store(rig, PAGE_P, 1);
	rig_store(rig, PAGE_P, 2);
}

void invalidate_p(struct rig *rig)
{
	psw_invalidate_page(rig->area, PAGE_P);
}

void reuse_slot_for_q(struct rig *rig)
{
	psw_invalidate_page(rig->area, PAGE_P);
	rig_store(rig, PAGE_Q, 7);
	psw_invalidate_page(rig->area, PAGE_Q);
	rig_store(rig, PAGE_P, 1);
}

const char *check_sums(struct rig *rig)
{
	const struct psw_slots *slots = &rig->region->slots;
	u32 used = 0, slot;

	for (slot = 0; slot < slots->slots_nr; slot++) {
		if (slots->info[slot].state == PSW_SLOT_HELD ||
		    slots->info[slot].state == PSW_SLOT_LEFT)
			return "a slot stays held";
		used += slots->info[slot].state == PSW_SLOT_USED;
	}
	if (used + rig_free_nr(rig) + atomic_read(&slots->bad_nr) != slots->slots_nr)
		return "slots do not add up";
	if (wear_before + rig_stat(rig, PSW_STAT_SLOT_WRITES) != rig_wear_sum(rig))
		return "wear does not add up";
	return NULL;
}

const char *check_load(int allowed, u64 newest)
{
	u64 version;

	if (loaded.error)
		return loaded.error == allowed ? NULL : "a load failed";
	if (!page_whole(&loaded.page, PAGE_P, &version))
		return "a mix of two pages";
	return version <= newest ? NULL : "a version that was never stored";
}

const char *check_p(struct rig *rig, u64 least, u64 most)
{
	struct page_buffer page;
	u64 version;

	if (psw_load(rig->area, PAGE_P, &page))
		return "the page cannot be loaded";
	if (!page_whole(&page, PAGE_P, &version) || version < least ||
	    version > most)
		return "the page is not what was stored last";
	return NULL;
}

int interleave_setup(void **state)
{
	int err = rig_setup_closed(state);

	shim_cpus(1, false);
	return err;
}

int interleave_teardown(void **state)
{
	int err;

	shim_delay_hook(NULL);
	err = rig_teardown(state);
	shim_cpus(2, false);
	return err;
}
