/* SPDX-License-Identifier: GPL-2.0 */
/*
 * interleave.h - two threads that use the same page, and checks of the result
 */
#ifndef INTERLEAVE_H
#define INTERLEAVE_H

#include "schedule.h"

#define PAGE_P		1ull
#define PAGE_Q		2ull
#define COLD_PAGE	100ull

/* Fixture: a closed region, one CPU. */
int interleave_setup(void **state);
int interleave_teardown(void **state);
#define interleave_test(test)	\
	cmocka_unit_test_setup_teardown(test, interleave_setup, \
					interleave_teardown)

/* Open the region, and note the sum of its wear for check_sums(). */
void interleave_open(struct rig *rig);

/**
 * struct loaded - the result of load_p()
 * @error: result of psw_load()
 * @page: the page
 */
extern struct loaded {
	int error;
	struct page_buffer page;
} loaded;

/* What threads do. The slot of P is reused for Q, then for P again. */
void load_p(struct rig *rig);
void store_p_once(struct rig *rig);
void store_p_twice(struct rig *rig);
void invalidate_p(struct rig *rig);
void reuse_slot_for_q(struct rig *rig);

/* Checks of the result. Each returns what is wrong, or NULL. */

/* Each slot must be used, free or retired, and the wear must be complete. */
const char *check_sums(struct rig *rig);

/* load_p() must have returned P in a version up to @newest, or the error @allowed. */
const char *check_load(int allowed, u64 newest);

/* P must be stored, in a version from @least to @most. */
const char *check_p(struct rig *rig, u64 least, u64 most);

#endif /* INTERLEAVE_H */
