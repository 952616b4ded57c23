/* SPDX-License-Identifier: GPL-2.0 */
/*
 * model.h - random operations on a region, compared with a plain array
 */
#ifndef MODEL_H
#define MODEL_H

#include <linux/types.h>

/**
 * model_run() - random operations from a fresh region to its close
 * @seed: of the random numbers
 * @bytes: size of the region
 * @percent: number of pages, in percent of the slots
 * @steps: number of operations
 * @gap: least gap for a move; a small one makes moves frequent; 0 for the default
 */
void model_run(u64 seed, u64 bytes, u32 percent, u64 steps, u32 gap);

#endif /* MODEL_H */
