/* SPDX-License-Identifier: GPL-2.0 */
/*
 * machine.h - a simulated machine that swaps to a region
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <linux/kernel.h>
#include <region.h>
#include "meter.h"

/* Number of swap types; a trace may name lower ones. */
#define MACHINE_TYPES	PSW_FOREIGN_AREAS

/**
 * struct machine - the engine, and a medium whose line writes are counted
 * @dax: the device
 * @pmem: the medium
 * @options: how the region is run
 * @geo: geometry of the region
 * @region: the region
 * @area: the swap area of each swap type; type 0 is the disk
 * @meter: counts the writes to the medium
 * @stores: stores that were accepted
 * @rejected: stores that were rejected
 * @moves: page writes by wear levelling
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
