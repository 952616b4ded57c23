// SPDX-License-Identifier: GPL-2.0
/*
 * log.c - the kernel log, kept in memory for tests
 *
 * If SHIM_LOG is set in the environment, messages go to stderr as well.
 */
#include <linux/printk.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shim.h"

static pthread_mutex_t shim_log_lock = PTHREAD_MUTEX_INITIALIZER;
static char shim_log[65536];
static size_t shim_log_bytes;

/* A full log is emptied; tests look for recent messages alone. */
void shim_printk(const char *level, const char *format, ...)
{
	char line[1024];
	va_list args;
	int bytes;

	va_start(args, format);
	bytes = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (bytes < 0 || (size_t)bytes >= sizeof(line))
		abort();
	if (getenv("SHIM_LOG"))
		fprintf(stderr, "# %s: %s", level, line);

	pthread_mutex_lock(&shim_log_lock);
	if (shim_log_bytes + bytes >= sizeof(shim_log))
		shim_log_bytes = 0;
	memcpy(shim_log + shim_log_bytes, line, bytes + 1);
	shim_log_bytes += bytes;
	pthread_mutex_unlock(&shim_log_lock);
}

void shim_log_clear(void)
{
	pthread_mutex_lock(&shim_log_lock);
	shim_log_bytes = 0;
	shim_log[0] = '\0';
	pthread_mutex_unlock(&shim_log_lock);
}

bool shim_log_has(const char *text)
{
	bool has;

	pthread_mutex_lock(&shim_log_lock);
	has = strstr(shim_log, text);
	pthread_mutex_unlock(&shim_log_lock);
	return has;
}

bool shim_log_empty(void)
{
	return !shim_log_bytes;
}
