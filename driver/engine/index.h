/* SPDX-License-Identifier: GPL-2.0 */
/*
 * index.h - from the offset of a page in its swap area to where the page is
 */
#ifndef PSW_INDEX_H
#define PSW_INDEX_H

#include <linux/gfp.h>
#include <linux/types.h>

struct psw_region;
struct psw_spares;

/* An entry says in 32 bits where a page is: the number of its slot plus one, or */
#define PSW_ENTRY_EMPTY		0u		/* nowhere: no page */
#define PSW_ENTRY_LOST		0xffffffffu	/* lost by the medium */
#define PSW_ENTRY_ZERO		0xfffffffeu	/* in no slot: a zero page */

static inline bool psw_entry_is_slot(u32 entry)
{
	return entry != PSW_ENTRY_EMPTY && entry < PSW_ENTRY_ZERO;
}

static inline u32 psw_entry_of_slot(u32 slot)
{
	return slot + 1;
}

static inline u32 psw_entry_slot(u32 entry)
{
	return entry - 1;
}

#define PSW_LEAF_ENTRIES	(4096u / sizeof(u32))
#define PSW_NODE_LEAVES		(4096u / sizeof(void *))
#define PSW_NODE_PAGES		((u64)PSW_LEAF_ENTRIES * PSW_NODE_LEAVES)
#define PSW_AREA_PAGES_MAX	(1ull << 32)
#define PSW_AREA_NODES		((u32)(PSW_AREA_PAGES_MAX / PSW_NODE_PAGES))

struct psw_leaf {
	u32 entry[PSW_LEAF_ENTRIES];
};

struct psw_node {
	struct psw_leaf *leaf[PSW_NODE_LEAVES];
};

/**
 * struct psw_area - a swap area: its pages by their offset
 * @region: the region that holds the pages; NULL for a foreign area of none
 * @number: owner_area of the slots, as on the medium
 * @node: first level; NULL until a page below it is stored
 */
struct psw_area {
	struct psw_region *region;
	u16 number;
	struct psw_node *node[PSW_AREA_NODES];
};

u32 *psw_index_find(struct psw_area *area, pgoff_t offset);
u32 *psw_index_make(struct psw_area *area, pgoff_t offset,
		    struct psw_spares *spares, gfp_t gfp);
unsigned int psw_index_unlink(struct psw_area *area, u32 *next,
			      struct psw_node **nodes, unsigned int max);
void psw_index_free(struct psw_node *node);

#endif /* PSW_INDEX_H */
