// SPDX-License-Identifier: GPL-2.0
/*
 * model.c - random operations on a region, compared with a plain array
 */
#include "model.h"
#include "rig.h"

enum kind { ABSENT, STORED, ZERO, LOST };

/**
 * struct model_page - the expected state of a page
 * @kind: absent, stored in a slot, a zero page, or lost by the medium
 * @value: version of a stored page
 */
struct model_page {
	enum kind kind;
	u64 value;
};

/**
 * struct model - a region and its expected state
 * @rig: the region
 * @random: state of the random numbers
 * @page: the pages
 * @pages_nr: number of pages
 * @in_slots: number of pages in slots
 * @bad: number of retired slots
 * @stat: counters since the region was opened
 * @wear: page writes since the region was formatted
 * @lost: pages lost since the region was formatted
 * @moves: pages moved since the region was formatted
 */
struct model {
	struct rig rig;
	u64 random;
	struct model_page *page;
	u64 pages_nr;
	u64 in_slots;
	u64 bad;
	u64 stat[PSW_STATS_NR];
	u64 wear;
	u64 lost;
	u64 moves;
};

static u32 model_slots_nr(const struct model *model)
{
	return model->rig.region->geo.slots_nr;
}

static void model_drop(struct model *model, struct model_page *page)
{
	if (page->kind == STORED)
		model->in_slots--;
	if (page->kind != ABSENT)
		model->stat[PSW_STAT_PAGES]--;
	if (page->kind == LOST)
		model->stat[PSW_STAT_PAGES_LOST]--;
	page->kind = ABSENT;
}

static void model_set(struct model *model, struct model_page *page,
		      enum kind kind, u64 value)
{
	model_drop(model, page);
	page->kind = kind;
	page->value = value;
	model->stat[PSW_STAT_PAGES]++;
	model->stat[PSW_STAT_STORES]++;
	if (kind == ZERO) {
		model->stat[PSW_STAT_ZERO_PAGES]++;
	} else {
		model->in_slots++;
		model->wear++;
		model->stat[PSW_STAT_SLOT_WRITES]++;
	}
}

/* Whether a store of @page finds a slot; its old slot counts as free. */
static bool model_slot_for(struct model *model, struct model_page *page)
{
	u64 slots_nr = model_slots_nr(model);

	if (model->in_slots + model->bad < slots_nr)
		return true;
	model_drop(model, page);
	return model->in_slots + model->bad < slots_nr;
}

static void model_store(struct model *model, u64 offset)
{
	struct model_page *page = &model->page[offset];
	u64 version = random_next(&model->random);

	if (!model_slot_for(model, page)) {
		assert_int_equal(rig_store(&model->rig, offset, version), -ENOSPC);
		model->stat[PSW_STAT_REJECT_FULL]++;
		return;
	}
	assert_int_equal(rig_store(&model->rig, offset, version), 0);
	model_set(model, page, STORED, version);
}

static void model_store_zero(struct model *model, u64 offset)
{
	assert_int_equal(rig_store_zero(&model->rig, offset), 0);
	model_set(model, &model->page[offset], ZERO, 0);
}

static void model_load(struct model *model, u64 offset)
{
	const struct model_page *page = &model->page[offset];

	switch (page->kind) {
	case ABSENT:
		rig_assert_fails(&model->rig, offset, -ENOENT);
		return;
	case LOST:
		rig_assert_fails(&model->rig, offset, -EIO);
		return;
	case STORED:
		rig_assert_holds(&model->rig, offset, page->value);
		break;
	case ZERO:
		rig_assert_holds_zero(&model->rig, offset);
		break;
	}
	model->stat[PSW_STAT_LOADS]++;
}

static void model_scrub(struct model *model)
{
	psw_scrub_start(model->rig.region);
	while (psw_scrub_run(model->rig.region, 100))
		;
	model->stat[PSW_STAT_SCRUB_SLOTS] += model->in_slots;
}

static void model_invalidate(struct model *model, u64 offset)
{
	struct model_page *page = &model->page[offset];

	model->stat[PSW_STAT_INVALIDATES] += page->kind != ABSENT;
	model_drop(model, page);
	psw_invalidate_page(model->rig.area, offset);
}

static void model_invalidate_area(struct model *model)
{
	u64 offset;

	for (offset = 0; offset < model->pages_nr; offset++) {
		model->stat[PSW_STAT_INVALIDATES] +=
			model->page[offset].kind != ABSENT;
		model_drop(model, &model->page[offset]);
	}
	psw_invalidate_area(model->rig.area);
}

/*
 * The medium loses a page, by poison or by a flipped bit. A scrub finds it, or a load.
 */
static void model_lose(struct model *model, u64 offset)
{
	struct model_page *page = &model->page[offset];
	u8 *slot;

	if (page->kind != STORED || model->bad > model_slots_nr(model) / 8)
		return;
	slot = rig_slot_addr(&model->rig, rig_slot_of(&model->rig, offset));
	slot += random_below(&model->random, PAGE_BYTES);
	if (random_next(&model->random) & 1)
		shim_pmem_poison(slot, 1);
	else
		*slot ^= 1 << random_below(&model->random, 8);

	if (random_next(&model->random) & 1)
		model_scrub(model);
	rig_assert_fails(&model->rig, offset, -EIO);
	shim_pmem_heal();
	page->kind = LOST;
	model->in_slots--;
	model->bad++;
	model->lost++;
	model->stat[PSW_STAT_LOST]++;
	model->stat[PSW_STAT_PAGES_LOST]++;
}

/* Sweep if the engine asks for it. It may change where pages are, but nothing else. */
static void model_work(struct model *model)
{
	unsigned int moves = rig_work(&model->rig);

	model->wear += moves;
	model->moves += moves;
	model->stat[PSW_STAT_MOVES] += moves;
	model->stat[PSW_STAT_SLOT_WRITES] += moves;
}

static void model_check(struct model *model)
{
	struct rig *rig = &model->rig;
	int stat;

	for (stat = 0; stat < PSW_STATS_NR; stat++)
		if (stat != PSW_STAT_META_BYTES)
			assert_int_equal(rig_stat(rig, stat), model->stat[stat]);
	assert_int_equal(atomic_read(&rig->region->slots.bad_nr), model->bad);
	assert_int_equal(rig_free_nr(rig),
			 model_slots_nr(model) - model->in_slots - model->bad);
	assert_int_equal(rig_wear_sum(rig), model->wear);
}

static void model_check_all(struct model *model)
{
	u64 offset;

	for (offset = 0; offset < model->pages_nr; offset++)
		model_load(model, offset);
	model_check(model);
}

static void model_reattach(struct model *model)
{
	struct psw_media_super *super;
	int copy;

	model_check_all(model);
	model_invalidate_area(model);
	assert_int_equal(rig_close(&model->rig), 0);
	copy = le64_to_cpu(rig_super(&model->rig, 1)->sequence) >
	       le64_to_cpu(rig_super(&model->rig, 0)->sequence);
	super = rig_super(&model->rig, copy);
	assert_int_equal(le32_to_cpu(super->state), PSW_MEDIA_STATE_CLEAN);
	assert_int_equal(le64_to_cpu(super->slot_writes), model->wear);
	assert_int_equal(le64_to_cpu(super->moved_writes), model->moves);
	assert_int_equal(le64_to_cpu(super->lost_pages), model->lost);

	shim_log_clear();
	rig_open(&model->rig);
	assert_true(shim_log_empty());
	memset(model->stat, 0, sizeof(model->stat));
	model_check(model);
}

static void model_step(struct model *model)
{
	u64 offset = random_below(&model->random, model->pages_nr);
	u64 choice = random_below(&model->random, 100000);

	/* Three operations in four go to a tenth of the pages. */
	if (choice % 4)
		offset %= 1 + model->pages_nr / 10;
	if (choice < 45000)
		model_store(model, offset);
	else if (choice < 55000)
		model_store_zero(model, offset);
	else if (choice < 85000)
		model_load(model, offset);
	else if (choice < 99748)
		model_invalidate(model, offset);
	else if (choice < 99948)
		model_lose(model, offset);
	else if (choice < 99950)
		assert_int_equal(rig_checkpoint(&model->rig), 0);
	else if (choice < 99980)
		model_check(model);
	else if (choice < 99990)
		model_reattach(model);
	else if (choice < 99993)
		model_invalidate_area(model);
	else
		model_check_all(model);
	model_work(model);
}

void model_run(u64 seed, u64 bytes, u32 percent, u64 steps, u32 gap)
{
	struct model *model = calloc(1, sizeof(*model));
	u64 step;

	model->random = seed;
	rig_create(&model->rig, bytes);
	model->rig.options.wl_gap = gap;
	model->rig.options.wl_rate = gap ? 4 : 0;
	rig_open(&model->rig);
	model->pages_nr = (u64)model_slots_nr(model) * percent / 100;
	model->page = calloc(model->pages_nr, sizeof(*model->page));
	for (step = 0; step < steps; step++)
		model_step(model);
	model_reattach(model);
	assert_int_equal(rig_close(&model->rig), 0);
	rig_destroy(&model->rig);
	assert_true(!gap || model->moves > 100);
	free(model->page);
	free(model);
	assert_int_equal(shim_alloc_live(), 0);
}
