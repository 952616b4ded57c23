// SPDX-License-Identifier: GPL-2.0
/*
 * text.c - values as text, and text as values
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uuid/uuid.h>

#include "text.h"

/* In the largest binary unit that fits. */
const char *text_size(struct text *text, __u64 bytes)
{
	static const char *const unit[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double value = (double)bytes;
	int i = 0;

	while (value >= 1024.0) {
		value /= 1024.0;
		i++;
	}
	/* cppcheck-suppress ctuuninitvar; it is filled in */
	snprintf(text->s, sizeof(text->s), value == (double)(__u64)value ? "%.0f %s" :
		 "%.1f %s", value, unit[i]);
	return text->s;
}

/* In the local time zone; 0 is "never". */
const char *text_time(struct text *text, __u64 seconds)
{
	time_t when = (time_t)seconds;
	struct tm tm;

	if (!seconds)
		strcpy(text->s, "never");
	else if (seconds > (__u64)1 << 40 || !localtime_r(&when, &tm) ||
		 !strftime(text->s, sizeof(text->s), "%F %T %z", &tm))
		snprintf(text->s, sizeof(text->s), "%llu s after the epoch", seconds);
	return text->s;
}

const char *text_uuid(struct text *text, const __u8 uuid[PSW_MEDIA_UUID_BYTES])
{
	uuid_unparse_lower(uuid, text->s);
	return text->s;
}

/* Anything but printable ASCII becomes \xNN, so no label can control a terminal. */
const char *text_label(struct text *text, const __u8 label[PSW_MEDIA_LABEL_BYTES])
{
	/* cppcheck-suppress ctuuninitvar; it is filled in */
	char *to = text->s;
	int i;

	for (i = 0; i < PSW_MEDIA_LABEL_BYTES && label[i]; i++)
		if (label[i] >= 0x20 && label[i] < 0x7f && label[i] != '\\')
			*to++ = (char)label[i];
		else
			to += sprintf(to, "\\x%02x", label[i]);
	*to = '\0';
	return text->s;
}

/* @share is 0 to 1. A share above 0 shows at least one column. */
void text_bar(FILE *out, double share, int width)
{
	int filled = (int)(share * width + 0.5);

	if (share > 0.0 && !filled)
		filled = 1;
	while (filled-- > 0)
		fputc('#', out);
}

/* Decimal digits only. */
bool text_parse_number(const char *text, __u64 *value)
{
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return !errno && !*end;
}

/* K, M, G and T are powers of 1024; "iB" may follow them. */
bool text_parse_size(const char *text, __u64 *bytes)
{
	static const char units[] = "KMGT";
	unsigned int shift = 0;
	const char *unit;
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	*bytes = strtoull(text, &end, 10);
	if (errno)
		return false;
	if (*end) {
		unit = strchr(units, toupper((unsigned char)*end));
		if (!unit || (end[1] && strcmp(end + 1, "iB")))
			return false;
		shift = 10 * (unsigned int)(unit - units + 1);
	}
	if (*bytes > ((__u64)1 << 62) >> shift)
		return false;
	*bytes <<= shift;
	return true;
}
