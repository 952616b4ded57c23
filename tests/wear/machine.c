// SPDX-License-Identifier: GPL-2.0
/*
 * machine.c - a simulated machine that swaps to a region
 *
 * The engine is that of the module. Pages have no checksum, and the content of data
 * slots is counted but not kept. The sweep runs between two stores, as soon as the
 * engine asks for it.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "machine.h"

static bool machine_sweep_due;

static void machine_on_sweep(void *context)
{
	machine_sweep_due = true;
}

/* Sweep if the engine has asked for it. In the kernel a workqueue does this. */
static void machine_work(struct machine *machine)
{
	if (!machine_sweep_due)
		return;
	machine_sweep_due = false;
	machine->moves += psw_sweep_run(machine->region);
}

static void machine_format(struct machine *machine)
{
	struct psw_media_super super = {
		.version = __cpu_to_le32(PSW_MEDIA_VERSION),
		.state = __cpu_to_le32(PSW_MEDIA_STATE_CLEAN),
		.table_seed = __cpu_to_le64(0x5eed),
	};
	int copy;

	memcpy(super.magic, PSW_MEDIA_MAGIC, PSW_MEDIA_MAGIC_BYTES);
	psw_geometry_to_super(&machine->geo, &super);
	for (copy = 0; copy < 2; copy++) {
		super.sequence = __cpu_to_le64(copy + 1);
		psw_super_seal(&super);
		memcpy(machine->pmem.addr + machine->geo.super_off[copy],
		       &super, sizeof(super));
	}
}

static void machine_attach(struct machine *machine)
{
	int error;

	machine->dax.dead = false;
	error = psw_region_open(&machine->region, &machine->pmem,
				&machine->options);
	if (error)
		errx(EXIT_FAILURE, "the region cannot be attached: %s",
		     strerror(-error));
	machine->area[0] = machine->region->disk;
}

/* Size of the smallest device whose region has @slots_nr slots. */
static u64 machine_bytes(u32 slots_nr)
{
	return psw_data_off_for(slots_nr) +
	       (u64)slots_nr * PSW_MEDIA_SLOT_BYTES + PSW_MEDIA_BLOCK_BYTES;
}

/**
 * machine_start() - format a medium and attach it
 * @machine: the machine
 * @slots_nr: data slots
 * @mode: wear levelling
 */
void machine_start(struct machine *machine, u32 slots_nr,
		   enum psw_wear_mode mode)
{
	u64 bytes = machine_bytes(slots_nr);

	memset(machine, 0, sizeof(*machine));
	if (!psw_geometry_init(&machine->geo, bytes) ||
	    machine->geo.slots_nr != slots_nr)
		errx(EXIT_FAILURE, "there is no region of %u slots", slots_nr);
	machine->pmem.bytes = bytes;
	machine->pmem.dax = &machine->dax;
	machine->pmem.addr = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
				  -1, 0);
	if (machine->pmem.addr == MAP_FAILED)
		err(EXIT_FAILURE, "cannot map %llu bytes",
		    (unsigned long long)bytes);
	machine->options = (struct psw_region_options) {
		.name = "wear-sim",
		.wear_mode = mode,
		.sweep_due = machine_on_sweep,
		.context = machine,
	};
	machine_format(machine);
	meter_start(&machine->meter, machine->pmem.addr, bytes,
		    machine->geo.data_off, machine->geo.super_off[1]);
	machine_attach(machine);
}

/* Invalidate all areas, as swapoff does. */
static void machine_swapoff(struct machine *machine)
{
	unsigned int type;

	for (type = 0; type < MACHINE_TYPES; type++)
		machine_invalidate_area(machine, type);
}

static void machine_detach(struct machine *machine)
{
	unsigned int type;

	for (type = 1; type < MACHINE_TYPES; type++) {
		if (!machine->area[type])
			continue;
		psw_area_unbind(machine->area[type]);
		psw_area_destroy(machine->area[type]);
		machine->area[type] = NULL;
	}
	psw_region_close(machine->region);
	machine_sweep_due = false;
}

void machine_stop(struct machine *machine)
{
	machine_swapoff(machine);
	machine_detach(machine);
	meter_stop(&machine->meter);
	munmap(machine->pmem.addr, machine->pmem.bytes);
}

/* The swap area of a swap type, created on first use. */
static struct psw_area *machine_area(struct machine *machine, unsigned int type)
{
	if (!machine->area[type]) {
		machine->area[type] = psw_area_create(type);
		if (!machine->area[type])
			errx(EXIT_FAILURE, "no memory for swap type %u", type);
		psw_area_bind(machine->area[type], machine->region);
	}
	return machine->area[type];
}

void machine_store(struct machine *machine, unsigned int type, u64 offset)
{
	static const u64 content[PSW_MEDIA_SLOT_BYTES / sizeof(u64)];

	if (psw_store(machine_area(machine, type), offset, content, GFP_NOWAIT))
		machine->rejected++;
	else
		machine->stores++;
	machine_work(machine);
}

void machine_load(struct machine *machine, unsigned int type, u64 offset)
{
	u64 content[PSW_MEDIA_SLOT_BYTES / sizeof(u64)];

	psw_load(machine_area(machine, type), offset, content);
}

void machine_invalidate(struct machine *machine, unsigned int type, u64 offset)
{
	psw_invalidate_page(machine_area(machine, type), offset);
}

void machine_invalidate_area(struct machine *machine, unsigned int type)
{
	if (machine->area[type])
		psw_invalidate_area(machine->area[type]);
}

/* Swap off, detach and attach again. */
void machine_reboot(struct machine *machine)
{
	machine_swapoff(machine);
	machine_detach(machine);
	machine_attach(machine);
}

/* The engine's memory is lost, and with it the index of the stored pages. */
void machine_lose_power(struct machine *machine)
{
	/* A dead device keeps psw_region_close() from writing metadata. */
	kill_dax(&machine->dax);
	machine_detach(machine);
	machine_attach(machine);
}
