// SPDX-License-Identifier: GPL-2.0
/*
 * fault_point.c - an operation in the middle of a move
 */
#include "fault_point.h"

static void fault_point_store(void *context, void *dst, const void *src, size_t bytes)
{
	struct fault_point *point = context;
	char *data = rig_slot_addr(point->rig, 0);

	memcpy(dst, src, bytes);
	if (point->reached || (char *)dst < data)
		return;
	point->reached = true;
	/* The first word of a page is its offset. */
	point->page = *(const u64 *)src;
	point->from = psw_entry_slot(*psw_index_find(point->area, point->page));
	point->to = ((char *)dst - data) / PSW_MEDIA_SLOT_BYTES;
	point->wrong = point->inject(point);
}

static void fault_point_fence(void *context)
{
}

unsigned int fault_point_run(struct fault_point *point)
{
	const struct shim_pmem_observer observer = {
		fault_point_store, fault_point_fence, point
	};
	unsigned int moved;

	shim_pmem_observe(&observer);
	moved = steer_one_move(point->rig, point->slot);
	shim_pmem_observe(NULL);
	if (point->beside)
		pthread_join(point->thread, NULL);
	assert_true(point->reached);
	if (point->wrong)
		fail_msg("%s", point->wrong);
	return moved;
}

struct fault_point
fault_point_set(struct rig *rig, const char *(*inject)(struct fault_point *point))
{
	open_with_cold_slots(rig, COLD_SLOTS);
	return (struct fault_point) {
		.rig = rig, .area = rig->area, .inject = inject,
		.slot = rig_slot_of(rig, COLD_PAGE),
	};
}
