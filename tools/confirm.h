/* SPDX-License-Identifier: GPL-2.0 */
/*
 * confirm.h - ask before a region is destroyed
 */
#ifndef PSW_TOOLS_CONFIRM_H
#define PSW_TOOLS_CONFIRM_H

#include "region.h"

int confirm_loss(const struct region *region, const char *question, bool yes);

#endif /* PSW_TOOLS_CONFIRM_H */
