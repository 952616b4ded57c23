/* SPDX-License-Identifier: GPL-2.0 */
/*
 * attach.h - regions attached to the kernel
 */
#ifndef PSW_ATTACH_H
#define PSW_ATTACH_H

#include <linux/list.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include "device.h"
#include "engine.h"

struct attribute_group;
struct block_device;
struct gendisk;

/* At most this many regions at a time. */
#define PSW_ATTACHMENTS_MAX	16

/**
 * struct psw_disk - the block device /dev/pmemswapN
 * @disk: the disk
 * @header: page 0, the swap header; the only page that is not in the engine
 * @published: it can be seen and opened
 * @openers: how many have it open
 * @closing: nobody may open it any more
 */
struct psw_disk {
	struct gendisk *disk;
	void *header;
	bool published;
	unsigned int openers;
	bool closing;
};

/**
 * struct psw_attachment - a region attached to the kernel
 * @link: in the list of all; RCU for readers
 * @id: the N of /dev/pmemswapN
 * @path: the device it is on
 * @device: the device, mapped
 * @region: the engine
 * @disk: its block device
 * @sweep: writes the slot table and moves pages that stay long
 */
struct psw_attachment {
	struct list_head link;
	int id;
	char *path;
	struct psw_device device;
	struct psw_region *region;
	struct psw_disk disk;
	struct work_struct sweep;
};

/* attach.c */
int psw_attach(const char *path);
int psw_attach_prepare(const char *path);
void psw_attach_publish(void);
void psw_attach_discard(void);
int psw_detach(int id);
struct psw_region *psw_attached_region(void);

/* attach_blk.c: the front end for bios */
int psw_blk_init(void);
void psw_blk_exit(void);
int psw_disk_prepare(struct psw_attachment *attachment);
void psw_disk_publish(struct psw_disk *disk);
int psw_disk_close(struct psw_disk *disk);
void psw_disk_reopen(struct psw_disk *disk);
void psw_disk_remove(struct psw_disk *disk);
struct psw_area *psw_disk_area(struct block_device *bdev);

/* attach_frontswap.c: the front end for frontswap */
void psw_frontswap_register(void);
void psw_frontswap_forget(struct psw_region *region);

/* sysfs.c, control.c: what an operator sees and does */
extern const struct attribute_group *psw_sysfs_groups[];
int psw_control_init(void);
void psw_control_exit(void);

/* main.c: module parameters */
enum psw_lost_page {
	PSW_LOST_PAGE_ERROR,	/* a lost page is an I/O error */
	PSW_LOST_PAGE_PANIC,	/* of a device that is not ours: stop the machine */
};

extern bool psw_param_checksum;
extern bool psw_param_zero_pages;
extern unsigned int psw_param_wear_gap;
extern unsigned int psw_param_wear_rate;
extern enum psw_wear_mode psw_wear_mode;
extern bool psw_areas_any;
extern enum psw_lost_page psw_lost_page;

#endif /* PSW_ATTACH_H */
