// SPDX-License-Identifier: GPL-2.0
/*
 * poke.c - write wanted and unwanted metadata into an image, checksums and all
 *
 *	poke IMAGE where NAME
 *	poke IMAGE super COPY FIELD VALUE
 *	poke IMAGE table COPY GENERATION WEAR [FLAGS]
 *	poke IMAGE block COPY BLOCK GENERATION WEAR
 *	poke IMAGE entry COPY SLOT WEAR FLAGS AREA PAGE SUM
 *	poke IMAGE bad INDEX SLOT REASON
 *
 * "super" sets a field and seals the superblock again; "table" does what a
 * checkpoint does with one copy, the superblocks included. The image must have
 * a valid primary superblock, but for "super", which takes what it finds.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pmemswap_layout.h"

struct field {
	const char *type;
	const char *name;
	size_t off;
	size_t bytes;
};

#define FIELD(type, name, off, bytes) { #type, #name, off, bytes },

static const struct field fields[] = { PSW_MEDIA_FIELDS(FIELD) };

static int fd;
static __u64 image_bytes;
static struct psw_media_super primary;
static struct psw_geometry geo;

static void read_at(__u64 off, void *buffer, size_t bytes)
{
	if (pread(fd, buffer, bytes, (off_t)off) != (ssize_t)bytes)
		err(1, "read at %llu", off);
}

static void write_at(__u64 off, const void *buffer, size_t bytes)
{
	if (pwrite(fd, buffer, bytes, (off_t)off) != (ssize_t)bytes)
		err(1, "write at %llu", off);
}

static __u64 number(const char *text)
{
	char *end;
	__u64 value = strtoull(text, &end, 0);

	if (!*text || *end)
		errx(1, "'%s' is not a number", text);
	return value;
}

static int copy_number(const char *text)
{
	__u64 value = number(text);

	if (value > 1)
		errx(1, "there is no copy %s", text);
	return (int)value;
}

/*
 * A field of the superblock with a number in it. The elements of an array of two
 * are called NAME0 and NAME1.
 */
static struct field find_field(const char *name)
{
	size_t bytes = strlen(name);
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct field field = fields[i];

		if (strcmp(field.type, "psw_media_super"))
			continue;
		if (field.bytes <= 8 && !strcmp(field.name, name))
			return field;
		if (field.bytes == 16 && bytes == strlen(field.name) + 1 &&
		    !strncmp(field.name, name, bytes - 1) &&
		    (name[bytes - 1] == '0' || name[bytes - 1] == '1')) {
			field.bytes = 8;
			field.off += name[bytes - 1] == '1' ? 8 : 0;
			return field;
		}
	}
	errx(1, "no field '%s'", name);
}

static void set_field(struct psw_media_super *super, const char *name, __u64 value)
{
	struct field field = find_field(name);
	__le64 wide = __cpu_to_le64(value);
	__le32 narrow = __cpu_to_le32((__u32)value);

	memcpy((__u8 *)super + field.off,
	       field.bytes == 8 ? (void *)&wide : (void *)&narrow, field.bytes);
}

static void poke_super(int copy, const char *name, __u64 value)
{
	__u64 off = copy ? psw_super_secondary_off(NULL, image_bytes) : 0;
	struct psw_media_super super;

	read_at(off, &super, sizeof(super));
	set_field(&super, name, value);
	psw_super_seal(&super);
	write_at(off, &super, sizeof(super));
}

static void print_where(const char *name)
{
	struct field field = find_field(name);
	__le64 value = 0;

	memcpy(&value, (__u8 *)&primary + field.off, field.bytes);
	printf("%llu\n", __le64_to_cpu(value));
}

static __u64 block_off(int copy, __u64 block)
{
	return psw_table_block_off(&geo, copy, block);
}

static void seal_block(struct psw_media_table_block *media, int copy, __u64 block,
		       __u64 generation)
{
	psw_table_block_seal(media, &geo, __le64_to_cpu(primary.table_seed), block,
			     generation);
	write_at(block_off(copy, block), media, sizeof(*media));
}

static void poke_block(int copy, __u64 block, __u64 generation, __u32 wear, __u16 flags)
{
	struct psw_media_table_block media = { 0 };
	__u32 i;

	for (i = 0; i < psw_table_entries_nr(geo.slots_nr, block); i++) {
		media.entry[i].wear = __cpu_to_le32(wear);
		media.entry[i].flags = __cpu_to_le16(flags);
	}
	seal_block(&media, copy, block, generation);
}

static void poke_table(int copy, __u64 generation, __u32 wear, __u16 flags)
{
	const char *field = copy ? "table_generation1" : "table_generation0";
	__u64 block;

	for (block = 0; block < geo.table_blocks; block++)
		poke_block(copy, block, generation, wear, flags);
	poke_super(0, field, generation);
	poke_super(1, field, generation);
	poke_super(0, "slot_writes", geo.slots_nr * wear);
	poke_super(1, "slot_writes", geo.slots_nr * wear);
}

static void poke_entry(int copy, __u64 slot, char **value)
{
	struct psw_media_table_block media;
	struct psw_media_entry *entry;

	read_at(block_off(copy, slot / PSW_MEDIA_ENTRIES_PER_BLOCK), &media, sizeof(media));
	entry = &media.entry[slot % PSW_MEDIA_ENTRIES_PER_BLOCK];
	entry->wear = __cpu_to_le32((__u32)number(value[0]));
	entry->flags = __cpu_to_le16((__u16)number(value[1]));
	entry->owner_area = __cpu_to_le16((__u16)number(value[2]));
	entry->owner_page = __cpu_to_le32((__u32)number(value[3]));
	entry->sum = __cpu_to_le32((__u32)number(value[4]));
	seal_block(&media, copy, slot / PSW_MEDIA_ENTRIES_PER_BLOCK,
		   __le64_to_cpu(media.generation));
}

static void poke_bad(__u64 index, __u64 slot, __u32 reason)
{
	struct psw_media_bad bad = {
		.slot = __cpu_to_le64(slot),
		.reason = __cpu_to_le32(reason),
	};

	psw_bad_seal(&bad, __le64_to_cpu(primary.table_seed));
	write_at(geo.bad_off + index * sizeof(bad), &bad, sizeof(bad));
}

int main(int argc, char **argv)
{
	const char *verb = argc > 2 ? argv[2] : "";
	off_t end;

	fd = argc > 2 ? open(argv[1], O_RDWR) : -1;
	/* Not st_size, which is 0 for a block device. */
	end = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
	if (end < 0)
		err(1, "%s", argc > 1 ? argv[1] : "no image");
	image_bytes = (__u64)end;

	if (!strcmp(verb, "super") && argc == 6) {
		poke_super(copy_number(argv[3]), argv[4], number(argv[5]));
		return 0;
	}
	read_at(0, &primary, sizeof(primary));
	if (psw_super_check(&primary, 0, 0, image_bytes, &geo))
		errx(1, "%s: no valid primary superblock", argv[1]);

	if (!strcmp(verb, "where") && argc == 4)
		print_where(argv[3]);
	else if (!strcmp(verb, "table") && (argc == 6 || argc == 7))
		poke_table(copy_number(argv[3]), number(argv[4]),
			   (__u32)number(argv[5]), argc == 7 ? (__u16)number(argv[6]) : 0);
	else if (!strcmp(verb, "block") && argc == 7)
		poke_block(copy_number(argv[3]), number(argv[4]), number(argv[5]),
			   (__u32)number(argv[6]), 0);
	else if (!strcmp(verb, "entry") && argc == 10)
		poke_entry(copy_number(argv[3]), number(argv[4]), argv + 5);
	else if (!strcmp(verb, "bad") && argc == 6)
		poke_bad(number(argv[3]), number(argv[4]), (__u32)number(argv[5]));
	else
		errx(1, "'%s' with %d operands is nothing known", verb, argc - 3);
	return 0;
}
