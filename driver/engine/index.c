// SPDX-License-Identifier: GPL-2.0
/*
 * index.c - from the offset of a page in its swap area to where the page is
 *
 * The pages of a swap area are dense, so an array in pieces is smaller and faster
 * than a hash or a tree. It takes 4 bytes a page, in leaves of 1024 entries under
 * two levels of pointers. A node or a leaf is allocated on first use (spare.c if memory is short).
 *
 * Invariant: a node or leaf that was linked stays allocated until
 * psw_index_unlink() and an RCU grace period after it. So a reader inside
 * rcu_read_lock() follows the pointers without a lock.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "index.h"
#include "spare.h"

/**
 * psw_index_find() - find the entry of a page
 * @area: the area
 * @offset: which page in the area
 *
 * Context: any, inside rcu_read_lock().
 * Return: the entry, or NULL if its leaf does not exist.
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

/* Link a new page of zeros at @link; if another CPU was faster, return its page. */
static void *psw_index_grow(void **link, struct psw_spares *spares, gfp_t gfp)
{
	void *new = (void *)get_zeroed_page(gfp);
	void *old;

	if (!new)
		new = psw_spare_take(spares);
	if (!new)
		return NULL;
	old = cmpxchg(link, NULL, new);
	if (!old)
		return new;
	free_page((unsigned long)new);
	/* The exchange failed and orders nothing, but all use depends on @old. */
	return old;
}

/**
 * psw_index_make() - find the entry of a page, or make it
 * @area: the area
 * @offset: which page in the area; below PSW_AREA_PAGES_MAX
 * @spares: pages to use if the allocator has none
 * @gfp: allocation flags; must not sleep inside rcu_read_lock()
 *
 * Context: inside rcu_read_lock(), and as @gfp allows.
 * Return: the entry, or NULL without memory.
 */
u32 *psw_index_make(struct psw_area *area, pgoff_t offset,
		    struct psw_spares *spares, gfp_t gfp)
{
	struct psw_node **node_link = &area->node[offset / PSW_NODE_PAGES];
	struct psw_node *node;
	struct psw_leaf **leaf_link;
	struct psw_leaf *leaf;

	BUILD_BUG_ON(sizeof(*node) != PAGE_SIZE || sizeof(*leaf) != PAGE_SIZE);

	/* Pairs with the cmpxchg() of psw_index_grow(), here and below. */
	node = smp_load_acquire(node_link);
	if (!node)
		node = psw_index_grow((void **)node_link, spares, gfp);
	if (!node)
		return NULL;

	leaf_link = &node->leaf[offset / PSW_LEAF_ENTRIES % PSW_NODE_LEAVES];
	/* As above. */
	leaf = smp_load_acquire(leaf_link);
	if (!leaf)
		leaf = psw_index_grow((void **)leaf_link, spares, gfp);
	return leaf ? &leaf->entry[offset % PSW_LEAF_ENTRIES] : NULL;
}

/**
 * psw_index_unlink() - unlink nodes of an area
 * @area: the area
 * @next: the node to begin with, 0 at first; advanced
 * @nodes: the unlinked nodes
 * @max: room in @nodes
 *
 * Context: any. After a grace period the nodes belong to the caller alone.
 * Return: number of nodes; 0 if there are no more.
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
 * @node: the node; belongs to the caller alone
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
