/* SPDX-License-Identifier: GPL-2.0 */
/*
 * steer.h - steer the sweep: the one place of the tests that writes its fields
 */
#ifndef STEER_H
#define STEER_H

#include "rig.h"

/* Let @rounds end without a sweep, so that pages become cold. */
void steer_rounds(struct rig *rig, u32 rounds);

/* Take the next step of the sweep: number of pages moved. */
unsigned int steer_step(struct rig *rig);

/*
 * Sweep the block of slot @slot alone, with a fresh plan that allows one move:
 * number of pages moved.
 */
unsigned int steer_one_move(struct rig *rig, u32 slot);

/*
 * Choose the pages in the block of slot @slot, however worn their slots are; then
 * steer_move() moves them, as the rest of the step does.
 */
void steer_choose(struct rig *rig, u32 slot);
void steer_move(struct rig *rig, u32 slot);

/*
 * A whole round ends, then the next block is swept, and each page in a slot that
 * is less worn than a free one is wanted, one move in @rate stores.
 */
void steer_restlessly(struct rig *rig, u32 rate);

#endif /* STEER_H */
