/* SPDX-License-Identifier: GPL-2.0 */
/*
 * format.h - a format, from what was asked for to the region it makes
 */
#ifndef PSW_TOOLS_FORMAT_H
#define PSW_TOOLS_FORMAT_H

#include <uuid/uuid.h>

#include "region.h"

/**
 * struct format - a format under way
 * @region: what is there, from region_open()
 * @geo: of the region to be
 * @label: of the region to be
 * @uuid: of the region to be
 * @create_bytes: size of the image file to create, or 0
 * @wipe: as in the options, like those below
 * @reset_wear: --reset-wear
 * @dry_run: --dry-run
 * @force: --force
 * @yes: --yes
 * @unwiped_nr: slots that could not be wiped
 */
struct format {
	struct region region;
	struct psw_geometry geo;
	__u8 label[PSW_MEDIA_LABEL_BYTES];
	uuid_t uuid;
	__u64 create_bytes;
	bool wipe;
	bool reset_wear;
	bool dry_run;
	bool force;
	bool yes;
	__u64 unwiped_nr;
};

/* Same geometry and no other wish: the wear can be kept. */
static inline bool format_keeps_wear(const struct format *format)
{
	return format->region.serving >= 0 && !format->reset_wear &&
	       format->region.geo.region_bytes == format->geo.region_bytes;
}

int format_write(struct format *format, bool has_foreign);

#endif /* PSW_TOOLS_FORMAT_H */
