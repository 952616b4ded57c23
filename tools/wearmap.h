/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wearmap.h - a heat map of the wear of a region
 */
#ifndef PSW_TOOLS_WEARMAP_H
#define PSW_TOOLS_WEARMAP_H

#include "survey.h"

#define WEARMAP_COLUMNS		128
#define WEARMAP_ROWS_MAX	64

/* Neighbouring slots that share a cell of the picture. */
struct wearmap_cell {
	__u32 max;	/* wear of the most worn slot */
	bool has_bad;	/* one of them is bad */
	bool has_lost;	/* the wear of one is lost */
};

struct wearmap {
	__u64 slots_nr;
	__u64 cell_slots;				/* slots a cell */
	int rows;					/* in use */
	__u64 hottest_slot;
	__u32 hottest_wear;
	struct wearmap_cell cell[WEARMAP_COLUMNS * WEARMAP_ROWS_MAX];	/* row by row */
};

void wearmap_init(struct wearmap *map, __u64 slots_nr);
void wearmap_add(struct wearmap *map, const struct table_block *block);
void wearmap_add_bad(struct wearmap *map, const struct survey *survey);
int wearmap_draw(const struct wearmap *map, const struct region *region,
		 const struct wearstat *wear, const char *path);

#endif /* PSW_TOOLS_WEARMAP_H */
