/* SPDX-License-Identifier: GPL-2.0 */
/*
 * steer.h - control over the sweep and wear levelling
 *
 * No other file of the tests writes their fields.
 */
#ifndef STEER_H
#define STEER_H

#include "rig.h"

/* End @rounds rounds without a sweep, so that pages become cold. */
void steer_rounds(struct rig *rig, u32 rounds);

/* Plan the moves of a round as at @age page writes. Return: stores for each move. */
u32 steer_pace_at(struct rig *rig, u32 age);

/* Sweep the next table block. Return: number of pages moved. */
unsigned int steer_sweep_block(struct rig *rig);

/*
 * Sweep the table block of slot @slot with a new plan that allows one move. Return:
 * number of pages moved.
 */
unsigned int steer_one_move(struct rig *rig, u32 slot);

/*
 * Choose the pages in the table block of slot @slot, however worn their slots are.
 * steer_move() then moves them.
 */
void steer_choose(struct rig *rig, u32 slot);
void steer_move(struct rig *rig, u32 slot);

/*
 * End a round and sweep the next table block. Each page whose slot is less worn than
 * a free one may move, one move in @rate stores.
 */
void steer_eagerly(struct rig *rig, u32 rate);

#endif /* STEER_H */
