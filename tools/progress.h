/* SPDX-License-Identifier: GPL-2.0 */
/*
 * progress.h - a progress bar for work that takes long
 */
#ifndef PSW_TOOLS_PROGRESS_H
#define PSW_TOOLS_PROGRESS_H

#include <linux/types.h>
#include <stdbool.h>

struct progress {
	const char *verb;
	__u64 total;	/* in units of the caller */
	int shown;	/* percentage, -1: none yet */
	bool active;	/* stderr is a terminal */
};

void progress_start(struct progress *progress, const char *verb, __u64 total);
void progress_at(struct progress *progress, __u64 done);
void progress_end(struct progress *progress);

#endif /* PSW_TOOLS_PROGRESS_H */
