/* SPDX-License-Identifier: GPL-2.0 */
/*
 * format.h - make a region by a plan
 */
#ifndef PSW_TOOLS_FORMAT_H
#define PSW_TOOLS_FORMAT_H

#include <uuid/uuid.h>

#include "region.h"

/**
 * struct format_plan - what a format makes, decided before it writes
 * @geo: geometry of the new region
 * @label: of the new region
 * @uuid: of the new region
 * @keep_wear: keep the table and the totals of the old region, which has the
 *	same geometry
 * @keep_bad: keep its bad slots, if @keep_wear does not do so already
 * @wipe_signatures: there are foreign signatures
 * @wipe_data: overwrite the data area with zeros
 */
struct format_plan {
	struct psw_geometry geo;
	__u8 label[PSW_MEDIA_LABEL_BYTES];
	uuid_t uuid;
	bool keep_wear;
	bool keep_bad;
	bool wipe_signatures;
	bool wipe_data;
};

int format_write(struct region *region, const struct format_plan *plan,
		 __u64 *unwiped_nr);

#endif /* PSW_TOOLS_FORMAT_H */
