/* SPDX-License-Identifier: GPL-2.0 */
/*
 * crash.h - what a region is after a power loss, compared with what is expected
 */
#ifndef CRASH_H
#define CRASH_H

#include "history.h"

/* Sizes of the pieces in which stores reach the medium; 0 for whole stores. */
#define CRASH_GRAINS_NR	4u
extern const unsigned int crash_grains[CRASH_GRAINS_NR];

/* Fixture: the smallest region, not open, with frequent moves. */
int crash_setup(void **state);
#define crash_test(test)	\
	cmocka_unit_test_setup_teardown(test, crash_setup, rig_teardown)

/* Number of images that were checked, and of those where something was wrong. */
extern unsigned long crash_images;
extern unsigned long crash_violations;

/* Record a history that contains every kind of update. */
void history_record(struct history *history, struct rig *rig);

/**
 * crash_check_at() - lose power at one event in several ways
 * @history: the history
 * @at: number of events before the power loss
 * @dropped: number of a fence or flush to leave out; -1 for none
 * @variants: number of random images, besides those with none and all of the
 *	unfenced stores
 *
 * Return: what is wrong first, or NULL.
 */
const char *crash_check_at(const struct history *history, size_t at, long dropped,
			   unsigned int variants);

#endif /* CRASH_H */
