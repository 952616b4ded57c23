/* SPDX-License-Identifier: GPL-2.0 */
/*
 * damage.h - apply the steps of a script that damage an image
 */
#ifndef DAMAGE_H
#define DAMAGE_H

#include "image.h"
#include "script.h"

/* Number of fields in the on-media structures, for script_step.field. */
extern const unsigned int damage_fields_nr;

/* Make the image that a script describes. */
void damage_image(struct image *image, const struct script *script);

#endif /* DAMAGE_H */
