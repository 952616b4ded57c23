/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * pmemswap_layout.h - arithmetic and rules of the on-media format
 *
 * All functions work on bytes in memory. They do not touch the medium, do not
 * allocate and do not sleep, so they may be called in any context. Whatever was
 * read from a region passes one psw_*_check() before it is used, in the kernel
 * and in the tool.
 */
#ifndef PMEMSWAP_LAYOUT_H
#define PMEMSWAP_LAYOUT_H

#include "pmemswap_format.h"

#ifdef __KERNEL__
#include <linux/crc32c.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>
#else
#include <asm/byteorder.h>
#include <isa-l/crc.h>
#include <stdbool.h>
#include <string.h>
#endif

/* A smaller device has no room for slots behind metadata and alignment. */
#define PSW_REGION_BYTES_MIN	(8ull << 20)

/*
 * The index of the engine keeps a slot in 31 bits, so a region has at most this
 * many slots. The rest of a larger device is not used.
 */
#define PSW_SLOTS_NR_MAX	0x7ffffff0ull

/*
 * Sequence numbers and generations count up from 1. No region lives long enough
 * to reach this limit, so a higher number is damage. A number that was forged to the
 * limit stays there, and does not become damage.
 */
#define PSW_COUNTER_MAX		(1ull << 62)

/*
 * A block with a generation between this limit and PSW_COUNTER_MAX is accepted,
 * but the next generation does not continue from it. So forged blocks cannot
 * push the generations of a superblock beyond PSW_COUNTER_MAX.
 */
#define PSW_GENERATION_MAX	(PSW_COUNTER_MAX / 2)

/*
 * No slot has more wear than this many times the mean. The disk leaves out at least
 * one slot in 100, and a store goes to a least-worn free slot. So at least one slot
 * in 100 shares all stores, even if all other pages are cold.
 */
#define PSW_WEAR_SPREAD		128u

/* No medium endures so many writes of a slot; the wear can still grow as much. */
#define PSW_WEAR_MAX		(1u << 31)

/* The number after @value, of a sequence or a generation. */
static inline __u64 psw_counter_next(__u64 value)
{
	return value < PSW_COUNTER_MAX ? value + 1 : value;
}

/*
 * struct psw_geometry - where everything in a region is
 *
 * Version 1 has exactly one geometry for each region size. So a superblock with
 * another geometry is damaged, even if its checksum is right. The fields are those
 * of struct psw_media_super, in native byte order.
 */
struct psw_geometry {
	__u64 region_bytes;
	__u64 super_off[2];
	__u64 table_off[2];
	__u64 table_blocks;
	__u64 bad_off;
	__u64 bad_blocks;
	__u64 data_off;
	__u64 slots_nr;
};

/**
 * enum psw_super_status - what is wrong with a superblock
 * @PSW_SUPER_OK: nothing
 * @PSW_SUPER_FOREIGN: no magic; not a pmemswap region, or a wiped one
 * @PSW_SUPER_CHECKSUM: damaged, or unreadable
 * @PSW_SUPER_STALE: valid, but with another seed than the primary
 * @PSW_SUPER_GEOMETRY: sizes, counts, offsets, counters or state that are
 *	impossible, or a copy that is not where its own geometry puts it
 * @PSW_SUPER_OVERWRITTEN: our magic, but the rest is of something else
 * @PSW_SUPER_TRUNCATED: the device is smaller than the region
 * @PSW_SUPER_VERSION: of another format version
 * @PSW_SUPER_INCOMPAT: uses features that this code does not know
 *
 * If a region is refused, the greater status of its copies is the reason.
 */
enum psw_super_status {
	PSW_SUPER_OK,
	PSW_SUPER_FOREIGN,
	PSW_SUPER_CHECKSUM,
	PSW_SUPER_STALE,
	PSW_SUPER_GEOMETRY,
	PSW_SUPER_OVERWRITTEN,
	PSW_SUPER_TRUNCATED,
	PSW_SUPER_VERSION,
	PSW_SUPER_INCOMPAT,
};

/**
 * psw_super_status_text() - a status in words, for the end of a sentence
 * @status: the status
 */
static inline const char *psw_super_status_text(enum psw_super_status status)
{
	switch (status) {
	case PSW_SUPER_OK:
		return "valid";
	case PSW_SUPER_FOREIGN:
		return "not a pmemswap superblock (no magic)";
	case PSW_SUPER_CHECKSUM:
		return "damaged (wrong checksum)";
	case PSW_SUPER_STALE:
		return "of another format of the device (other seed)";
	case PSW_SUPER_GEOMETRY:
		return "describing an impossible geometry";
	case PSW_SUPER_OVERWRITTEN:
		return "overwritten by a partition table or a swap area";
	case PSW_SUPER_TRUNCATED:
		return "of a region larger than the device (truncated)";
	case PSW_SUPER_VERSION:
		return "of an unknown format version";
	case PSW_SUPER_INCOMPAT:
		return "using features unknown to this version";
	}
	return "in an unknown state";
}

/**
 * psw_crc32c() - CRC-32C as the format uses it: no final inversion
 * @seed: the checksum so far
 * @data: the bytes
 * @bytes: how many; below 2 GiB
 */
static inline __u32 psw_crc32c(__u32 seed, const void *data, size_t bytes)
{
#ifdef __KERNEL__
	return crc32c(seed, data, bytes);
#else
	return crc32_iscsi((unsigned char *)data, (int)bytes, seed);
#endif
}

/* CRC-32C of @bytes at @data with the four bytes at @hole taken as zero. */
static inline __u32 psw_crc32c_hole(__u32 seed, const void *data, size_t bytes,
				    size_t hole)
{
	static const __u8 zero[sizeof(__le32)];
	const __u8 *byte = data;
	__u32 crc;

	crc = psw_crc32c(seed, byte, hole);
	crc = psw_crc32c(crc, zero, sizeof(zero));
	return psw_crc32c(crc, byte + hole + sizeof(zero),
			  bytes - hole - sizeof(zero));
}

static inline __u32 psw_seed_crc(__u64 table_seed)
{
	__le64 seed = __cpu_to_le64(table_seed);

	return psw_crc32c(~0u, &seed, sizeof(seed));
}

static inline __u32 psw_super_checksum(const struct psw_media_super *super)
{
	return psw_crc32c_hole(~0u, super, sizeof(*super),
			       offsetof(struct psw_media_super, checksum));
}

static inline __u32
psw_table_block_checksum(const struct psw_media_table_block *block,
			 __u64 table_seed)
{
	return psw_crc32c_hole(psw_seed_crc(table_seed), block, sizeof(*block),
			       offsetof(struct psw_media_table_block, checksum));
}

static inline __u32 psw_bad_checksum(const struct psw_media_bad *bad,
				     __u64 table_seed)
{
	return psw_crc32c_hole(psw_seed_crc(table_seed), bad, sizeof(*bad),
			       offsetof(struct psw_media_bad, checksum));
}

static inline __u64 psw_align_up(__u64 value, __u64 align)
{
	return (value + align - 1) & ~(align - 1);
}

/* Room for one bad slot in 4096, and for 1024 at least. */
static inline __u64 psw_bad_blocks_for(__u64 slots_nr)
{
	return 4 + (slots_nr >> 12) / PSW_MEDIA_BAD_PER_BLOCK;
}

static inline __u64 psw_table_blocks_for(__u64 slots_nr)
{
	return (slots_nr + PSW_MEDIA_ENTRIES_PER_BLOCK - 1) /
	       PSW_MEDIA_ENTRIES_PER_BLOCK;
}

/* Where slot 0 is when the tables have room for @slots_nr. */
static inline __u64 psw_data_off_for(__u64 slots_nr)
{
	__u64 blocks = 1 + 2 * psw_table_blocks_for(slots_nr) +
		       psw_bad_blocks_for(slots_nr);

	return psw_align_up(blocks * PSW_MEDIA_BLOCK_BYTES, PSW_MEDIA_DATA_ALIGN);
}

/**
 * psw_geometry_init() - lay out a region
 * @geo: filled in
 * @device_bytes: size of the device; the region takes all whole blocks of it,
 *	as far as PSW_SLOTS_NR_MAX goes
 *
 * Return: false if the device is smaller than PSW_REGION_BYTES_MIN.
 */
static inline bool psw_geometry_init(struct psw_geometry *geo, __u64 device_bytes)
{
	__u64 slots_nr, data_off, region_bytes;

	if (device_bytes < PSW_REGION_BYTES_MIN)
		return false;

	region_bytes = device_bytes & ~(__u64)(PSW_MEDIA_BLOCK_BYTES - 1);
	slots_nr = region_bytes / PSW_MEDIA_SLOT_BYTES;
	if (slots_nr > PSW_SLOTS_NR_MAX)
		slots_nr = PSW_SLOTS_NR_MAX;

	/* Size the tables for the slots that would fit without any tables. */
	data_off = psw_data_off_for(slots_nr);
	slots_nr = (region_bytes - data_off - PSW_MEDIA_BLOCK_BYTES) /
		   PSW_MEDIA_SLOT_BYTES;
	if (slots_nr > PSW_SLOTS_NR_MAX)
		slots_nr = PSW_SLOTS_NR_MAX;
	region_bytes = data_off + slots_nr * PSW_MEDIA_SLOT_BYTES +
		       PSW_MEDIA_BLOCK_BYTES;

	memset(geo, 0, sizeof(*geo));
	geo->region_bytes = region_bytes;
	geo->slots_nr = slots_nr;
	geo->table_blocks = psw_table_blocks_for(slots_nr);
	geo->bad_blocks = psw_bad_blocks_for(slots_nr);
	geo->super_off[0] = 0;
	geo->super_off[1] = region_bytes - PSW_MEDIA_BLOCK_BYTES;
	geo->table_off[0] = PSW_MEDIA_BLOCK_BYTES;
	geo->table_off[1] = geo->table_off[0] +
			    geo->table_blocks * PSW_MEDIA_BLOCK_BYTES;
	geo->bad_off = geo->table_off[1] +
		       geo->table_blocks * PSW_MEDIA_BLOCK_BYTES;
	geo->data_off = data_off;
	return true;
}

/**
 * psw_geometry_to_super() - write a geometry into a superblock
 * @geo: the geometry
 * @super: the superblock
 */
static inline void psw_geometry_to_super(const struct psw_geometry *geo,
					 struct psw_media_super *super)
{
	super->block_bytes = __cpu_to_le32(PSW_MEDIA_BLOCK_BYTES);
	super->slot_bytes = __cpu_to_le32(PSW_MEDIA_SLOT_BYTES);
	super->entry_bytes = __cpu_to_le32(sizeof(struct psw_media_entry));
	super->region_bytes = __cpu_to_le64(geo->region_bytes);
	super->super_off[0] = __cpu_to_le64(geo->super_off[0]);
	super->super_off[1] = __cpu_to_le64(geo->super_off[1]);
	super->table_off[0] = __cpu_to_le64(geo->table_off[0]);
	super->table_off[1] = __cpu_to_le64(geo->table_off[1]);
	super->table_blocks = __cpu_to_le64(geo->table_blocks);
	super->bad_off = __cpu_to_le64(geo->bad_off);
	super->bad_blocks = __cpu_to_le64(geo->bad_blocks);
	super->data_off = __cpu_to_le64(geo->data_off);
	super->slots_nr = __cpu_to_le64(geo->slots_nr);
}

/* The geometry that a superblock claims, unchecked. */
static inline void psw_geometry_from_super(struct psw_geometry *geo,
					   const struct psw_media_super *super)
{
	memset(geo, 0, sizeof(*geo));
	geo->region_bytes = __le64_to_cpu(super->region_bytes);
	geo->super_off[0] = __le64_to_cpu(super->super_off[0]);
	geo->super_off[1] = __le64_to_cpu(super->super_off[1]);
	geo->table_off[0] = __le64_to_cpu(super->table_off[0]);
	geo->table_off[1] = __le64_to_cpu(super->table_off[1]);
	geo->table_blocks = __le64_to_cpu(super->table_blocks);
	geo->bad_off = __le64_to_cpu(super->bad_off);
	geo->bad_blocks = __le64_to_cpu(super->bad_blocks);
	geo->data_off = __le64_to_cpu(super->data_off);
	geo->slots_nr = __le64_to_cpu(super->slots_nr);
}

static inline bool psw_geometry_matches(const struct psw_geometry *geo,
					const struct psw_media_super *super)
{
	struct psw_geometry claimed;

	psw_geometry_from_super(&claimed, super);
	return !memcmp(&claimed, geo, sizeof(claimed)) &&
	       __le32_to_cpu(super->block_bytes) == PSW_MEDIA_BLOCK_BYTES &&
	       __le32_to_cpu(super->slot_bytes) == PSW_MEDIA_SLOT_BYTES &&
	       __le32_to_cpu(super->entry_bytes) ==
		       sizeof(struct psw_media_entry);
}

/**
 * psw_super_seal() - put the checksum into a superblock that is otherwise done
 * @super: the superblock
 */
static inline void psw_super_seal(struct psw_media_super *super)
{
	super->checksum = __cpu_to_le32(psw_super_checksum(super));
}

/**
 * psw_super_has_magic() - whether a block begins with the magic
 * @super: the block
 */
static inline bool psw_super_has_magic(const struct psw_media_super *super)
{
	return !memcmp(super->magic, PSW_MEDIA_MAGIC, PSW_MEDIA_MAGIC_BYTES);
}

/*
 * Whether something else was written over a superblock, but not over its magic. A
 * partition table begins at byte 440, and some mkswap write from byte 1024 on. Their
 * signatures are where a valid superblock has zeros.
 */
static inline bool psw_super_is_overwritten(const struct psw_media_super *super)
{
	static const __u8 table[] = { 0x55, 0xaa };
	static const __u8 swap[] = "SWAPSPACE2";
	const __u8 *byte = (const __u8 *)super;

	return !memcmp(byte + 510, table, 2) || !memcmp(byte + 4086, swap, 10);
}

/**
 * psw_super_check() - decide whether a superblock is valid
 * @super: the block as it was read
 * @copy: which copy was looked for: 0 is the primary, 1 the secondary
 * @off: where it was read, in bytes
 * @device_bytes: size of the device it was read from
 * @geo: filled in when the answer is PSW_SUPER_OK
 *
 * The checksum is verified before any field behind the magic is used, version
 * and features before any size.
 *
 * Return: PSW_SUPER_OK, or what is wrong.
 */
static inline enum psw_super_status
psw_super_check(const struct psw_media_super *super, int copy, __u64 off,
		__u64 device_bytes, struct psw_geometry *geo)
{
	__u32 state = __le32_to_cpu(super->state);

	if (!psw_super_has_magic(super))
		return PSW_SUPER_FOREIGN;
	if (__le32_to_cpu(super->checksum) != psw_super_checksum(super))
		return psw_super_is_overwritten(super) ? PSW_SUPER_OVERWRITTEN :
							 PSW_SUPER_CHECKSUM;
	if (__le32_to_cpu(super->version) != PSW_MEDIA_VERSION)
		return PSW_SUPER_VERSION;
	if (__le64_to_cpu(super->incompat) & ~PSW_MEDIA_INCOMPAT_KNOWN)
		return PSW_SUPER_INCOMPAT;
	if (__le64_to_cpu(super->region_bytes) > device_bytes)
		return PSW_SUPER_TRUNCATED;
	if (!psw_geometry_init(geo, __le64_to_cpu(super->region_bytes)) ||
	    !psw_geometry_matches(geo, super) || geo->super_off[copy] != off)
		return PSW_SUPER_GEOMETRY;
	if (state != PSW_MEDIA_STATE_CLEAN && state != PSW_MEDIA_STATE_ATTACHED)
		return PSW_SUPER_GEOMETRY;
	if (__le64_to_cpu(super->sequence) > PSW_COUNTER_MAX ||
	    __le64_to_cpu(super->table_generation[0]) > PSW_COUNTER_MAX ||
	    __le64_to_cpu(super->table_generation[1]) > PSW_COUNTER_MAX)
		return PSW_SUPER_GEOMETRY;
	return PSW_SUPER_OK;
}

/**
 * psw_super_secondary_off() - where to look for the secondary superblock
 * @primary: the geometry of a valid primary, or NULL if there is none
 * @device_bytes: size of the device
 *
 * Without a valid primary the answer is right unless the device has changed its
 * size since it was formatted.
 *
 * Return: its offset in bytes, or 0 if the device is too small for a region.
 */
static inline __u64 psw_super_secondary_off(const struct psw_geometry *primary,
					    __u64 device_bytes)
{
	struct psw_geometry geo;

	if (primary)
		return primary->super_off[1];
	return psw_geometry_init(&geo, device_bytes) ? geo.super_off[1] : 0;
}

/*
 * Whether a format was interrupted while it wrote the magic of this primary: each
 * half of the magic is zeros or right, and all else is as it was sealed.
 */
static inline bool psw_super_lacks_magic(const struct psw_media_super *super,
					 __le64 table_seed)
{
	const size_t behind = PSW_MEDIA_MAGIC_BYTES;
	const size_t half = PSW_MEDIA_MAGIC_BYTES / 2;
	static const __u8 zero[PSW_MEDIA_MAGIC_BYTES / 2];
	const __u8 *byte = (const __u8 *)super;
	__u32 crc;
	int i;

	for (i = 0; i < 2; i++)
		if (memcmp(byte + i * half, zero, half) &&
		    memcmp(byte + i * half, &PSW_MEDIA_MAGIC[i * half], half))
			return false;
	crc = psw_crc32c(~0u, PSW_MEDIA_MAGIC, behind);
	crc = psw_crc32c_hole(crc, byte + behind, sizeof(*super) - behind,
			      offsetof(struct psw_media_super, checksum) - behind);
	return super->checksum == __cpu_to_le32(crc) &&
	       super->table_seed == table_seed;
}

/* Whether the secondary is current although this primary is not valid. */
static inline bool psw_super_secondary_serves(enum psw_super_status status,
					      const struct psw_media_super *primary,
					      const struct psw_media_super *secondary)
{
	if (status == PSW_SUPER_FOREIGN)
		return psw_super_lacks_magic(primary, secondary->table_seed);
	return status == PSW_SUPER_CHECKSUM;
}

/* Whether the secondary is the later update. Each update adds to meta_bytes. */
static inline bool psw_super_secondary_is_newer(const struct psw_media_super *primary,
						const struct psw_media_super *secondary)
{
	if (secondary->sequence != primary->sequence)
		return __le64_to_cpu(secondary->sequence) >
		       __le64_to_cpu(primary->sequence);
	return __le64_to_cpu(secondary->meta_bytes) >
	       __le64_to_cpu(primary->meta_bytes);
}

/**
 * psw_super_choose() - find the current copy
 * @status: of each copy; an unreadable one is PSW_SUPER_CHECKSUM. A secondary with
 *	another seed than the primary becomes PSW_SUPER_STALE.
 * @super: each copy
 *
 * A valid secondary alone is no region: something else may have been written to
 * the device since. So the primary must look as damage or a power loss leaves it.
 *
 * Return: 0 or 1, or -1 if the region must be refused.
 */
static inline int psw_super_choose(enum psw_super_status status[2],
				   const struct psw_media_super *const super[2])
{
	if (status[0] >= PSW_SUPER_VERSION || status[1] >= PSW_SUPER_VERSION)
		return -1;
	if (status[0] != PSW_SUPER_OK)
		return status[1] == PSW_SUPER_OK &&
		       psw_super_secondary_serves(status[0], super[0], super[1]) ?
		       1 : -1;
	if (status[1] != PSW_SUPER_OK)
		return 0;
	if (super[1]->table_seed != super[0]->table_seed) {
		status[1] = PSW_SUPER_STALE;
		return 0;
	}
	return psw_super_secondary_is_newer(super[0], super[1]);
}

/**
 * psw_super_refusal() - why psw_super_choose() refused a region
 * @status: of each copy
 *
 * Return: the status that is the reason.
 */
static inline enum psw_super_status
psw_super_refusal(const enum psw_super_status status[2])
{
	if (status[0] == PSW_SUPER_FOREIGN && status[1] == PSW_SUPER_OK)
		return PSW_SUPER_OVERWRITTEN;
	return status[0] > status[1] ? status[0] : status[1];
}

/**
 * psw_super_advice() - what to do about a region that was refused
 * @refusal: from psw_super_refusal()
 */
static inline const char *psw_super_advice(enum psw_super_status refusal)
{
	switch (refusal) {
	case PSW_SUPER_INCOMPAT:
	case PSW_SUPER_VERSION:
		return "use the version of pmemswap that formatted it, or format it anew";
	case PSW_SUPER_TRUNCATED:
		return "give the device its size back, or format it anew";
	case PSW_SUPER_OVERWRITTEN:
		return "something else was written over the region, of which only the secondary superblock is left; pmemswap-fmt wipe removes that";
	case PSW_SUPER_FOREIGN:
		return "no pmemswap region is here; see pmemswap-fmt list, format one with pmemswap-fmt format";
	default:
		return "only a new format helps; see pmemswap-fmt format";
	}
}

/* Where a slot is on the medium, in bytes. */
static inline __u64 psw_slot_off(const struct psw_geometry *geo, __u64 slot)
{
	return geo->data_off + slot * PSW_MEDIA_SLOT_BYTES;
}

/* Where a block of one copy of the table is on the medium, in bytes. */
static inline __u64 psw_table_block_off(const struct psw_geometry *geo, int copy,
					__u64 index)
{
	return geo->table_off[copy] + index * PSW_MEDIA_BLOCK_BYTES;
}

/* How many entries block @index of the table has. */
static inline __u32 psw_table_entries_nr(__u64 slots_nr, __u64 index)
{
	__u64 left = slots_nr - index * PSW_MEDIA_ENTRIES_PER_BLOCK;

	return left < PSW_MEDIA_ENTRIES_PER_BLOCK ?
	       (__u32)left : PSW_MEDIA_ENTRIES_PER_BLOCK;
}

/* Whether a copy of the table was ever written as a whole. */
static inline bool psw_table_was_written(const struct psw_media_super *super,
					 int copy)
{
	return super->table_generation[copy] != 0;
}

/* Whether no copy was. Then the next write of the table writes both. */
static inline bool psw_table_is_new(const struct psw_media_super *super)
{
	return !psw_table_was_written(super, 0) && !psw_table_was_written(super, 1);
}

/* The copy of the table that the last checkpoint wrote. */
static inline int psw_table_current_copy(const struct psw_media_super *super)
{
	return __le64_to_cpu(super->table_generation[1]) >=
	       __le64_to_cpu(super->table_generation[0]);
}

/* The copy of the table that the next checkpoint writes. */
static inline int psw_table_next_copy(const struct psw_media_super *super)
{
	return !psw_table_current_copy(super);
}

/* The generation to continue from after a block of @generation was read. */
static inline __u64 psw_table_newest_generation(__u64 newest, __u64 generation)
{
	return generation > newest && generation <= PSW_GENERATION_MAX ?
	       generation : newest;
}

/**
 * psw_table_next_generation() - the generation that the next checkpoint writes
 * @super: the current superblock
 * @newest: psw_table_newest_generation() over all valid blocks
 *
 * Return: a generation above that of any valid block, forged ones left out; or
 *	PSW_COUNTER_MAX again, if the superblock was forged to have that.
 */
static inline __u64
psw_table_next_generation(const struct psw_media_super *super, __u64 newest)
{
	int current_copy = psw_table_current_copy(super);
	__u64 generation = __le64_to_cpu(super->table_generation[current_copy]);

	return psw_counter_next(generation > newest ? generation : newest);
}

/**
 * psw_table_first_block() - the block that the sweeps of an attachment begin with
 * @table_blocks: blocks in one copy of the table
 * @attach_generation: how often the region was attached before
 *
 * Each attachment begins with another block. So every block is written in its
 * turn even if each attachment ends early in an unclean shutdown. The factor is
 * 2^64 divided by the square of the golden ratio (Fibonacci hashing: Knuth, TAOCP
 * volume 3, section 6.4).
 *
 * Return: the number of the block.
 */
static inline __u64 psw_table_first_block(__u64 table_blocks,
					  __u64 attach_generation)
{
	return (attach_generation * 0x61C8864680B583EBull >> 32) % table_blocks;
}

/**
 * psw_table_block_seal() - fill in the head of a block whose entries are done
 * @block: the block
 * @geo: the geometry of the region
 * @table_seed: of the superblock
 * @index: number of the block in its copy
 * @generation: of this write of the table; never 0
 */
static inline void
psw_table_block_seal(struct psw_media_table_block *block,
		     const struct psw_geometry *geo, __u64 table_seed,
		     __u64 index, __u64 generation)
{
	block->entries_nr =
		__cpu_to_le32(psw_table_entries_nr(geo->slots_nr, index));
	block->index = __cpu_to_le64(index);
	block->generation = __cpu_to_le64(generation);
	memset(block->reserved, 0, sizeof(block->reserved));
	block->checksum =
		__cpu_to_le32(psw_table_block_checksum(block, table_seed));
}

/**
 * psw_table_block_check() - decide whether a table block is valid
 * @block: the block as it was read
 * @geo: the geometry of the region
 * @table_seed: of the superblock
 * @index: where it was read, in blocks from the start of its copy
 *
 * Return: true if it is what a write of this table left there.
 */
static inline bool
psw_table_block_check(const struct psw_media_table_block *block,
		      const struct psw_geometry *geo, __u64 table_seed,
		      __u64 index)
{
	return __le32_to_cpu(block->checksum) ==
		       psw_table_block_checksum(block, table_seed) &&
	       __le64_to_cpu(block->index) == index &&
	       __le64_to_cpu(block->generation) != 0 &&
	       __le64_to_cpu(block->generation) <= PSW_COUNTER_MAX &&
	       __le32_to_cpu(block->entries_nr) ==
		       psw_table_entries_nr(geo->slots_nr, index);
}

/* More page writes than slots can take: each counts up to 2^32. */
static inline __u64 psw_slot_writes_max(__u64 slots_nr)
{
	return slots_nr << 32;
}

/**
 * psw_table_block_slot_writes() - page writes to the region when a block was written
 * @block: a valid block
 * @geo: the geometry of the region
 *
 * Return: the number; 0 if the block does not record it, or records an impossible one.
 */
static inline __u64
psw_table_block_slot_writes(const struct psw_media_table_block *block,
			    const struct psw_geometry *geo)
{
	__u64 writes = __le64_to_cpu(block->slot_writes);

	return writes < psw_slot_writes_max(geo->slots_nr) ? writes : 0;
}

/**
 * psw_wear_limit() - the most wear that a slot can have
 * @super: the current superblock
 * @geo: the geometry of the region
 *
 * The superblock knows all slot writes but those since the last checkpoint of each
 * attachment, which are a round at most.
 *
 * Return: the limit, in page writes.
 */
static inline __u32 psw_wear_limit(const struct psw_media_super *super,
				   const struct psw_geometry *geo)
{
	__u64 recorded = __le64_to_cpu(super->slot_writes) / geo->slots_nr;
	__u64 lost = __le64_to_cpu(super->attach_generation);
	const __u64 most = PSW_WEAR_MAX / PSW_WEAR_SPREAD;

	if (recorded >= most || lost >= most || recorded + lost + 1 >= most)
		return PSW_WEAR_MAX;
	return (__u32)(recorded + lost + 1) * PSW_WEAR_SPREAD;
}

/**
 * psw_entry_wear() - the wear of a slot
 * @entry: of the slot, in a valid block
 * @limit: psw_wear_limit()
 *
 * A forged wear would mislead wear levelling for the rest of the life of the region.
 *
 * Return: page writes, at most @limit.
 */
static inline __u32 psw_entry_wear(const struct psw_media_entry *entry, __u32 limit)
{
	__u32 wear = __le32_to_cpu(entry->wear);

	return wear < limit ? wear : limit;
}

/**
 * enum psw_table_source - where the entries of a table block come from
 * @PSW_TABLE_LOST: nowhere: it was written once and no copy is valid
 * @PSW_TABLE_UNWRITTEN: nowhere: it was never written, so its entries are zero
 * @PSW_TABLE_COPY_0: from copy 0
 * @PSW_TABLE_COPY_1: from copy 1
 */
enum psw_table_source {
	PSW_TABLE_LOST = -2,
	PSW_TABLE_UNWRITTEN = -1,
	PSW_TABLE_COPY_0 = 0,
	PSW_TABLE_COPY_1 = 1,
};

/**
 * psw_table_block_choose() - find the current copy of a table block
 * @super: the current superblock
 * @valid: psw_table_block_check() of each copy
 * @block: each copy
 *
 * Return: the copy, or why there is none.
 */
static inline enum psw_table_source
psw_table_block_choose(const struct psw_media_super *super, const bool valid[2],
		       const struct psw_media_table_block *const block[2])
{
	if (valid[0] && valid[1])
		return __le64_to_cpu(block[1]->generation) >
		       __le64_to_cpu(block[0]->generation) ?
		       PSW_TABLE_COPY_1 : PSW_TABLE_COPY_0;
	if (valid[0])
		return PSW_TABLE_COPY_0;
	if (valid[1])
		return PSW_TABLE_COPY_1;
	return psw_table_is_new(super) ? PSW_TABLE_UNWRITTEN : PSW_TABLE_LOST;
}

/**
 * psw_bad_seal() - fill in the checksum of a bad-slot entry
 * @bad: the entry
 * @table_seed: of the superblock
 */
static inline void psw_bad_seal(struct psw_media_bad *bad, __u64 table_seed)
{
	bad->checksum = __cpu_to_le32(psw_bad_checksum(bad, table_seed));
}

/**
 * psw_bad_check() - decide whether a bad-slot entry is valid
 * @bad: the entry as it was read
 * @geo: the geometry of the region
 * @table_seed: of the superblock
 *
 * Return: true if it names a slot of this region.
 */
static inline bool psw_bad_check(const struct psw_media_bad *bad,
				 const struct psw_geometry *geo,
				 __u64 table_seed)
{
	return __le32_to_cpu(bad->checksum) == psw_bad_checksum(bad, table_seed) &&
	       __le64_to_cpu(bad->slot) < geo->slots_nr;
}

/* Whether an entry is zeros. The bad-slot list ends with its last other entry. */
static inline bool psw_bad_is_empty(const struct psw_media_bad *bad)
{
	return !bad->slot && !bad->reason && !bad->checksum;
}

#endif /* PMEMSWAP_LAYOUT_H */
