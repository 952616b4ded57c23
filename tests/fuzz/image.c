// SPDX-License-Identifier: GPL-2.0
/*
 * image.c - the image of a region, in memory and as a file
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "../unit/format.h"
#include "check.h"
#include "image.h"

#define GUARD_BYTES	(1ull << 20)
#define BLOCK_BYTES	PSW_MEDIA_BLOCK_BYTES
#define BLOCKS_MAX	32u
#define CONTENT_PAGES	(IMAGE_BYTES_MAX / BLOCK_BYTES)

struct image_content {
	unsigned int pages_nr;
	__u64 off[CONTENT_PAGES];
	unsigned char page[CONTENT_PAGES][BLOCK_BYTES];
};

static unsigned char bases[IMAGE_BASES_NR][BLOCKS_MAX][BLOCK_BYTES];

/* Map the file with memory around it that must not be accessed. */
static unsigned char *map_between_guards(int fd)
{
	unsigned char *around = mmap(NULL, IMAGE_BYTES_MAX + 2 * GUARD_BYTES, PROT_NONE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned char *map;

	fuzz_require(around != MAP_FAILED, "no memory for an image");
	map = mmap(around + GUARD_BYTES, IMAGE_BYTES_MAX, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_FIXED, fd, 0);
	fuzz_require(map != MAP_FAILED, "no memory for an image");
	return map;
}

static void create(struct image *image)
{
	image->fd = memfd_create("region", MFD_CLOEXEC);
	fuzz_require(image->fd >= 0, "no file in memory");
	image->map = map_between_guards(image->fd);
	fuzz_require(psw_geometry_init(&image->geo, IMAGE_BYTES), "no geometry");
	fuzz_require(image_blocks_nr(image) <= BLOCKS_MAX, "BLOCKS_MAX is too small");
	image_resize(image, IMAGE_BYTES);
	format_region(image->map, IMAGE_BYTES);
	image_keep(image, IMAGE_FRESH);
}

struct image *image_get(void)
{
	static struct image image;

	if (!image.map)
		create(&image);
	return &image;
}

unsigned int image_blocks_nr(const struct image *image)
{
	return 2 + 2 * image->geo.table_blocks + image->geo.bad_blocks;
}

__u64 image_block_off(const struct image *image, unsigned int number)
{
	return number == image_blocks_nr(image) - 1 ? image->geo.super_off[1] :
	       number * (__u64)BLOCK_BYTES;
}

void *image_at(const struct image *image, __u64 off)
{
	return off + BLOCK_BYTES <= image->bytes ? image->map + off : NULL;
}

void image_keep(const struct image *image, enum image_base base)
{
	unsigned int i;

	for (i = 0; i < image_blocks_nr(image); i++)
		memcpy(bases[base][i], image_at(image, image_block_off(image, i)),
		       BLOCK_BYTES);
}

void image_begin(struct image *image, enum image_base base)
{
	unsigned int i;

	image_resize(image, 0);
	image_resize(image, IMAGE_BYTES);
	image->poison_nr = 0;
	for (i = 0; i < image_blocks_nr(image); i++)
		memcpy(image_at(image, image_block_off(image, i)), bases[base][i],
		       BLOCK_BYTES);
}

void image_resize(struct image *image, __u64 bytes)
{
	fuzz_require(!ftruncate(image->fd, (off_t)bytes), "cannot resize the image");
	image->bytes = bytes;
}

void image_poison(struct image *image, __u64 off, __u64 bytes, bool is_known)
{
	if (image->poison_nr < IMAGE_POISON_MAX)
		image->poison[image->poison_nr++] = (struct image_poison) {
			.off = off, .bytes = bytes, .is_known = is_known,
		};
}

static bool overlaps(const struct image_poison *poison, __u64 off, __u64 bytes)
{
	return poison->off < off + bytes && off < poison->off + poison->bytes;
}

bool image_is_poisoned(const struct image *image, __u64 off, __u64 bytes)
{
	unsigned int i;

	for (i = 0; i < image->poison_nr; i++)
		if (overlaps(&image->poison[i], off, bytes))
			return true;
	return false;
}

/* What is left of a range in front of, and behind, the part that was written. */
void image_clear_poison(struct image *image, __u64 off, __u64 bytes)
{
	struct image_poison old[IMAGE_POISON_MAX];
	unsigned int i, old_nr = image->poison_nr;

	memcpy(old, image->poison, sizeof(old));
	image->poison_nr = 0;
	for (i = 0; i < old_nr; i++) {
		__u64 end = old[i].off + old[i].bytes;

		if (!overlaps(&old[i], off, bytes)) {
			image_poison(image, old[i].off, old[i].bytes, old[i].is_known);
			continue;
		}
		if (old[i].off < off)
			image_poison(image, old[i].off, off - old[i].off, old[i].is_known);
		if (off + bytes < end)
			image_poison(image, off + bytes, end - off - bytes,
				     old[i].is_known);
	}
}

static bool is_zero(const unsigned char *page)
{
	return !page[0] && !memcmp(page, page + 1, BLOCK_BYTES - 1);
}

/* A read of a hole allocates a page of zeros, so zeros are no content. */
static void save_page(struct image_content *content, const struct image *image, __u64 off)
{
	unsigned char *page;

	fuzz_require(content->pages_nr < CONTENT_PAGES, "CONTENT_PAGES is too small");
	page = content->page[content->pages_nr];
	memset(page, 0, BLOCK_BYTES);
	fuzz_require(pread(image->fd, page, BLOCK_BYTES, (off_t)off) > 0,
		     "cannot read the image");
	if (!is_zero(page))
		content->off[content->pages_nr++] = off;
}

const struct image_content *image_save(const struct image *image, int number)
{
	static struct image_content contents[2];
	struct image_content *content = &contents[number];
	off_t off, end = 0;

	content->pages_nr = 0;
	while ((off = lseek(image->fd, end, SEEK_DATA)) >= 0) {
		end = lseek(image->fd, off, SEEK_HOLE);
		for (; off < end; off += BLOCK_BYTES)
			save_page(content, image, (__u64)off);
	}
	return content;
}

bool image_content_is_same(const struct image_content *one,
			   const struct image_content *other)
{
	return one->pages_nr == other->pages_nr &&
	       !memcmp(one->off, other->off, one->pages_nr * sizeof(*one->off)) &&
	       !memcmp(one->page, other->page, one->pages_nr * sizeof(*one->page));
}
