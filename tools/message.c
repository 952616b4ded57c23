// SPDX-License-Identifier: GPL-2.0
/*
 * message.c - errors, warnings and lines with names of files
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "message.h"
#include "utf8.h"

/* Names of files are in it, so all of it is escaped. */
__attribute__((format(printf, 3, 0)))
static void message(FILE *out, const char *kind, const char *format, va_list args)
{
	char *text;

	fputs(kind, out);
	if (vasprintf(&text, format, args) < 0) {
		fputs("out of memory\n", out);
		return;
	}
	utf8_print(out, text);
	fputc('\n', out);
	free(text);
}

/* A line on stdout. */
void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message(stdout, "", format, args);
	va_end(args);
}

void error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fflush(stdout);
	message(stderr, "pmemswap-fmt: ", format, args);
	va_end(args);
}

void warning(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fflush(stdout);
	message(stderr, "pmemswap-fmt: warning: ", format, args);
	va_end(args);
}
