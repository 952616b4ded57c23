/* SPDX-License-Identifier: GPL-2.0 */
/*
 * image.h - the image of a region, in memory and as a file
 */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdbool.h>
#include <pmemswap_layout.h>

#define IMAGE_BYTES		PSW_REGION_BYTES_MIN
#define IMAGE_BYTES_MAX		(2 * IMAGE_BYTES)
#define IMAGE_POISON_MAX	16u

/* Sound regions to begin with. */
enum image_base {
	IMAGE_FRESH,	/* formatted, never attached */
	IMAGE_USED,	/* attached, used and detached; some slots are retired */
	IMAGE_UNCLEAN,	/* the same, but the last shutdown was unclean */
	IMAGE_BASES_NR
};

/**
 * struct image_poison - a range that cannot be read
 * @off: its offset, in bytes
 * @bytes: its size
 * @is_known: the device reports it as bad blocks
 */
struct image_poison {
	__u64 off;
	__u64 bytes;
	bool is_known;
};

/**
 * struct image - a region on a device of IMAGE_BYTES, until a script resizes it
 * @fd: the device, as a file in memory
 * @map: the device; an access beyond its end faults
 * @bytes: size of the device
 * @geo: geometry of the region as it was formatted
 * @poison: ranges that cannot be read
 * @poison_nr: number of @poison
 */
struct image {
	int fd;
	unsigned char *map;
	__u64 bytes;
	struct psw_geometry geo;
	struct image_poison poison[IMAGE_POISON_MAX];
	unsigned int poison_nr;
};

/* What a device holds: the pages of it that are not zero. */
struct image_content;

/* The one image of the process; image_begin() makes it a base image. */
struct image *image_get(void);
void image_begin(struct image *image, enum image_base base);

/* Keep the metadata that @image has now as a base image. */
void image_keep(const struct image *image, enum image_base base);

void image_resize(struct image *image, __u64 bytes);
void image_poison(struct image *image, __u64 off, __u64 bytes, bool is_known);

/* Whether a range has poison; and what a write does, which clears it. */
bool image_is_poisoned(const struct image *image, __u64 off, __u64 bytes);
void image_clear_poison(struct image *image, __u64 off, __u64 bytes);

/* Save the content of the device in the place @number, 0 or 1; compare both. */
const struct image_content *image_save(const struct image *image, int number);
bool image_content_is_same(const struct image_content *one,
			   const struct image_content *other);

/*
 * Blocks of metadata, numbered in their order on the device; the last one is the
 * secondary superblock.
 */
unsigned int image_blocks_nr(const struct image *image);
__u64 image_block_off(const struct image *image, unsigned int number);

/* Memory of a block at @off, or NULL if it is beyond the end of the device. */
void *image_at(const struct image *image, __u64 off);

#endif /* IMAGE_H */
