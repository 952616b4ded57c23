/* SPDX-License-Identifier: GPL-2.0 */
/*
 * disk.h - the disk /dev/pmemswapN
 */
#ifndef PSW_DISK_H
#define PSW_DISK_H

#include <linux/types.h>
#include "swapoff.h"

/* The disk counts in pages, the block layer in sectors. */
#define PSW_PAGE_SECTORS	(PAGE_SIZE >> SECTOR_SHIFT)

struct attribute_group;
struct gendisk;
struct psw_area;
struct psw_region;

/**
 * struct psw_disk - the disk of a region
 * @region: the region that holds its pages
 * @id: the N of /dev/pmemswapN
 * @gendisk: the kernel's part of it
 * @header: page 0, the swap header; the only page that the engine does not hold
 * @published: it can be seen and opened
 * @openers: how many have it open
 * @writers: how many of these have it open exclusively or for writing
 * @closing: it cannot be opened any more
 * @swapoff: pages of it that could not be read
 */
struct psw_disk {
	struct psw_region *region;
	int id;
	struct gendisk *gendisk;
	void *header;
	bool published;
	unsigned int openers;
	unsigned int writers;
	bool closing;
	struct psw_swapoff swapoff;
};

int psw_disk_init(void);
void psw_disk_exit(void);
int psw_disk_prepare(struct psw_disk *disk, struct psw_region *region, int id);
int psw_disk_publish(struct psw_disk *disk, const struct attribute_group **groups);
int psw_disk_close(struct psw_disk *disk);
void psw_disk_reopen(struct psw_disk *disk);
bool psw_disk_has_writers(const struct psw_disk *disk);
void psw_disk_remove(struct psw_disk *disk);
struct psw_region *psw_disk_region(struct gendisk *gendisk);
struct psw_area *psw_disk_area(struct gendisk *gendisk);

#endif /* PSW_DISK_H */
