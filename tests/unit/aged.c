// SPDX-License-Identifier: GPL-2.0
/*
 * aged.c - a small region that is as worn as after a long time of use
 */
#include "aged.h"

void aged_run(struct rig *rig, u64 stores, u64 *random)
{
	while (stores--) {
		assert_int_equal(rig_store(rig, random_below(random, HOT_PAGES),
					   stores), 0);
		rig_work(rig);
	}
}

void aged_open(struct rig *rig, u64 *random)
{
	rig->options.wl_gap = 0;
	rig->options.wl_rate = 84;
	rig_open(rig);
	store_cold(rig, COLD_PAGES);
	aged_run(rig, 120 * slots_nr(rig), random);
	assert_true(rig_stat(rig, PSW_STAT_MOVES) > 100);
}
