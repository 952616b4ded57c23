// SPDX-License-Identifier: GPL-2.0
/*
 * slots.c - list slots with their wear, flags, checksum and owner
 */
#include <stdio.h>

#include "message.h"
#include "slots.h"
#include "table.h"

/* @area is the disk of the region, or the number of another swap device. */
const char *slots_area_name(struct text *text, unsigned int area)
{
	if (area == PSW_MEDIA_AREA_DISK)
		snprintf(text->s, sizeof(text->s), "disk");
	else
		snprintf(text->s, sizeof(text->s), "swap area %u", area);
	return text->s;
}

/* Prints an error if the region lacks a slot of the list. */
bool slots_exist(const struct region *region, const struct range_list *slots)
{
	unsigned int i;

	for (i = 0; i < slots->ranges_nr; i++) {
		if (slots->to[i] < region->geo.slots_nr)
			continue;
		error("%s: there is no slot %llu; the last is %llu", region->device.path,
		      slots->to[i], region->geo.slots_nr - 1);
		return false;
	}
	return true;
}

/* @array is NULL for a listing on stdout. */
struct listing {
	__u64 from;
	__u64 to;
	struct report_array *array;
};

static void print_slot(__u64 slot, const struct psw_media_entry *entry, bool lost)
{
	__u16 flags = __le16_to_cpu(entry->flags);
	struct text text;

	printf("%11llu ", slot);
	if (lost) {
		puts("lost with its table block");
		return;
	}
	printf("%10u  %-4s %-4s", __le32_to_cpu(entry->wear),
	       flags & PSW_MEDIA_SLOT_USED ? "used" : "-",
	       flags & PSW_MEDIA_SLOT_BAD ? "bad" : "-");
	if (flags & PSW_MEDIA_SLOT_USED)
		printf("  %08x  %s offset %u", __le32_to_cpu(entry->sum),
		       slots_area_name(&text, __le16_to_cpu(entry->owner_area)),
		       __le32_to_cpu(entry->owner_page));
	putchar('\n');
}

static struct json_object *slot_json(__u64 slot, const struct psw_media_entry *entry,
				     bool lost)
{
	struct json_object *object = json_object_new_object();
	__u16 flags = __le16_to_cpu(entry->flags);
	bool used = flags & PSW_MEDIA_SLOT_USED;

	report_u64(object, "slot", slot);
	report_bool(object, "lost", lost);
	if (lost)
		return object;
	report_u64(object, "wear", __le32_to_cpu(entry->wear));
	report_u64(object, "flags", flags);
	report_bool(object, "used", used);
	report_bool(object, "bad", flags & PSW_MEDIA_SLOT_BAD);
	if (used) {
		report_u64(object, "owner_area", __le16_to_cpu(entry->owner_area));
		report_u64(object, "owner_offset", __le32_to_cpu(entry->owner_page));
		report_u64(object, "sum", __le32_to_cpu(entry->sum));
	}
	return object;
}

static int list_block(const struct table_block *block, void *context)
{
	const struct listing *listing = context;
	bool lost = table_block_is_lost(block);
	__u32 i;

	for (i = 0; i < block->entries_nr; i++) {
		struct psw_media_entry entry = table_entry(block, i);
		__u64 slot = block->first_slot + i;

		if (slot < listing->from || slot > listing->to)
			continue;
		if (listing->array)
			report_array_add(listing->array, slot_json(slot, &entry, lost));
		else
			print_slot(slot, &entry, lost);
	}
	return 0;
}

/*
 * Adds the slots to @array, or prints them if that is NULL. slots_exist() must
 * have succeeded.
 */
int slots_list(const struct region *region, const struct range_list *slots,
	       struct report_array *array)
{
	struct listing listing = { .array = array };
	__u64 first, last;
	unsigned int i;
	int err = 0;

	if (slots->ranges_nr && !array)
		puts("       slot       wear  page state  sum       owner");
	for (i = 0; i < slots->ranges_nr && !err; i++) {
		listing.from = slots->from[i];
		listing.to = slots->to[i];
		first = listing.from / PSW_MEDIA_ENTRIES_PER_BLOCK;
		last = listing.to / PSW_MEDIA_ENTRIES_PER_BLOCK;
		err = table_walk(region, first, last - first + 1, list_block, &listing);
	}
	return err;
}
