// SPDX-License-Identifier: GPL-2.0
/*
 * format.c - the writes of a format, in their order
 *
 * A format may be interrupted at any write. It then leaves the old region, the
 * new region or no region: FORMAT.md lists the steps and what is valid after
 * each.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "format.h"
#include "message.h"
#include "progress.h"
#include "signature.h"
#include "survey.h"

#define WIPE_CHUNK_BYTES	(4u << 20)
#define VERIFY_CHUNK_BYTES	(1u << 20)

static void fill_super(const struct format_plan *plan, struct psw_media_super *super)
{
	memcpy(super->magic, PSW_MEDIA_MAGIC, PSW_MEDIA_MAGIC_BYTES);
	super->version = __cpu_to_le32(PSW_MEDIA_VERSION);
	memcpy(super->uuid, plan->uuid, sizeof(super->uuid));
	memcpy(super->label, plan->label, sizeof(super->label));
	super->state = __cpu_to_le32(PSW_MEDIA_STATE_CLEAN);
	super->format_time = __cpu_to_le64((__u64)time(NULL));
	psw_geometry_to_super(&plan->geo, super);
}

/*
 * Keep the slot table and the bad-slot list of the old region. The new region
 * exists as soon as its first superblock is written.
 */
static int write_over(struct region *region, const struct format_plan *plan)
{
	struct psw_media_super super DEVICE_ALIGNED = *region_super(region);
	int current = region->current;
	int err;

	super.compat = 0;
	super.incompat = 0;
	fill_super(plan, &super);
	err = region_update_super(region, 1 - current, &super);
	return err ? err : region_update_super(region, current, &super);
}

struct keeping {
	struct badlist *list;	/* takes the bad slots of the old region */
	__u64 table_seed;	/* of the new one */
};

/* A survey_bad_visit. */
static int keep_bad_slot(const struct survey_bad *bad, void *context)
{
	const struct keeping *keeping = context;
	/* If only the table marks a slot, it keeps no reason. */
	__u32 reason = bad->reason ? bad->reason : PSW_MEDIA_BAD_UNREADABLE;

	return badlist_add(keeping->list, bad->slot, reason, keeping->table_seed) ?
	       0 : -ENOSPC;
}

static int keep_bad_slots(const struct region *region, struct badlist *list,
			  __u64 table_seed)
{
	struct keeping keeping = { .list = list, .table_seed = table_seed };
	struct survey *survey;
	int err;

	survey = survey_region(region);
	if (!survey)
		return -ENOMEM;
	err = survey_walk_bad(region, survey, keep_bad_slot, &keeping);
	survey_free(survey);
	if (err == -ENOSPC)
		error("%s: more slots are bad than the bad-slot list holds; format without --reset-wear",
		      region->device.path);
	return err;
}

static int write_super_without_magic(const struct region *region, int copy,
				     const struct psw_media_super *super)
{
	struct psw_media_super bare DEVICE_ALIGNED = *super;
	int err;

	memset(bare.magic, 0, sizeof(bare.magic));
	err = device_write(&region->device, __le64_to_cpu(super->super_off[copy]), &bare,
			   sizeof(bare));
	if (err)
		error("%s: cannot write the %s superblock: %s", region->device.path,
		      region_super_name(copy), strerror(-err));
	return err;
}

/* The secondary is written first, so the primary is the newer copy. */
static int write_supers(struct region *region, const struct format_plan *plan,
			__u64 table_seed)
{
	struct psw_media_super super[2] DEVICE_ALIGNED;
	int copy, err = 0;

	memset(super, 0, sizeof(super));
	for (copy = 0; copy < 2; copy++) {
		fill_super(plan, &super[copy]);
		super[copy].table_seed = __cpu_to_le64(table_seed);
		super[copy].sequence = __cpu_to_le64(copy ? 1 : 2);
		super[copy].meta_bytes = __cpu_to_le64(plan->geo.bad_blocks *
			PSW_MEDIA_BLOCK_BYTES + 4 * sizeof(*super));
		psw_super_seal(&super[copy]);
	}
	for (copy = 1; copy >= 0 && !err; copy--)
		err = write_super_without_magic(region, copy, &super[copy]);
	for (copy = 1; copy >= 0 && !err; copy--)
		err = region_write_super(region, copy, &super[copy]);
	return err;
}

static int write_afresh(struct region *region, const struct format_plan *plan)
{
	struct badlist list;
	__u64 table_seed;
	int err = 0;

	if (getrandom(&table_seed, sizeof(table_seed), 0) != sizeof(table_seed)) {
		error("no random numbers to be had: %s", strerror(errno));
		return -EIO;
	}
	err = badlist_new(&list, &plan->geo);
	if (err)
		return err;
	if (plan->keep_bad)
		err = keep_bad_slots(region, &list, table_seed);
	if (!err)
		err = region_wipe_super(region, 1);
	if (!err)
		err = region_wipe_super(region, 0);
	if (!err)
		err = badlist_write(&list, region, &plan->geo);
	badlist_free(&list);
	return err ? err : write_supers(region, plan, table_seed);
}

/* Some slot of a chunk cannot be written: write the others one by one. */
static __u64 wipe_slots(const struct region *region, const void *zero, __u64 off,
			size_t bytes)
{
	__u64 unwiped_nr = 0;
	size_t done;

	for (done = 0; done < bytes; done += PSW_MEDIA_SLOT_BYTES)
		unwiped_nr += device_write(&region->device, off + done, zero,
					   PSW_MEDIA_SLOT_BYTES) != 0;
	return unwiped_nr;
}

static int wipe_data(const struct region *region, const struct psw_geometry *geo,
		     __u64 *unwiped_nr)
{
	__u64 off = geo->data_off, end = geo->super_off[1];
	struct progress progress;
	void *zero;

	zero = device_buffer_alloc(WIPE_CHUNK_BYTES);
	if (!zero)
		return -ENOMEM;
	progress_start(&progress, "Wiping the data area", end - off);
	while (off < end) {
		size_t bytes = end - off < WIPE_CHUNK_BYTES ? (size_t)(end - off) :
							      WIPE_CHUNK_BYTES;

		if (device_write(&region->device, off, zero, bytes))
			*unwiped_nr += wipe_slots(region, zero, off, bytes);
		off += bytes;
		progress_at(&progress, off - geo->data_off);
	}
	progress_end(&progress);
	free(zero);
	return 0;
}

/*
 * Nothing is lost where nothing can be read, so a block that is written with zeros
 * may be of anything. The write clears poison, if the medium can do that.
 */
static int clear_block(const struct region *region, __u64 off)
{
	static const __u8 zero[PSW_MEDIA_BLOCK_BYTES] DEVICE_ALIGNED;
	static __u8 block[PSW_MEDIA_BLOCK_BYTES] DEVICE_ALIGNED;
	int err;

	if (!device_read(&region->device, off, block, sizeof(block)))
		return 0;
	err = device_write_block(&region->device, off, zero);
	if (err)
		error("%s: cannot be read at %llu, where metadata will be: %s",
		      region->device.path, off, strerror(-err));
	return err;
}

static int verify_chunk(const struct region *region, void *chunk, __u64 off, size_t bytes)
{
	size_t done;
	int err = 0;

	if (!device_read(&region->device, off, chunk, bytes))
		return 0;
	for (done = 0; done < bytes && !err; done += PSW_MEDIA_BLOCK_BYTES)
		err = clear_block(region, off + done);
	return err;
}

/* Every block of the slot table and of the bad-slot list must be readable. */
static int verify_metadata(const struct region *region, const struct psw_geometry *geo)
{
	__u64 off = geo->table_off[0];
	__u64 end = geo->bad_off + geo->bad_blocks * PSW_MEDIA_BLOCK_BYTES;
	struct progress progress;
	void *chunk;
	int err = 0;

	chunk = device_buffer_alloc(VERIFY_CHUNK_BYTES);
	if (!chunk)
		return -ENOMEM;
	progress_start(&progress, "Verifying that metadata can be read", end - off);
	while (off < end && !err) {
		size_t bytes = end - off < VERIFY_CHUNK_BYTES ? (size_t)(end - off) :
								VERIFY_CHUNK_BYTES;

		err = verify_chunk(region, chunk, off, bytes);
		off += bytes;
		progress_at(&progress, off - geo->table_off[0]);
	}
	progress_end(&progress);
	free(chunk);
	return err;
}

/* @unwiped_nr is the number of slots that @plan->wipe_data could not overwrite. */
int format_write(struct region *region, const struct format_plan *plan,
		 __u64 *unwiped_nr)
{
	int err = plan->keep_wear ? 0 : verify_metadata(region, &plan->geo);

	*unwiped_nr = 0;
	if (!err && plan->wipe_signatures)
		err = signature_wipe(&region->device);
	if (!err && plan->wipe_data)
		err = wipe_data(region, &plan->geo, unwiped_nr);
	if (err)
		return err;
	return plan->keep_wear ? write_over(region, plan) : write_afresh(region, plan);
}
