// SPDX-License-Identifier: GPL-2.0
/*
 * progress.c - draw a progress bar on stderr
 */
#include <stdio.h>
#include <unistd.h>

#include "progress.h"

#define BAR_CHARS	40
#define UNITS_MIN	4096	/* shorter work shows no bar */

/* @verb must outlive the bar. */
void progress_start(struct progress *progress, const char *verb, __u64 total)
{
	progress->verb = verb;
	progress->total = total;
	progress->shown = -1;
	progress->active = total >= UNITS_MIN && isatty(STDERR_FILENO);
}

void progress_at(struct progress *progress, __u64 done)
{
	int percent, filled, i;

	if (!progress->active)
		return;
	percent = (int)(100.0 * (double)done / (double)progress->total);
	if (percent == progress->shown)
		return;

	progress->shown = percent;
	filled = percent * BAR_CHARS / 100;
	fprintf(stderr, "\r%s [", progress->verb);
	for (i = 0; i < BAR_CHARS; i++)
		fputc(i < filled ? '=' : ' ', stderr);
	fprintf(stderr, "] %3d %%", percent);
}

void progress_end(struct progress *progress)
{
	if (progress->active && progress->shown >= 0)
		fputs("\r\033[K", stderr);
	progress->active = false;
}
