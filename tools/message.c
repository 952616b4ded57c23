// SPDX-License-Identifier: GPL-2.0
/*
 * message.c - errors, warnings and the progress bar
 */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "message.h"

#define PROGRESS_BAR_CHARS	40
#define PROGRESS_UNITS_MIN	4096	/* below this the bar only flickers */

__attribute__((format(printf, 2, 0)))
static void message(const char *kind, const char *format, va_list args)
{
	fflush(stdout);
	fprintf(stderr, "pmemswap-fmt: %s", kind);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

/**
 * error() - tell why something was not done, on stderr
 * @format: printf() format of one sentence, without the final newline
 */
void error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message("", format, args);
	va_end(args);
}

/**
 * warning() - tell of something that did not stop the command, on stderr
 * @format: printf() format of one sentence, without the final newline
 */
void warning(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message("warning: ", format, args);
	va_end(args);
}

/**
 * progress_start() - begin a piece of long work
 * @progress: the bar
 * @verb: what is being done; must outlive the bar
 * @total: units in all
 */
void progress_start(struct progress *progress, const char *verb, __u64 total)
{
	progress->verb = verb;
	progress->total = total;
	progress->shown = -1;
	progress->active = total >= PROGRESS_UNITS_MIN && isatty(STDERR_FILENO);
}

/**
 * progress_at() - draw how far the work is
 * @progress: the bar
 * @done: units done
 */
void progress_at(struct progress *progress, __u64 done)
{
	int percent, filled, i;

	if (!progress->active)
		return;
	percent = (int)(100.0 * (double)done / (double)progress->total);
	if (percent == progress->shown)
		return;

	progress->shown = percent;
	filled = percent * PROGRESS_BAR_CHARS / 100;
	fprintf(stderr, "\r%s [", progress->verb);
	for (i = 0; i < PROGRESS_BAR_CHARS; i++)
		fputc(i < filled ? '=' : ' ', stderr);
	fprintf(stderr, "] %3d %%", percent);
}

/**
 * progress_end() - take the bar away
 * @progress: the bar
 */
void progress_end(struct progress *progress)
{
	if (progress->active && progress->shown >= 0)
		fputs("\r\033[K", stderr);
	progress->active = false;
}
