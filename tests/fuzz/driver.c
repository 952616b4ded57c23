// SPDX-License-Identifier: GPL-2.0
/*
 * driver.c - the engine of the driver on an image
 */
#include <badlist.h>
#include <linux/kernel.h>
#include <region.h>
#include <shim.h>
#include "../unit/pattern.h"
#include "check.h"
#include "driver.h"

/* Pages stored before a base image is kept: more than a table block has entries. */
#define BASE_PAGES	600u
#define BASE_RETIRED	5u

/* version is 0 if there is no page at this offset. */
struct expected_page {
	u64 version;
	bool is_lost;
};

static struct {
	struct dax_device dax;
	struct psw_pmem pmem;
	struct psw_region *region;
	struct expected_page page[DRIVER_PAGES];
	unsigned long live;
	unsigned long stores;
	bool sweep_is_due;
} driver;

static void count_store(void *context, void *dst, const void *src, size_t bytes)
{
	driver.stores++;
	memcpy(dst, src, bytes);
}

static void count_fence(void *context)
{
}

static void sweep_due(void *context)
{
	driver.sweep_is_due = true;
}

/* The first range of @image that the device reports as bad. */
static bool next_bad(void *context, u64 off, u64 bytes, u64 *bad_off, u64 *bad_bytes)
{
	const struct image *image = context;
	u64 end = off + bytes;
	unsigned int i;

	*bad_off = end;
	for (i = 0; i < image->poison_nr; i++) {
		const struct image_poison *poison = &image->poison[i];
		u64 start = max(poison->off, (__u64)off);
		u64 stop = min(poison->off + poison->bytes, (__u64)end);

		if (!poison->is_known || start >= stop || start >= *bad_off)
			continue;
		*bad_off = start;
		*bad_bytes = stop - start;
	}
	return *bad_off != end;
}

static void poison_medium(const struct image *image)
{
	unsigned int i;

	shim_pmem_heal();
	for (i = 0; i < image->poison_nr; i++)
		shim_pmem_poison(image->map + image->poison[i].off, image->poison[i].bytes);
}

static int try_open(struct image *image)
{
	const struct psw_region_options options = {
		.name = "pmem0", .verify = true, .zero_pages = true,
		.wear_mode = PSW_WEAR_STATIC, .wl_gap = 1,
		.wl_rate = PSW_MEDIA_ENTRIES_PER_BLOCK,
		.next_bad = next_bad, .sweep_due = sweep_due, .context = image,
	};
	const struct shim_pmem_observer observer = { count_store, count_fence, NULL };
	int err;

	memset(&driver, 0, sizeof(driver));
	driver.live = shim_alloc_live();
	driver.pmem.addr = image->map;
	driver.pmem.bytes = image->bytes;
	driver.pmem.dax = &driver.dax;
	shim_log_clear();
	poison_medium(image);
	shim_pmem_observe(&observer);
	err = psw_region_open(&driver.region, &driver.pmem, &options);
	shim_pmem_observe(NULL);
	return err;
}

/* -ENOSPC comes after the bad blocks of the device were put on the list. */
int driver_open(struct image *image)
{
	const struct image_content *before = image_save(image, 0);
	int err = try_open(image);

	if (!err)
		return 0;
	fuzz_require(!shim_log_empty(), "open: error %d without a message", err);
	fuzz_require(err == -ENOSPC || !driver.stores, "open: error %d after a store", err);
	fuzz_require(err == -ENOSPC || image_content_is_same(before, image_save(image, 1)),
		     "open: error %d, and the image has changed", err);
	fuzz_require(shim_alloc_live() == driver.live, "open: error %d leaks memory", err);
	return err;
}

struct driver_facts driver_facts(void)
{
	const struct psw_media_super *super = psw_region_super(driver.region);
	struct driver_facts facts = {
		.slots_nr = psw_region_slots_nr(driver.region),
		.bad_nr = psw_region_bad_nr(driver.region),
	};
	struct psw_wear wear;
	u64 slot;

	psw_region_wear(driver.region, &wear);
	facts.wear_min = wear.min;
	facts.wear_max = wear.max;
	for (slot = 0; slot < facts.slots_nr; slot++)
		facts.wear_sum += driver.region->slots.info[slot].wear;
	memcpy(facts.uuid, super->uuid, sizeof(facts.uuid));
	return facts;
}

/* A page that is rejected is gone. */
static void store_page(u32 offset)
{
	struct expected_page *page = &driver.page[offset];
	static u64 version;
	struct page_buffer buffer;

	page_fill(&buffer, offset, ++version);
	page->is_lost = false;
	page->version = psw_store(psw_region_disk_area(driver.region), offset, &buffer,
				  GFP_NOWAIT) ? 0 : version;
}

static void load_page(u32 offset)
{
	struct expected_page *page = &driver.page[offset];
	struct page_buffer buffer;
	int err = psw_load(psw_region_disk_area(driver.region), offset, &buffer);

	if (!page->version) {
		fuzz_require(err == -ENOENT, "page %u: %d, but it is not there", offset, err);
		return;
	}
	fuzz_require(err == 0 || err == -EIO, "page %u: load returns %d", offset, err);
	fuzz_require(err || !page->is_lost, "page %u was lost and is back", offset);
	page->is_lost = err;
	fuzz_require(err ? page_is_same(&buffer, 0) : page_is(&buffer, offset, page->version),
		     "page %u: load returns %d and wrong bytes", offset, err);
}

static void invalidate_page(u32 offset)
{
	psw_invalidate_page(psw_region_disk_area(driver.region), offset);
	driver.page[offset].version = 0;
}

static void decay_slots(u64 first, u64 slots)
{
	const struct psw_geometry *geo = &driver.region->geo;

	while (slots--) {
		char *slot = driver.pmem.addr;

		slot += psw_slot_off(geo, (first + slots) % geo->slots_nr);
		slot[(first * 8 + slots) % PSW_MEDIA_SLOT_BYTES] ^= 1;
	}
}

static void sweep(void)
{
	if (driver.sweep_is_due)
		psw_sweep_run(driver.region);
	driver.sweep_is_due = false;
}

static void use_step(const struct script_step *step)
{
	u32 pages = step->part % (4 * DRIVER_PAGES) + 1;

	switch (script_kind(step)) {
	case STEP_STORE:
		while (pages--)
			store_page((step->at + pages) % DRIVER_PAGES);
		break;
	case STEP_LOAD:
		load_page(step->at % DRIVER_PAGES);
		break;
	case STEP_INVALIDATE:
		invalidate_page(step->at % DRIVER_PAGES);
		break;
	case STEP_DECAY:
		decay_slots(step->at, step->part % 64 + 1);
		break;
	case STEP_SWEEP:
		sweep();
		break;
	default:
		break;
	}
}

void driver_use(struct image *image, const struct script *script)
{
	size_t i;

	for (i = 0; i < script->steps_nr; i++)
		use_step(&script->step[i]);
}

void driver_verify(void)
{
	u32 offset;

	for (offset = 0; offset < DRIVER_PAGES; offset++)
		load_page(offset);
}

void driver_close(void)
{
	int err;

	psw_invalidate_area(psw_region_disk_area(driver.region));
	err = psw_region_quiesce(driver.region);
	fuzz_require(!err, "quiesce: error %d, but no page is held", err);
	err = psw_region_close(driver.region);
	fuzz_require(!err, "close: error %d", err);
	driver.region = NULL;
	fuzz_require(shim_alloc_live() == driver.live, "an open and a close leak memory");
}

static void use_for_base(struct image *image)
{
	struct page_buffer buffer;
	u32 i;

	fuzz_require(!try_open(image), "a base image does not open");
	for (i = 0; i < 2 * BASE_PAGES; i++) {
		page_fill(&buffer, i, i);
		psw_store(psw_region_disk_area(driver.region), i % BASE_PAGES, &buffer,
			  GFP_NOWAIT);
		sweep();
	}
	for (i = 0; i < BASE_RETIRED; i++)
		psw_badlist_retire(driver.region,
				   psw_region_slots_nr(driver.region) - 1 - i * 300,
				   PSW_MEDIA_BAD_CHECKSUM);
}

void driver_make_bases(struct image *image)
{
	image_begin(image, IMAGE_FRESH);
	use_for_base(image);
	driver_close();
	image_keep(image, IMAGE_USED);
	use_for_base(image);
	image_keep(image, IMAGE_UNCLEAN);
	driver_close();
}
