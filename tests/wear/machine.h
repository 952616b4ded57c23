/* SPDX-License-Identifier: GPL-2.0 */
/*
 * machine.h - a machine that swaps to a region: the engine and its medium
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <linux/kernel.h>
#include <region.h>
#include "meter.h"

/* Swap types that a trace may name. */
#define MACHINE_TYPES	PSW_FOREIGN_AREAS

/**
 * struct machine - the engine over a medium whose lines are counted
 * @dax: the device
 * @pmem: the medium
 * @options: how the region is run
 * @geo: where everything is in it
 * @region: the region
 * @area: the index of each swap type; 0 is the disk's
 * @meter: what is written to the medium
 * @stores: page writes that were asked for and accepted
 * @rejected: stores that were not
 * @moves: page writes by levelling
 */
struct machine {
	struct dax_device dax;
	struct psw_pmem pmem;
	struct psw_region_options options;
	struct psw_geometry geo;
	struct psw_region *region;
	struct psw_area *area[MACHINE_TYPES];
	struct meter meter;
	u64 stores;
	u64 rejected;
	u64 moves;
};

void machine_start(struct machine *machine, u32 slots_nr,
		   enum psw_wear_mode mode);
void machine_stop(struct machine *machine);
void machine_store(struct machine *machine, unsigned int type, u64 offset);
void machine_load(struct machine *machine, unsigned int type, u64 offset);
void machine_invalidate(struct machine *machine, unsigned int type, u64 offset);
void machine_invalidate_area(struct machine *machine, unsigned int type);
void machine_reboot(struct machine *machine);
void machine_lose_power(struct machine *machine);

#endif /* MACHINE_H */
