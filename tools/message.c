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
