/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * pmemswap_format.h - the structures of a pmemswap region on the medium, version 1
 *
 * FORMAT.md explains the format, pmemswap_layout.h computes and checks it. The
 * kernel module, pmemswap-fmt and the tests include this header unchanged.
 *
 * All integers are little endian. All structs are naturally aligned and have no
 * padding. A writer zeroes a struct before it fills it in. Offsets and sizes are
 * in bytes unless the field says otherwise, times in seconds since the epoch.
 */
#ifndef PMEMSWAP_FORMAT_H
#define PMEMSWAP_FORMAT_H

#ifdef __KERNEL__
#include <linux/types.h>
#include <linux/stddef.h>
#else
#include <linux/types.h>
#include <stddef.h>
#endif

#define PSW_MEDIA_VERSION	1

/* "PMEMSWAP", then bytes that text-mode transfers damage. */
#define PSW_MEDIA_MAGIC		"PMEMSWAP\r\n\x1a\n\0\x89\xfeP"
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
#define PSW_MEDIA_STATE_CLEAN		1u	/* formatted or detached */
#define PSW_MEDIA_STATE_ATTACHED	2u	/* in use, or its shutdown was unclean */

/*
 * struct psw_media_super - superblock: one block, kept in two copies
 *
 * An update writes the copy that is not current, so one valid copy exists at
 * every moment. The valid copy with the higher sequence is the current one.
 */
struct psw_media_super {
	__u8	magic[PSW_MEDIA_MAGIC_BYTES];	/* formatting writes it last */
	__le32	version;		/* PSW_MEDIA_VERSION */
	__le32	checksum;		/* CRC-32C of the block; this field counts as zero */
	__le64	sequence;		/* grows by one with each update, over both copies */
	__le64	compat;			/* feature bits that may be ignored */
	__le64	incompat;		/* feature bits that must be known */
	__u8	uuid[PSW_MEDIA_UUID_BYTES];	/* of the region and of its swap area */
	__u8	label[PSW_MEDIA_LABEL_BYTES];	/* padded with zeros */
	__le32	state;			/* PSW_MEDIA_STATE_* */
	__le32	block_bytes;		/* PSW_MEDIA_BLOCK_BYTES */
	__le32	slot_bytes;		/* PSW_MEDIA_SLOT_BYTES */
	__le32	entry_bytes;		/* sizeof(struct psw_media_entry) */
	__le64	region_bytes;		/* from the primary to the end of the secondary */
	__le64	super_off[2];		/* of the primary and of the secondary */
	__le64	table_off[2];		/* of each copy of the slot table */
	__le64	table_blocks;		/* blocks in one copy */
	__le64	bad_off;		/* of the bad-slot list */
	__le64	bad_blocks;		/* blocks in the list */
	__le64	data_off;		/* of slot 0 */
	__le64	slots_nr;		/* number of slots */
	__le64	table_seed;		/* begins the checksums of table and bad-slot list */
	__le64	table_generation[2];	/* of the last complete write of each copy; 0: none */
	__le64	attach_generation;	/* how often the region was attached */
	__le64	format_time;
	__le64	attach_time;		/* of the last attach; 0: none */
	__le64	checkpoint_time;	/* of the last checkpoint; 0: none */
	__le64	slot_writes;		/* page writes to slots, over the life of the region */
	__le64	moved_writes;		/* those made by wear levelling */
	__le64	meta_bytes;		/* metadata written, over the life of the region */
	__le64	lost_pages;		/* pages that the medium lost, over the life */
	__le64	prev_checkpoint_time;	/* checkpoint_time of the checkpoint before */
	__le64	prev_slot_writes;	/* slot_writes of the checkpoint before */
	__u8	reserved[3816];		/* zero */
};

/* psw_media_entry.flags */
#define PSW_MEDIA_SLOT_USED	0x1u	/* held a page when the block was written */
#define PSW_MEDIA_SLOT_BAD	0x2u	/* retired for good */
#define PSW_MEDIA_SLOT_BUSY	0x4u	/* free, or written in this or the last round */
#define PSW_MEDIA_SLOT_LEAVING	0x8u	/* its page was about to be moved away */
#define PSW_MEDIA_SLOT_KNOWN	\
	(PSW_MEDIA_SLOT_USED | PSW_MEDIA_SLOT_BAD | PSW_MEDIA_SLOT_BUSY | \
	 PSW_MEDIA_SLOT_LEAVING)

/* psw_media_entry.owner_area: the disk of the region; any other is a swap type */
#define PSW_MEDIA_AREA_DISK	0xffffu

/*
 * struct psw_media_entry - one slot in the slot table
 *
 * Checksum and owner are zero unless the slot is used.
 */
struct psw_media_entry {
	__le32	wear;			/* page writes that the slot has taken */
	__le32	sum;			/* checksum of the page in it, FORMAT.md 4.5 */
	__le32	owner_page;		/* offset of the page in its swap area, in pages */
	__le16	owner_area;		/* number of the swap area */
	__le16	flags;			/* PSW_MEDIA_SLOT_* */
};

#define PSW_MEDIA_ENTRIES_PER_BLOCK	252u

/*
 * struct psw_media_table_block - one block of one copy of the slot table
 *
 * Each block is checked by itself. Of its two copies the valid one with the
 * higher generation is current.
 */
struct psw_media_table_block {
	__le32	checksum;		/* CRC-32C of the seed, then of the block */
	__le32	entries_nr;		/* entries in use; fewer only in the last block */
	__le64	index;			/* number of the block in its copy */
	__le64	generation;		/* of the checkpoint that wrote it; never 0 */
	__le64	slot_writes;		/* of the region at that time; 0: not recorded */
	__u8	reserved[32];		/* zero */
	struct psw_media_entry entry[PSW_MEDIA_ENTRIES_PER_BLOCK];
};

/* psw_media_bad.reason */
#define PSW_MEDIA_BAD_UNREADABLE	1u	/* the medium cut the read short */
#define PSW_MEDIA_BAD_CHECKSUM		2u	/* read, but not what was written */
#define PSW_MEDIA_BAD_BADBLOCK		3u	/* in the bad-block list of the device */

/*
 * struct psw_media_bad - one entry of the bad-slot list
 *
 * The list grows as slots are retired and ends at the first entry of zeros. Each
 * entry is checked by itself. A full list is no error: the next write of the slot
 * table marks the slot too.
 */
struct psw_media_bad {
	__le64	slot;			/* number of the slot */
	__le32	reason;			/* PSW_MEDIA_BAD_* */
	__le32	checksum;		/* CRC-32C of the seed, then of the entry */
};

#define PSW_MEDIA_BAD_PER_BLOCK	(PSW_MEDIA_BLOCK_BYTES / 16u)

/*
 * Every field with its offset and size. FIELD(struct, field, offset, size) is
 * expanded here into compile-time checks, and by a test that reads FORMAT.md.
 */
#define PSW_MEDIA_FIELDS(FIELD) \
	FIELD(psw_media_super, magic, 0, 16) \
	FIELD(psw_media_super, version, 16, 4) \
	FIELD(psw_media_super, checksum, 20, 4) \
	FIELD(psw_media_super, sequence, 24, 8) \
	FIELD(psw_media_super, compat, 32, 8) \
	FIELD(psw_media_super, incompat, 40, 8) \
	FIELD(psw_media_super, uuid, 48, 16) \
	FIELD(psw_media_super, label, 64, 16) \
	FIELD(psw_media_super, state, 80, 4) \
	FIELD(psw_media_super, block_bytes, 84, 4) \
	FIELD(psw_media_super, slot_bytes, 88, 4) \
	FIELD(psw_media_super, entry_bytes, 92, 4) \
	FIELD(psw_media_super, region_bytes, 96, 8) \
	FIELD(psw_media_super, super_off, 104, 16) \
	FIELD(psw_media_super, table_off, 120, 16) \
	FIELD(psw_media_super, table_blocks, 136, 8) \
	FIELD(psw_media_super, bad_off, 144, 8) \
	FIELD(psw_media_super, bad_blocks, 152, 8) \
	FIELD(psw_media_super, data_off, 160, 8) \
	FIELD(psw_media_super, slots_nr, 168, 8) \
	FIELD(psw_media_super, table_seed, 176, 8) \
	FIELD(psw_media_super, table_generation, 184, 16) \
	FIELD(psw_media_super, attach_generation, 200, 8) \
	FIELD(psw_media_super, format_time, 208, 8) \
	FIELD(psw_media_super, attach_time, 216, 8) \
	FIELD(psw_media_super, checkpoint_time, 224, 8) \
	FIELD(psw_media_super, slot_writes, 232, 8) \
	FIELD(psw_media_super, moved_writes, 240, 8) \
	FIELD(psw_media_super, meta_bytes, 248, 8) \
	FIELD(psw_media_super, lost_pages, 256, 8) \
	FIELD(psw_media_super, prev_checkpoint_time, 264, 8) \
	FIELD(psw_media_super, prev_slot_writes, 272, 8) \
	FIELD(psw_media_super, reserved, 280, 3816) \
	FIELD(psw_media_table_block, checksum, 0, 4) \
	FIELD(psw_media_table_block, entries_nr, 4, 4) \
	FIELD(psw_media_table_block, index, 8, 8) \
	FIELD(psw_media_table_block, generation, 16, 8) \
	FIELD(psw_media_table_block, slot_writes, 24, 8) \
	FIELD(psw_media_table_block, reserved, 32, 32) \
	FIELD(psw_media_table_block, entry, 64, 4032) \
	FIELD(psw_media_entry, wear, 0, 4) \
	FIELD(psw_media_entry, sum, 4, 4) \
	FIELD(psw_media_entry, owner_page, 8, 4) \
	FIELD(psw_media_entry, owner_area, 12, 2) \
	FIELD(psw_media_entry, flags, 14, 2) \
	FIELD(psw_media_bad, slot, 0, 8) \
	FIELD(psw_media_bad, reason, 8, 4) \
	FIELD(psw_media_bad, checksum, 12, 4)

#define PSW_MEDIA_ASSERT_FIELD(type, field, at, bytes)			\
	_Static_assert(offsetof(struct type, field) == (at) &&		\
		       sizeof(((struct type *)0)->field) == (bytes),	\
		       #type "." #field);

PSW_MEDIA_FIELDS(PSW_MEDIA_ASSERT_FIELD)

_Static_assert(sizeof(PSW_MEDIA_MAGIC) - 1 == PSW_MEDIA_MAGIC_BYTES, "magic");
_Static_assert(sizeof(struct psw_media_super) == PSW_MEDIA_BLOCK_BYTES, "super");
_Static_assert(sizeof(struct psw_media_entry) == 16, "entry");
_Static_assert(sizeof(struct psw_media_table_block) == PSW_MEDIA_BLOCK_BYTES, "table");
_Static_assert(sizeof(struct psw_media_bad) == 16, "bad");

#endif /* PMEMSWAP_FORMAT_H */
