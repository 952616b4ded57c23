// SPDX-License-Identifier: GPL-2.0
/*
 * damage.c - apply the steps of a script that damage an image
 *
 * A sealed step computes the checksum of what it has changed anew. So the readers
 * meet impossible values behind a valid checksum.
 */
#include <string.h>
#include "damage.h"

#define BLOCK_BYTES	PSW_MEDIA_BLOCK_BYTES

enum structure {
	IN_psw_media_super,
	IN_psw_media_table_block,
	IN_psw_media_entry,
	IN_psw_media_bad,
};

struct field {
	enum structure structure;
	unsigned int off;
	unsigned int bytes;
};

#define FIELD(structure, name, off, bytes)	{ IN_##structure, off, bytes },
static const struct field fields[] = { PSW_MEDIA_FIELDS(FIELD) };
#undef FIELD

const unsigned int damage_fields_nr = sizeof(fields) / sizeof(*fields);

/* The seed as the primary superblock has it now. */
static __u64 table_seed(const struct image *image)
{
	const struct psw_media_super *super = image_at(image, 0);

	return super ? __le64_to_cpu(super->table_seed) : 0;
}

static void seal_bad_block(const struct image *image, struct psw_media_bad *bad)
{
	unsigned int i;

	for (i = 0; i < PSW_MEDIA_BAD_PER_BLOCK; i++)
		if (!psw_bad_is_empty(&bad[i]))
			psw_bad_seal(&bad[i], table_seed(image));
}

/* Only the checksum: psw_table_block_seal() would undo other damage. */
static void seal_table_block(const struct image *image, struct psw_media_table_block *block)
{
	block->checksum =
		__cpu_to_le32(psw_table_block_checksum(block, table_seed(image)));
}

/* Give a block of metadata a valid checksum, if the step asks for it. */
static void seal(const struct image *image, const struct script_step *step, __u64 off)
{
	void *block = image_at(image, off);

	if (!block || !(step->flags & STEP_SEALED))
		return;
	if (off == 0 || off == image->geo.super_off[1])
		psw_super_seal(block);
	else if (off < image->geo.bad_off)
		seal_table_block(image, block);
	else
		seal_bad_block(image, block);
}

static __u64 any_block_off(const struct image *image, unsigned int number)
{
	return image_block_off(image, number % image_blocks_nr(image));
}

/* Copy number and index of a table block from one number. */
static __u64 any_table_block_off(const struct image *image, unsigned int number)
{
	return psw_table_block_off(&image->geo, number & 1,
				   (number >> 1) % image->geo.table_blocks);
}

/* The block that has structure @step->at, and the offset of the structure in it. */
static __u64 structure_off(const struct image *image, const struct script_step *step,
			   enum structure structure, unsigned int *inside)
{
	*inside = 0;
	switch (structure) {
	case IN_psw_media_super:
		return image->geo.super_off[step->at & 1];
	case IN_psw_media_entry:
		*inside = offsetof(struct psw_media_table_block, entry) +
			  step->part % PSW_MEDIA_ENTRIES_PER_BLOCK *
			  sizeof(struct psw_media_entry);
		return any_table_block_off(image, step->at);
	case IN_psw_media_table_block:
		return any_table_block_off(image, step->at);
	case IN_psw_media_bad:
		*inside = step->part % PSW_MEDIA_BAD_PER_BLOCK *
			  sizeof(struct psw_media_bad);
		break;
	}
	return image->geo.bad_off + step->at % image->geo.bad_blocks * BLOCK_BYTES;
}

/* A field of more than 8 bytes is an array; @part says which word of it. */
static void damage_field(struct image *image, const struct script_step *step)
{
	const struct field *field = &fields[step->field % damage_fields_nr];
	unsigned int inside, bytes = field->bytes < 8 ? field->bytes : 8;
	__u64 off = structure_off(image, step, field->structure, &inside);
	unsigned char *block = image_at(image, off);
	__le64 value = __cpu_to_le64(step->value);

	if (!block)
		return;
	inside += field->off + step->part % (field->bytes / bytes) * bytes;
	if (inside + bytes <= BLOCK_BYTES)
		memcpy(block + inside, &value, bytes);
	seal(image, step, off);
}

static void damage_bytes(struct image *image, const struct script_step *step)
{
	__u64 off = any_block_off(image, step->at);
	unsigned char *block = image_at(image, off);

	if (!block)
		return;
	block[step->field % BLOCK_BYTES] ^= (unsigned char)step->value;
	seal(image, step, off);
}

static void damage_copy(struct image *image, const struct script_step *step)
{
	__u64 to = any_block_off(image, step->at);
	__u64 from = any_block_off(image, step->field);

	if (image_at(image, to) && image_at(image, from))
		memmove(image_at(image, to), image_at(image, from), BLOCK_BYTES);
	seal(image, step, to);
}

static void damage_swap(struct image *image, const struct script_step *step)
{
	unsigned char kept[BLOCK_BYTES];
	__u64 one = any_block_off(image, step->at);
	__u64 other = any_block_off(image, step->field);

	if (!image_at(image, one) || !image_at(image, other))
		return;
	memcpy(kept, image_at(image, one), BLOCK_BYTES);
	memmove(image_at(image, one), image_at(image, other), BLOCK_BYTES);
	memcpy(image_at(image, other), kept, BLOCK_BYTES);
	seal(image, step, one);
	seal(image, step, other);
}

static void damage_table(struct image *image, const struct script_step *step)
{
	__u64 off = any_table_block_off(image, step->at);
	struct psw_media_table_block *block = image_at(image, off);
	unsigned int i;

	if (!block)
		return;
	memset(block, 0, sizeof(*block));
	for (i = 0; i < PSW_MEDIA_ENTRIES_PER_BLOCK; i++) {
		block->entry[i].wear = __cpu_to_le32(step->field * (__u32)(1 + step->part));
		block->entry[i].flags = __cpu_to_le16(i % 8 ? 0 : step->part & 0xf);
	}
	psw_table_block_seal(block, &image->geo, table_seed(image),
			     (step->at >> 1) % image->geo.table_blocks, step->value);
}

static void damage_bad(struct image *image, const struct script_step *step)
{
	__u64 index = step->at % (image->geo.bad_blocks * PSW_MEDIA_BAD_PER_BLOCK);
	__u64 off = image->geo.bad_off + index / PSW_MEDIA_BAD_PER_BLOCK * BLOCK_BYTES;
	struct psw_media_bad *bad = image_at(image, off);

	if (!bad)
		return;
	bad += index % PSW_MEDIA_BAD_PER_BLOCK;
	bad->slot = __cpu_to_le64(step->value);
	bad->reason = __cpu_to_le32(step->field);
	psw_bad_seal(bad, table_seed(image));
}

static void damage_poison(struct image *image, const struct script_step *step)
{
	__u64 off = step->at % (IMAGE_BYTES / BLOCK_BYTES) * BLOCK_BYTES;

	image_poison(image, off, (step->part % 8 + 1) * (__u64)BLOCK_BYTES,
		     step->flags & STEP_KNOWN);
}

static void damage_step(struct image *image, const struct script_step *step)
{
	switch (script_kind(step)) {
	case STEP_BASE:
		image_begin(image, step->value % IMAGE_BASES_NR);
		break;
	case STEP_FIELD:
		damage_field(image, step);
		break;
	case STEP_BYTES:
		damage_bytes(image, step);
		break;
	case STEP_COPY:
		damage_copy(image, step);
		break;
	case STEP_SWAP:
		damage_swap(image, step);
		break;
	case STEP_TABLE:
		damage_table(image, step);
		break;
	case STEP_BAD:
		damage_bad(image, step);
		break;
	case STEP_RESIZE:
		image_resize(image, step->value % (IMAGE_BYTES_MAX + 1));
		break;
	case STEP_POISON:
		damage_poison(image, step);
		break;
	default:
		break;
	}
}

void damage_image(struct image *image, const struct script *script)
{
	size_t i;

	image_begin(image, IMAGE_FRESH);
	for (i = 0; i < script->steps_nr; i++)
		damage_step(image, &script->step[i]);
}
