// SPDX-License-Identifier: GPL-2.0
/*
 * message.c - errors and warnings
 */
#include <stdarg.h>
#include <stdio.h>

#include "message.h"

__attribute__((format(printf, 2, 0)))
static void message(const char *kind, const char *format, va_list args)
{
	fflush(stdout);
	fprintf(stderr, "pmemswap-fmt: %s", kind);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

void error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message("", format, args);
	va_end(args);
}

void warning(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message("warning: ", format, args);
	va_end(args);
}
