// SPDX-License-Identifier: GPL-2.0
/*
 * steer.c - control over the sweep and wear levelling
 */
#include "steer.h"

void steer_rounds(struct rig *rig, u32 rounds)
{
	WRITE_ONCE(rig->region->rounds, READ_ONCE(rig->region->rounds) + rounds);
}

u32 steer_pace_at(struct rig *rig, u32 age)
{
	rig->region->wear_mean = age;
	psw_wl_plan(rig->region);
	return rig->region->wl.pace;
}

unsigned int steer_sweep_block(struct rig *rig)
{
	return psw_sweep_block(rig->region);
}

unsigned int steer_one_move(struct rig *rig, u32 slot)
{
	struct psw_region *region = rig->region;
	struct psw_wl *wl = &region->wl;
	u64 index = slot / PSW_MEDIA_ENTRIES_PER_BLOCK;
	u32 entries_nr = psw_table_entries_nr(region->geo.slots_nr, index);

	psw_wl_plan(region);
	/* The slots of this block earn one move, and the next is far off. */
	wl->pace = max(wl->pace, 2 * entries_nr);
	wl->credit = wl->pace - entries_nr;
	region->sweep.block = index;
	region->sweep.blocks_left = region->geo.table_blocks;
	return steer_sweep_block(rig);
}

void steer_choose(struct rig *rig, u32 slot)
{
	struct psw_wl *wl = &rig->region->wl;

	wl->planned = true;
	wl->bound = U32_MAX;
	wl->pace = 1;
	wl->credit = 0;
	psw_wl_choose(rig->region, slot / PSW_MEDIA_ENTRIES_PER_BLOCK);
}

void steer_move(struct rig *rig, u32 slot)
{
	psw_wl_move_chosen(rig->region, slot / PSW_MEDIA_ENTRIES_PER_BLOCK);
}

void steer_eagerly(struct rig *rig, u32 rate)
{
	struct psw_region *region = rig->region;
	u32 worn = psw_slots_most_worn(&region->slots);

	steer_rounds(rig, 1);
	mutex_lock(&region->sweep.lock);
	region->wl.planned = worn > 0;
	region->wl.pace = rate;
	region->wl.bound = worn ? worn - 1 : 0;
	mutex_unlock(&region->sweep.lock);
	steer_sweep_block(rig);
}
