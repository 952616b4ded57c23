/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wearmap.h - the wear of a whole region as one picture
 */
#ifndef PSW_TOOLS_WEARMAP_H
#define PSW_TOOLS_WEARMAP_H

#include "survey.h"

#define WEARMAP_COLUMNS		128
#define WEARMAP_ROWS_MAX	64

/**
 * struct wearmap_cell - neighbouring slots that share a place in the picture
 * @max: wear of the most worn of them
 * @has_bad: one of them is bad
 * @has_lost: the table has lost one of them
 */
struct wearmap_cell {
	__u32 max;
	bool has_bad;
	bool has_lost;
};

/**
 * struct wearmap - the picture to be
 * @slots_nr: slots of the region
 * @cell_slots: slots in a cell
 * @rows: rows of cells in use
 * @hottest_slot: the most worn slot
 * @hottest_wear: its wear
 * @cell: row by row
 */
struct wearmap {
	__u64 slots_nr;
	__u64 cell_slots;
	int rows;
	__u64 hottest_slot;
	__u32 hottest_wear;
	struct wearmap_cell cell[WEARMAP_COLUMNS * WEARMAP_ROWS_MAX];
};

void wearmap_init(struct wearmap *map, __u64 slots_nr);
void wearmap_add(struct wearmap *map, const struct table_block *block);
void wearmap_add_bad(struct wearmap *map, const struct survey *survey);
int wearmap_draw(const struct wearmap *map, const struct region *region,
		 const struct wearstat *wear, const char *path);

#endif /* PSW_TOOLS_WEARMAP_H */
