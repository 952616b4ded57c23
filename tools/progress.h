/* SPDX-License-Identifier: GPL-2.0 */
/*
 * progress.h - a progress bar for work that takes long
 */
#ifndef PSW_TOOLS_PROGRESS_H
#define PSW_TOOLS_PROGRESS_H

#include <linux/types.h>
#include <stdbool.h>

/**
 * struct progress - a bar for work that takes long
 * @verb: what is being done
 * @total: units in all
 * @shown: last percentage drawn, or -1
 * @active: stderr is a terminal and the work is worth a bar
 */
struct progress {
	const char *verb;
	__u64 total;
	int shown;
	bool active;
};

void progress_start(struct progress *progress, const char *verb, __u64 total);
void progress_at(struct progress *progress, __u64 done);
void progress_end(struct progress *progress);

#endif /* PSW_TOOLS_PROGRESS_H */
