/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rig.h - a region on a medium in memory, and what most tests do to it
 */
#ifndef RIG_H
#define RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <linux/kernel.h>
#include <linux/slab.h>
#include <badlist.h>
#include <io.h>
#include <region.h>
#include <super.h>
#include <table.h>
#include <shim.h>
#include "format.h"
#include "pattern.h"

#define RIG_BYTES	(16ull << 20)

/**
 * struct rig - a region on a medium in memory
 * @fd: the memory; so that it can be mapped again
 * @dax: the device
 * @pmem: the medium
 * @options: how the region is opened; verify, zero_pages and static levelling
 *	are on
 * @region: the region, while it is open
 * @area: the index of its disk
 * @dues: how often the sweep past the slots was due
 * @uncounted: writes to slots that were seen before they were counted
 * @live: allocations there were before
 * @bad_off: with @bad_bytes, a range known to be bad from the start
 * @bad_bytes: see @bad_off; 0 for none
 */
struct rig {
	int fd;
	struct dax_device dax;
	struct psw_pmem pmem;
	struct psw_region_options options;
	struct psw_region *region;
	struct psw_area *area;
	unsigned int dues;
	unsigned int uncounted;
	unsigned long live;
	u64 bad_off;
	u64 bad_bytes;
};

/* A fresh region of @bytes, not open; and the end of it. */
void rig_create(struct rig *rig, u64 bytes);
void rig_destroy(struct rig *rig);

/* Open the region: what psw_region_open() said. */
int rig_try_open(struct rig *rig);

/* Open it; the test fails if it does not open. */
void rig_open(struct rig *rig);

/* Drop all pages of the disk and close in order: what the close said. */
int rig_close(struct rig *rig);

/* Lose power: what is in memory is gone, the medium stays as it is. */
void rig_cut(struct rig *rig);

/* Write the whole table as it is: what psw_sweep_checkpoint() said. */
int rig_checkpoint(struct rig *rig);

/* What the kernel's workqueue would do by now: how many pages were moved. */
unsigned int rig_work(struct rig *rig);

/* As cmocka wants it: a rig of RIG_BYTES, open; nothing may leak. */
int rig_setup(void **state);
int rig_setup_closed(void **state);
int rig_teardown(void **state);
#define rig_test(test)	\
	cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)
#define rig_test_closed(test)	\
	cmocka_unit_test_setup_teardown(test, rig_setup_closed, rig_teardown)

/* Run a group so that results come out line by line, even before a crash. */
#define rig_main(name, tests)	\
	(setvbuf(stdout, NULL, _IOLBF, 0), \
	 cmocka_run_group_tests_name(name, tests, NULL, NULL))

/* The verbs, on the disk; page_fill() makes the pages. */
int rig_store(struct rig *rig, u64 offset, u64 version);
int rig_store_zero(struct rig *rig, u64 offset);
void rig_assert_holds(struct rig *rig, u64 offset, u64 version);
void rig_assert_holds_zero(struct rig *rig, u64 offset);

/* The page answers @err, and the destination is all zero. */
void rig_assert_fails(struct rig *rig, u64 offset, int err);

u64 rig_stat(const struct rig *rig, enum psw_stat stat);
u32 rig_free_nr(struct rig *rig);

/* The slot that holds a page, or PSW_SLOT_NONE. */
u32 rig_slot_of(struct rig *rig, u64 offset);

/* Where a slot is in memory. */
void *rig_slot_addr(struct rig *rig, u32 slot);

/* Wear of all slots, retired ones included. */
u64 rig_wear_sum(const struct rig *rig);

/* Where everything in the region is. */
struct psw_geometry rig_geometry(const struct rig *rig);

/* The superblock on the medium, in copy @copy. */
struct psw_media_super *rig_super(struct rig *rig, int copy);

/* The superblock that counts, or NULL; and the copy of the table it confirms. */
struct psw_media_super *rig_super_current(struct rig *rig);
int rig_table_current(struct rig *rig);

/* A block of the table on the medium, in copy @copy. */
struct psw_media_table_block *rig_table_block(const struct rig *rig, int copy,
					      u64 index);

/*
 * What the table on the medium says of all slots, to be freed; zeros where it was
 * never written. And the wear of all of them.
 */
struct psw_media_entry *rig_table(struct rig *rig);
u64 rig_table_wear_sum(struct rig *rig);

#endif /* RIG_H */
