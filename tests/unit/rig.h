/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rig.h - a region on a medium in memory, and common operations on it
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
 * @fd: the memory, as a file
 * @dax: the device
 * @pmem: the medium
 * @options: how the region is opened; rig_create() selects verify, zero_pages and
 *	static wear levelling
 * @region: the region while it is open, otherwise NULL
 * @area: the swap area of its disk
 * @sweep_calls: number of calls of sweep_due since the last rig_work()
 * @uncounted: writes to slots that their wear did not count in time
 * @live: number of allocations at set-up
 * @bad_off: offset of a range that the device knows to be bad
 * @bad_bytes: size of that range; 0 for none
 * @bad_stamp: must change when the range changes while the region is open
 */
struct rig {
	int fd;
	struct dax_device dax;
	struct psw_pmem pmem;
	struct psw_region_options options;
	struct psw_region *region;
	struct psw_area *area;
	unsigned int sweep_calls;
	unsigned int uncounted;
	unsigned long live;
	u64 bad_off;
	u64 bad_bytes;
	unsigned int bad_stamp;
};

/* Create a fresh region of @bytes, not open. */
void rig_create(struct rig *rig, u64 bytes);
void rig_destroy(struct rig *rig);

/* Open the region. Return: the result of psw_region_open(). */
int rig_try_open(struct rig *rig);

/* Open the region; the test fails if that fails. */
void rig_open(struct rig *rig);

/* Invalidate the disk and close. Return: the result of psw_region_close(). */
int rig_close(struct rig *rig);

/* Reject stores from here on, as psw_region_quiesce() does. */
void rig_set_closing(struct rig *rig);

/* Lose power: the engine's memory is lost, and the medium does not change. */
void rig_lose_power(struct rig *rig);

/* Write the whole table. Return: the result of psw_sweep_checkpoint(). */
int rig_checkpoint(struct rig *rig);

/* Sweep if the engine called sweep_due. Return: number of pages moved. */
unsigned int rig_work(struct rig *rig);

/* Fixtures: a rig of RIG_BYTES, open or closed. A test that leaks memory fails. */
int rig_setup(void **state);
int rig_setup_closed(void **state);
int rig_teardown(void **state);
#define rig_test(test)	\
	cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)
#define rig_test_closed(test)	\
	cmocka_unit_test_setup_teardown(test, rig_setup_closed, rig_teardown)

/* Run a group of tests. Output is line-buffered, so a crash does not lose it. */
#define rig_main(name, tests)	\
	(setvbuf(stdout, NULL, _IOLBF, 0), \
	 cmocka_run_group_tests_name(name, tests, NULL, NULL))

/* Store and load pages of the disk; page_fill() makes the pages. */
int rig_store(struct rig *rig, u64 offset, u64 version);
int rig_store_zero(struct rig *rig, u64 offset);
void rig_assert_holds(struct rig *rig, u64 offset, u64 version);
void rig_assert_holds_zero(struct rig *rig, u64 offset);

/* Store @stores pages at random offsets below 800. */
void rig_store_some(struct rig *rig, u64 stores, u64 seed);

/* A load must return @err and fill the destination with zeros. */
void rig_assert_fails(struct rig *rig, u64 offset, int err);

u64 rig_stat(const struct rig *rig, enum psw_stat stat);
u32 rig_free_nr(struct rig *rig);

/* The slot that holds a page, or PSW_SLOT_NONE. */
u32 rig_slot_of(struct rig *rig, u64 offset);

/* The address of a slot. */
void *rig_slot_addr(struct rig *rig, u32 slot);

/* The sum of the wear of all slots, retired ones included. */
u64 rig_wear_sum(const struct rig *rig);

/* Set the wear of a slot. */
void rig_set_wear(struct rig *rig, u32 slot, u32 wear);

/* The wear of every slot. The caller frees it. */
u32 *rig_wear_copy(const struct rig *rig);

struct psw_geometry rig_geometry(const struct rig *rig);

/* The superblock on the medium, in copy @copy. */
struct psw_media_super *rig_super(struct rig *rig, int copy);

/* The current superblock, or NULL; and the number of the current table copy. */
struct psw_media_super *rig_super_current(struct rig *rig);
int rig_table_current(struct rig *rig);

/* A block of the table on the medium, in copy @copy. */
struct psw_media_table_block *rig_table_block(const struct rig *rig, int copy,
					      u64 index);

/*
 * The slot table on the medium, as a reader takes it: one entry for each slot, zero
 * where it was never written. The caller frees it.
 */
struct psw_media_entry *rig_table(struct rig *rig);

/* The sum of the wear in the slot table on the medium. */
u64 rig_table_wear_sum(struct rig *rig);

#endif /* RIG_H */
