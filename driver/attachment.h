/* SPDX-License-Identifier: GPL-2.0 */
/*
 * attachment.h - one region that is attached
 */
#ifndef PSW_ATTACHMENT_H
#define PSW_ATTACHMENT_H

#include <linux/types.h>
#include <linux/workqueue.h>
#include "device.h"
#include "disk.h"

struct psw_region;

/**
 * struct psw_attachment - a region that is attached
 * @link: in the list of attach.c
 * @id: the N of /dev/pmemswapN
 * @path: the device it is on
 * @device: the device, mapped
 * @region: the region as a store of pages
 * @disk: its disk
 * @sweep: runs the sweep
 * @refill: replaces spare memory that stores have taken
 * @scrub: runs a batch of a scrub, and queues itself for the next
 */
struct psw_attachment {
	struct list_head link;
	int id;
	char *path;
	struct psw_device device;
	struct psw_region *region;
	struct psw_disk disk;
	struct work_struct sweep;
	struct work_struct refill;
	struct delayed_work scrub;
};

int psw_attachment_open(struct psw_attachment **result, const char *path, int id);
int psw_attachment_publish(struct psw_attachment *attachment);
int psw_attachment_quiesce(struct psw_attachment *attachment);
void psw_attachment_close(struct psw_attachment *attachment);
bool psw_attachment_in_use(const struct psw_attachment *attachment);
void psw_attachment_shutdown(struct psw_attachment *attachment);

#endif /* PSW_ATTACHMENT_H */
