// SPDX-License-Identifier: GPL-2.0
/*
 * index.c - from the name of a page to where it is
 *
 * Two levels over leaves of 1024 entries: the pages of a swap area are dense,
 * so a flat array in pieces beats hash and tree; 4 bytes a page.
 *
 * Invariant: a node or leaf, once linked, stays linked and allocated until
 * psw_index_unlink() and an RCU grace period after it. So whoever is inside
 * rcu_read_lock() may follow what it found, without a lock, and an entry is
 * changed by one atomic exchange.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "index.h"

/**
 * psw_area_create() - make an empty index
 * @number: the owner_area of its slots
 *
 * Context: may sleep.
 * Return: the area, of no region yet, or NULL without memory.
 */
struct psw_area *psw_area_create(u16 number)
{
	struct psw_area *area = kvzalloc(sizeof(*area), GFP_KERNEL);

	if (area)
		area->number = number;
	return area;
}

/**
 * psw_area_destroy() - free an index
 * @area: the area, empty since psw_invalidate_area(); may be NULL
 *
 * Context: may sleep; nobody else uses @area any more.
 */
void psw_area_destroy(struct psw_area *area)
{
	kvfree(area);
}

/**
 * psw_index_find() - the entry of a page
 * @area: the area
 * @offset: which page in the area
 *
 * Context: any, inside rcu_read_lock().
 * Return: the entry, or NULL if nothing near it was ever stored.
 */
u32 *psw_index_find(struct psw_area *area, pgoff_t offset)
{
	struct psw_node *node;
	struct psw_leaf *leaf;

	if (offset >= PSW_AREA_PAGES_MAX)
		return NULL;
	/* Pairs with the cmpxchg() of psw_index_grow(), here and below. */
	node = smp_load_acquire(&area->node[offset / PSW_NODE_PAGES]);
	if (!node)
		return NULL;
	/* As above. */
	leaf = smp_load_acquire(&node->leaf[offset / PSW_LEAF_ENTRIES %
					    PSW_NODE_LEAVES]);
	return leaf ? &leaf->entry[offset % PSW_LEAF_ENTRIES] : NULL;
}

/* Link a new page of zeros at @link, unless somebody was faster. */
static void *psw_index_grow(void **link, gfp_t gfp)
{
	void *new = (void *)get_zeroed_page(gfp);
	void *old;

	if (!new)
		return NULL;
	old = cmpxchg(link, NULL, new);
	if (!old)
		return new;
	free_page((unsigned long)new);
	return old;
}

/**
 * psw_index_make() - the entry of a page, made if it is not there
 * @area: the area
 * @offset: which page in the area; below PSW_AREA_PAGES_MAX
 * @gfp: how memory may be had; must not sleep inside rcu_read_lock()
 *
 * Context: as @gfp says; the entry may be used inside the rcu_read_lock() in
 *	which it was asked for.
 * Return: the entry, or NULL without memory.
 */
u32 *psw_index_make(struct psw_area *area, pgoff_t offset, gfp_t gfp)
{
	struct psw_node **node_link = &area->node[offset / PSW_NODE_PAGES];
	struct psw_node *node;
	struct psw_leaf **leaf_link;
	struct psw_leaf *leaf;

	BUILD_BUG_ON(sizeof(*node) != PAGE_SIZE || sizeof(*leaf) != PAGE_SIZE);

	/* Pairs with the cmpxchg() of psw_index_grow(), here and below. */
	node = smp_load_acquire(node_link);
	if (!node)
		node = psw_index_grow((void **)node_link, gfp);
	if (!node)
		return NULL;

	leaf_link = &node->leaf[offset / PSW_LEAF_ENTRIES % PSW_NODE_LEAVES];
	/* As above. */
	leaf = smp_load_acquire(leaf_link);
	if (!leaf)
		leaf = psw_index_grow((void **)leaf_link, gfp);
	return leaf ? &leaf->entry[offset % PSW_LEAF_ENTRIES] : NULL;
}

/**
 * psw_index_unlink() - take nodes out of an area
 * @area: the area
 * @next: where to begin, 0 at first; moved on
 * @nodes: the nodes
 * @max: how many at the most
 *
 * Context: any. After a grace period the nodes are the caller's alone.
 * Return: how many; 0 if there are no more.
 */
unsigned int psw_index_unlink(struct psw_area *area, u32 *next,
			      struct psw_node **nodes, unsigned int max)
{
	unsigned int found = 0;

	for (; *next < PSW_AREA_NODES && found < max; ++*next) {
		nodes[found] = xchg(&area->node[*next], NULL);
		if (nodes[found])
			found++;
	}
	return found;
}

/**
 * psw_index_free() - free a node with its leaves
 * @node: the node; the caller's alone, its entries of no more interest
 *
 * Context: any.
 */
void psw_index_free(struct psw_node *node)
{
	unsigned int i;

	for (i = 0; i < PSW_NODE_LEAVES; i++)
		free_page((unsigned long)node->leaf[i]);
	free_page((unsigned long)node);
}
