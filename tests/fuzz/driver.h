/* SPDX-License-Identifier: GPL-2.0 */
/*
 * driver.h - the engine of the driver on an image
 *
 * No header of the engine is included here: those of the tool have the same names.
 */
#ifndef DRIVER_H
#define DRIVER_H

#include "image.h"
#include "script.h"

/* Pages that a script can name. */
#define DRIVER_PAGES	128u

/* What an open region says of itself. */
struct driver_facts {
	__u8 uuid[PSW_MEDIA_UUID_BYTES];
	__u64 slots_nr;
	__u64 bad_nr;
	__u32 wear_min;		/* of slots that are not retired, at open */
	__u32 wear_max;
	__u64 wear_sum;		/* of all slots, now */
};

/* Make the base images that only a used region gives. */
void driver_make_bases(struct image *image);

/*
 * Open the region of an image. A refusal must say why and write nothing. Return: 0,
 * or the error of psw_region_open().
 */
int driver_open(struct image *image);

/* Of the open region. */
struct driver_facts driver_facts(void);

/* Run the steps of a script that use a region. Every page must load right or as lost. */
void driver_use(struct image *image, const struct script *script);

/* Load every page, which must be right or lost. */
void driver_verify(void);

/* Invalidate all pages and close the region; it must succeed and leak nothing. */
void driver_close(void);

#endif /* DRIVER_H */
