// SPDX-License-Identifier: GPL-2.0
/*
 * badlist.c - read, repair and write the bad-slot list
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "badlist.h"
#include "message.h"

/* Two or three words; 0 is a slot that only the table marks. */
const char *badlist_reason_text(__u32 reason)
{
	switch (reason) {
	case 0:
		return "marked in the table";
	case PSW_MEDIA_BAD_UNREADABLE:
		return "unreadable";
	case PSW_MEDIA_BAD_CHECKSUM:
		return "wrong checksum";
	case PSW_MEDIA_BAD_BADBLOCK:
		return "bad block of the device";
	}
	return "unknown reason";
}

/* An empty list; badlist_free() frees it. */
int badlist_new(struct badlist *list, const struct psw_geometry *geo)
{
	memset(list, 0, sizeof(*list));
	list->capacity = geo->bad_blocks * PSW_MEDIA_BAD_PER_BLOCK;
	list->media = device_buffer_alloc(geo->bad_blocks * PSW_MEDIA_BLOCK_BYTES);
	return list->media ? 0 : -ENOMEM;
}

static void count(struct badlist *list, const struct psw_geometry *geo,
		  __u64 table_seed)
{
	bool ended = false;
	__u64 i;

	for (i = 0; i < list->capacity; i++) {
		if (psw_bad_is_empty(&list->media[i])) {
			ended = true;
			continue;
		}
		if (!psw_bad_check(&list->media[i], geo, table_seed))
			list->damaged_nr++;
		else if (ended)
			list->hidden_nr++;
		if (!ended)
			list->entries_nr++;
	}
}

/* An unreadable block counts as zeros; it is no error, but in @unreadable_nr. */
int badlist_read(struct badlist *list, const struct region *region)
{
	__u64 block;
	int err;

	err = badlist_new(list, &region->geo);
	if (err)
		return err;

	for (block = 0; block < region->geo.bad_blocks; block++) {
		struct psw_media_bad *media =
			list->media + block * PSW_MEDIA_BAD_PER_BLOCK;

		if (!device_read(&region->device,
				 region->geo.bad_off + block * PSW_MEDIA_BLOCK_BYTES,
				 media, PSW_MEDIA_BLOCK_BYTES))
			continue;
		memset(media, 0, PSW_MEDIA_BLOCK_BYTES);
		list->unreadable_nr++;
	}
	count(list, &region->geo, __le64_to_cpu(region_super(region)->table_seed));
	return 0;
}

/* The list must not be damaged. Returns false if it is full. */
bool badlist_add(struct badlist *list, __u64 slot, __u32 reason, __u64 table_seed)
{
	struct psw_media_bad *bad;

	if (list->entries_nr == list->capacity)
		return false;
	bad = &list->media[list->entries_nr++];
	bad->slot = __cpu_to_le64(slot);
	bad->reason = __cpu_to_le32(reason);
	psw_bad_seal(bad, table_seed);
	return true;
}

/* Copy entries from the tail over damaged ones; the tail stays as it is. */
static void fill_holes(struct badlist *list, const struct psw_geometry *geo,
		       __u64 table_seed)
{
	__u64 hole = 0, tail = list->capacity;

	for (;;) {
		while (tail && !psw_bad_check(&list->media[tail - 1], geo, table_seed))
			tail--;
		while (hole < tail && psw_bad_check(&list->media[hole], geo, table_seed))
			hole++;
		if (hole >= tail)
			break;
		list->media[hole] = list->media[--tail];
	}
	list->entries_nr = tail;
}

/*
 * Keep the valid entries only. There are two writes, so that every valid entry
 * is on the medium at every moment: the first puts copies of the last entries in
 * place of the damaged ones, the second ends the list before the originals.
 */
int badlist_repair(struct badlist *list, const struct region *region)
{
	const struct psw_geometry *geo = &region->geo;
	int err;

	fill_holes(list, geo, __le64_to_cpu(region_super(region)->table_seed));
	err = badlist_write(list, region, geo);
	if (err)
		return err;

	memset(list->media + list->entries_nr, 0,
	       (list->capacity - list->entries_nr) * sizeof(*list->media));
	list->damaged_nr = 0;
	list->hidden_nr = 0;
	list->unreadable_nr = 0;
	return badlist_write(list, region, geo);
}

/* @geo is that of the region to be, which a format has not written yet. */
int badlist_write(const struct badlist *list, const struct region *region,
		  const struct psw_geometry *geo)
{
	__u64 block;
	int err;

	for (block = 0; block < geo->bad_blocks; block++) {
		err = device_write_block(&region->device,
					 geo->bad_off + block * PSW_MEDIA_BLOCK_BYTES,
					 list->media + block * PSW_MEDIA_BAD_PER_BLOCK);
		if (err) {
			error("%s: cannot write the bad-slot list: %s",
			      region->device.path, strerror(-err));
			return err;
		}
	}
	return 0;
}

void badlist_free(struct badlist *list)
{
	free(list->media);
	list->media = NULL;
}
