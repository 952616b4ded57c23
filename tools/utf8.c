// SPDX-License-Identifier: GPL-2.0
/*
 * utf8.c - text that may be any bytes, such as a path
 *
 * A name of a file could control the terminal, or make a JSON document invalid.
 * What is not printable UTF-8 becomes \xNN.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

#define ESCAPE_CHARS	4u	/* of \xNN */

static size_t length_by_first(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* No longer form than necessary, no surrogate, nothing beyond U+10FFFF. */
static bool second_is_valid(const unsigned char *byte)
{
	switch (byte[0]) {
	case 0xe0:
		return byte[1] >= 0xa0;
	case 0xed:
		return byte[1] < 0xa0;
	case 0xf0:
		return byte[1] >= 0x90;
	case 0xf4:
		return byte[1] < 0x90;
	}
	return true;
}

/* Bytes of the character at @text, or 0 if it is not valid UTF-8. */
static size_t length_at(const char *text)
{
	const unsigned char *byte = (const unsigned char *)text;
	size_t i, length = length_by_first(byte[0]);

	for (i = 1; i < length; i++)
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
	return length < 2 || second_is_valid(byte) ? length : 0;
}

/* The control characters of ASCII, and U+0080 to U+009F. */
static bool is_control(const char *text)
{
	const unsigned char *byte = (const unsigned char *)text;

	return byte[0] < 0x20 || byte[0] == 0x7f || (byte[0] == 0xc2 && byte[1] < 0xa0);
}

/* For a terminal: no control characters. */
void utf8_print(FILE *out, const char *text)
{
	size_t length;

	for (; *text; text += length) {
		length = length_at(text);
		if (length && !is_control(text)) {
			fwrite(text, 1, length, out);
			continue;
		}
		fprintf(out, "\\x%02x", (unsigned char)*text);
		length = 1;
	}
}

/* For a document that escapes the control characters below 0x20. The caller frees it. */
char *utf8_valid(const char *text)
{
	char *valid = malloc(ESCAPE_CHARS * strlen(text) + 1);
	char *to = valid;
	size_t length;

	for (; valid && *text; text += length) {
		length = length_at(text);
		if (length && ((unsigned char)*text < 0x20 || !is_control(text))) {
			to = mempcpy(to, text, length);
			continue;
		}
		to += sprintf(to, "\\x%02x", (unsigned char)*text);
		length = 1;
	}
	if (valid)
		*to = '\0';
	return valid;
}
