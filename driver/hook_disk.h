/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hook_disk.h - pages that arrive as bios
 */
#ifndef PSW_HOOK_DISK_H
#define PSW_HOOK_DISK_H

struct bio;
struct gendisk;
struct page;
struct psw_disk;

void psw_disk_submit(struct psw_disk *disk, struct bio *bio);
struct gendisk *psw_page_gendisk(struct page *page);

#endif /* PSW_HOOK_DISK_H */
