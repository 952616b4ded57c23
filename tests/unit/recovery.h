/* SPDX-License-Identifier: GPL-2.0 */
/*
 * recovery.h - an unclean shutdown of a region, and the wear that open charges
 */
#ifndef RECOVERY_H
#define RECOVERY_H

#include "cold.h"

/**
 * struct unclean - an unclean shutdown
 * @wear: wear of each slot before it
 * @table: the slot table on the medium
 */
struct unclean {
	u32 *wear;
	struct psw_media_entry *table;
};

/* Lose power, and open the region. unclean_free() frees the result. */
struct unclean unclean_shutdown(struct rig *rig);
void unclean_free(struct unclean *unclean);

/* Whether a slot was free or hot when the table was written. */
bool is_in_use(const struct psw_media_entry *entry);

/*
 * No slot has less wear than in the table, or much more than the most worn one in use.
 */
void assert_charges_in_range(const struct rig *rig, const struct psw_media_entry *table);

#endif /* RECOVERY_H */
