/* SPDX-License-Identifier: GPL-2.0 */
/*
 * format.h - carry out the plan of a format
 */
#ifndef PSW_TOOLS_FORMAT_H
#define PSW_TOOLS_FORMAT_H

#include <uuid/uuid.h>

#include "region.h"

/* What a format makes, decided before the first write. */
struct format_plan {
	struct psw_geometry geo;	/* of the new region */
	__u8 label[PSW_MEDIA_LABEL_BYTES];
	uuid_t uuid;
	bool keep_wear;			/* and all else of the old table; same @geo */
	bool keep_bad;			/* without @keep_wear: the bad slots alone */
	bool wipe_signatures;		/* there are foreign ones */
	bool wipe_data;			/* overwrite the data area with zeros */
};

int format_write(struct region *region, const struct format_plan *plan,
		 __u64 *unwiped_nr);

#endif /* PSW_TOOLS_FORMAT_H */
