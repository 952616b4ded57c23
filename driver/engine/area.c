// SPDX-License-Identifier: GPL-2.0
/*
 * area.c - the swap areas of a region
 *
 * The disk of a region has one swap area, made when the region is opened. A
 * foreign area belongs to another swap device; it is bound to a region while
 * that region holds its pages.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include "mem.h"
#include "region.h"

/**
 * psw_area_create() - make a swap area without pages
 * @number: the owner_area of its slots
 *
 * Context: may sleep.
 * Return: the area, bound to no region, or NULL without memory.
 */
struct psw_area *psw_area_create(u16 number)
{
	struct psw_area *area = kvzalloc(sizeof(*area), PSW_GFP);

	if (area)
		area->number = number;
	return area;
}

/**
 * psw_area_destroy() - free a swap area
 * @area: the area, empty since psw_invalidate_area(); may be NULL
 *
 * Context: may sleep; nobody else uses @area any more.
 */
void psw_area_destroy(struct psw_area *area)
{
	kvfree(area);
}

/**
 * psw_area_bind() - let a region serve a foreign area
 * @area: the area; its number is below PSW_FOREIGN_AREAS
 * @region: the region
 *
 * Context: any, inside rcu_read_lock().
 * Return: false if another region serves it.
 */
bool psw_area_bind(struct psw_area *area, struct psw_region *region)
{
	struct psw_region *bound = cmpxchg(&area->region, NULL, region);

	if (bound && bound != region)
		return false;
	/* Pairs with psw_region_area(). */
	smp_store_release(&region->foreign[area->number], area);
	return true;
}

/**
 * psw_area_unbind() - undo psw_area_bind()
 * @area: the area, bound to a region; nobody stores to it any more
 *
 * Context: may sleep; frees the pages and the index of @area.
 */
void psw_area_unbind(struct psw_area *area)
{
	WRITE_ONCE(area->region->foreign[area->number], NULL);
	synchronize_rcu();
	psw_invalidate_area(area);
	WRITE_ONCE(area->region, NULL);
}

/* The region that serves an area, or NULL. */
struct psw_region *psw_area_region(const struct psw_area *area)
{
	return READ_ONCE(area->region);
}

u16 psw_area_number(const struct psw_area *area)
{
	return area->number;
}

/* Whether it is the area of a swap device that is not the region's disk. */
bool psw_area_is_foreign(const struct psw_area *area)
{
	return area->number != PSW_MEDIA_AREA_DISK;
}

/* The area of the disk of a region. */
struct psw_area *psw_region_disk_area(const struct psw_region *region)
{
	return region->disk;
}
