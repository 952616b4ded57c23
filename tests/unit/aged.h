/* SPDX-License-Identifier: GPL-2.0 */
/*
 * aged.h - a small region that is as worn as after a long time of use
 */
#ifndef AGED_H
#define AGED_H

#include "cold.h"

#define COLD_PAGES	1000u
#define HOT_PAGES	50u

/* Open the region, store the cold pages, and age it until pages move. */
void aged_open(struct rig *rig, u64 *random);

/* Store hot pages @stores times, and sweep when the engine asks for it. */
void aged_run(struct rig *rig, u64 stores, u64 *random);

#endif /* AGED_H */
