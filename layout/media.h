/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * media.h - the on-media format of a pmemswap region, version 1
 *
 * FORMAT.md beside this file has the picture and the rules; this header has
 * every byte. It is included as it stands by the kernel module, by
 * pmemswap-fmt and by the tests. Nothing in here lives in memory only.
 *
 * All integers are little endian. All structs are naturally aligned, without
 * padding, and zeroed before they are filled; psw_media_assert() pins the
 * offset and the size of every field at compile time.
 */
#ifndef PSW_LAYOUT_MEDIA_H
#define PSW_LAYOUT_MEDIA_H

#ifdef __KERNEL__
#include <linux/types.h>
#include <linux/stddef.h>
#else
#include <linux/types.h>
#include <stddef.h>
#endif

#define PSW_MEDIA_VERSION	1

/* "PMEMSWAP", then bytes that text-mode transfers damage. */
#define PSW_MEDIA_MAGIC		"PMEMSWAP\r\n\x1a\n\0\x89\xfePW"
#define PSW_MEDIA_MAGIC_BYTES	16

#define PSW_MEDIA_BLOCK_BYTES	4096u		/* unit of all metadata */
#define PSW_MEDIA_SLOT_BYTES	4096u		/* unit of all data */
#define PSW_MEDIA_LINE_BYTES	256u		/* unit in which media wear out */
#define PSW_MEDIA_DATA_ALIGN	(2u << 20)	/* of the first data slot */
#define PSW_MEDIA_UUID_BYTES	16
#define PSW_MEDIA_LABEL_BYTES	16		/* as in a swap header */

/*
 * Feature bits. A region with an unknown COMPAT bit may be used as if the bit
 * were not there; one with an unknown INCOMPAT bit must be refused.
 * Version 1 defines none of either.
 */
#define PSW_MEDIA_COMPAT_KNOWN		0ull
#define PSW_MEDIA_INCOMPAT_KNOWN	0ull

/* psw_media_super.state */
#define PSW_MEDIA_STATE_CLEAN		1u	/* formatted, or detached in order */
#define PSW_MEDIA_STATE_ATTACHED	2u	/* in use, or cut off while in use */

/**
 * struct psw_media_super - superblock, one block, kept in two copies
 *
 * Updates go to the older copy, so one valid copy exists at every moment; the
 * valid copy with the higher @sequence is the superblock.
 *
 * @magic: PSW_MEDIA_MAGIC; the last bytes that formatting writes
 * @version: PSW_MEDIA_VERSION
 * @checksum: CRC-32C of the whole block, this field taken as zero
 * @sequence: one higher at each update, over both copies
 * @compat: feature bits that may be ignored
 * @incompat: feature bits that must be known
 * @uuid: names the region; also the uuid of its swap area
 * @label: names the region for people; padded with zeros
 * @state: PSW_MEDIA_STATE_*
 * @block_bytes: PSW_MEDIA_BLOCK_BYTES
 * @slot_bytes: PSW_MEDIA_SLOT_BYTES
 * @entry_bytes: sizeof(struct psw_media_entry)
 * @region_bytes: bytes from the primary superblock to the end of the secondary
 * @super_off: where the primary and the secondary superblock are, in bytes
 * @table_off: where the two copies of the slot table are, in bytes
 * @table_blocks: blocks in one copy
 * @bad_off: where the bad-slot list is, in bytes
 * @bad_blocks: blocks in it
 * @data_off: where slot 0 is, in bytes
 * @slots_nr: data slots
 * @table_seed: seeds every table and bad-list checksum, so that the remains of
 *	an older format never pass for this one's; survives a format that
 *	keeps the wear
 * @table_generation: generation of the last complete write of each table copy;
 *	0 is never
 * @attach_generation: how often the region was attached
 * @format_time: when it was formatted, in seconds since the epoch
 * @attach_time: when it was last attached, likewise
 * @checkpoint_time: when the table was last written, likewise
 * @slot_writes: page writes to slots over the life of the region, as of
 *	@checkpoint_time
 * @moved_writes: those of them made by wear levelling
 * @meta_bytes: bytes of metadata written over the life of the region
 * @lost_pages: pages lost to the medium over the life of the region
 * @prev_checkpoint_time: @checkpoint_time of the checkpoint before
 * @prev_slot_writes: @slot_writes of the checkpoint before
 */
struct psw_media_super {
	__u8	magic[PSW_MEDIA_MAGIC_BYTES];
	__le32	version;
	__le32	checksum;
	__le64	sequence;
	__le64	compat;
	__le64	incompat;
	__u8	uuid[PSW_MEDIA_UUID_BYTES];
	__u8	label[PSW_MEDIA_LABEL_BYTES];
	__le32	state;
	__le32	block_bytes;
	__le32	slot_bytes;
	__le32	entry_bytes;
	__le64	region_bytes;
	__le64	super_off[2];
	__le64	table_off[2];
	__le64	table_blocks;
	__le64	bad_off;
	__le64	bad_blocks;
	__le64	data_off;
	__le64	slots_nr;
	__le64	table_seed;
	__le64	table_generation[2];
	__le64	attach_generation;
	__le64	format_time;
	__le64	attach_time;
	__le64	checkpoint_time;
	__le64	slot_writes;
	__le64	moved_writes;
	__le64	meta_bytes;
	__le64	lost_pages;
	__le64	prev_checkpoint_time;
	__le64	prev_slot_writes;
	__u8	reserved[3816];
};

/* psw_media_entry.flags */
#define PSW_MEDIA_SLOT_USED	0x1u	/* held a page when the block was written */
#define PSW_MEDIA_SLOT_BAD	0x2u	/* retired for good */
#define PSW_MEDIA_SLOT_BUSY	0x4u	/* free, or written in this or the last round */
#define PSW_MEDIA_SLOT_LEAVING	0x8u	/* its page was about to be moved away */
#define PSW_MEDIA_SLOT_KNOWN	\
	(PSW_MEDIA_SLOT_USED | PSW_MEDIA_SLOT_BAD | PSW_MEDIA_SLOT_BUSY | \
	 PSW_MEDIA_SLOT_LEAVING)

/**
 * struct psw_media_entry - what the table says of one slot
 * @wear: how often the slot was written
 * @sum: checksum of the page in it, see psw_page_sum(); 0 without USED
 * @owner_page: page offset of the page in its swap area; 0 without USED
 * @owner_area: number of that swap area, see FORMAT.md; 0 without USED
 * @flags: PSW_MEDIA_SLOT_*
 */
struct psw_media_entry {
	__le32	wear;
	__le32	sum;
	__le32	owner_page;
	__le16	owner_area;
	__le16	flags;
};

#define PSW_MEDIA_ENTRIES_PER_BLOCK	252u

/* psw_media_entry.owner_area: the carrier of the region, or a swap type */
#define PSW_MEDIA_AREA_CARRIER		0xffffu

/**
 * struct psw_media_table_block - one block of one copy of the slot table
 *
 * Each block stands for itself: of its two copies the valid one with the
 * higher @generation counts.
 *
 * @checksum: CRC-32C of the block, this field taken as zero, seeded with
 *	psw_media_super.table_seed
 * @entries_nr: entries in use, PSW_MEDIA_ENTRIES_PER_BLOCK but for the last block
 * @index: number of this block in its copy
 * @generation: of the write that wrote it
 * @entry: of slots @index * PSW_MEDIA_ENTRIES_PER_BLOCK and on
 */
struct psw_media_table_block {
	__le32	checksum;
	__le32	entries_nr;
	__le64	index;
	__le64	generation;
	__u8	reserved[40];
	struct psw_media_entry entry[PSW_MEDIA_ENTRIES_PER_BLOCK];
};

/* psw_media_bad.reason */
#define PSW_MEDIA_BAD_UNREADABLE	1u	/* the read was cut short by the medium */
#define PSW_MEDIA_BAD_CHECKSUM		2u	/* read, but not what was written */
#define PSW_MEDIA_BAD_BADBLOCK		3u	/* in the bad-block list of the device */

/**
 * struct psw_media_bad - one entry of the bad-slot list
 *
 * The list is appended to as slots are retired and ends at the first entry of
 * zeros. Each entry stands for itself. A list that is full is not an error:
 * the slot table carries the mark as well, from its next write on.
 *
 * @slot: the slot
 * @reason: PSW_MEDIA_BAD_*
 * @checksum: CRC-32C of this entry, this field taken as zero, seeded with
 *	psw_media_super.table_seed
 */
struct psw_media_bad {
	__le64	slot;
	__le32	reason;
	__le32	checksum;
};

#define PSW_MEDIA_BAD_PER_BLOCK	(PSW_MEDIA_BLOCK_BYTES / 16u)

/* The compile-time proof of the above. */
#define psw_media_assert(type, field, at, bytes)			\
	_Static_assert(offsetof(struct type, field) == (at) &&		\
		       sizeof(((struct type *)0)->field) == (bytes),	\
		       #type "." #field)

psw_media_assert(psw_media_super, magic, 0, 16);
psw_media_assert(psw_media_super, version, 16, 4);
psw_media_assert(psw_media_super, checksum, 20, 4);
psw_media_assert(psw_media_super, sequence, 24, 8);
psw_media_assert(psw_media_super, compat, 32, 8);
psw_media_assert(psw_media_super, incompat, 40, 8);
psw_media_assert(psw_media_super, uuid, 48, 16);
psw_media_assert(psw_media_super, label, 64, 16);
psw_media_assert(psw_media_super, state, 80, 4);
psw_media_assert(psw_media_super, block_bytes, 84, 4);
psw_media_assert(psw_media_super, slot_bytes, 88, 4);
psw_media_assert(psw_media_super, entry_bytes, 92, 4);
psw_media_assert(psw_media_super, region_bytes, 96, 8);
psw_media_assert(psw_media_super, super_off, 104, 16);
psw_media_assert(psw_media_super, table_off, 120, 16);
psw_media_assert(psw_media_super, table_blocks, 136, 8);
psw_media_assert(psw_media_super, bad_off, 144, 8);
psw_media_assert(psw_media_super, bad_blocks, 152, 8);
psw_media_assert(psw_media_super, data_off, 160, 8);
psw_media_assert(psw_media_super, slots_nr, 168, 8);
psw_media_assert(psw_media_super, table_seed, 176, 8);
psw_media_assert(psw_media_super, table_generation, 184, 16);
psw_media_assert(psw_media_super, attach_generation, 200, 8);
psw_media_assert(psw_media_super, format_time, 208, 8);
psw_media_assert(psw_media_super, attach_time, 216, 8);
psw_media_assert(psw_media_super, checkpoint_time, 224, 8);
psw_media_assert(psw_media_super, slot_writes, 232, 8);
psw_media_assert(psw_media_super, moved_writes, 240, 8);
psw_media_assert(psw_media_super, meta_bytes, 248, 8);
psw_media_assert(psw_media_super, lost_pages, 256, 8);
psw_media_assert(psw_media_super, prev_checkpoint_time, 264, 8);
psw_media_assert(psw_media_super, prev_slot_writes, 272, 8);
psw_media_assert(psw_media_super, reserved, 280, 3816);
_Static_assert(sizeof(struct psw_media_super) == PSW_MEDIA_BLOCK_BYTES, "super");

psw_media_assert(psw_media_entry, wear, 0, 4);
psw_media_assert(psw_media_entry, sum, 4, 4);
psw_media_assert(psw_media_entry, owner_page, 8, 4);
psw_media_assert(psw_media_entry, owner_area, 12, 2);
psw_media_assert(psw_media_entry, flags, 14, 2);
_Static_assert(sizeof(struct psw_media_entry) == 16, "entry");

psw_media_assert(psw_media_table_block, checksum, 0, 4);
psw_media_assert(psw_media_table_block, entries_nr, 4, 4);
psw_media_assert(psw_media_table_block, index, 8, 8);
psw_media_assert(psw_media_table_block, generation, 16, 8);
psw_media_assert(psw_media_table_block, reserved, 24, 40);
psw_media_assert(psw_media_table_block, entry, 64, 4032);
_Static_assert(sizeof(struct psw_media_table_block) == PSW_MEDIA_BLOCK_BYTES, "table");

psw_media_assert(psw_media_bad, slot, 0, 8);
psw_media_assert(psw_media_bad, reason, 8, 4);
psw_media_assert(psw_media_bad, checksum, 12, 4);
_Static_assert(sizeof(struct psw_media_bad) == 16, "bad");

#endif /* PSW_LAYOUT_MEDIA_H */
