/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fault_point.h - an operation in the middle of a move
 *
 * A fault point is reached when a move has read a page and has written the first
 * line of its copy. The rest of the copy is not written yet, nor is it published.
 */
#ifndef FAULT_POINT_H
#define FAULT_POINT_H

#include <pthread.h>
#include "cold.h"

/* Number of cold pages in the region that fault_point_set() opens. */
#define COLD_SLOTS	300u

/**
 * struct fault_point - an operation in the middle of the next move
 * @rig: the region
 * @area: the swap area whose page moves
 * @slot: a slot in the table block that is swept
 * @inject: the operation, in the thread of the move; returns what is wrong, or NULL
 * @reached: the move has reached the fault point
 * @wrong: what is wrong, or NULL
 * @page: offset of the page that moves
 * @from: slot of the page
 * @to: slot that the page is copied to
 * @thread: runs operations that the thread of the move must not run
 * @beside: @thread still runs after @inject
 */
struct fault_point {
	struct rig *rig;
	struct psw_area *area;
	u32 slot;
	const char *(*inject)(struct fault_point *point);
	bool reached;
	const char *wrong;
	u64 page;
	u32 from;
	u32 to;
	pthread_t thread;
	bool beside;
};

/* Open a region where a page is about to move, and set a fault point. */
struct fault_point
fault_point_set(struct rig *rig, const char *(*inject)(struct fault_point *point));

/* Let a move reach the fault point. Return: number of pages moved. */
unsigned int fault_point_run(struct fault_point *point);

#endif /* FAULT_POINT_H */
