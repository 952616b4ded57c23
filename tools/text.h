/* SPDX-License-Identifier: GPL-2.0 */
/*
 * text.h - values as text, and text as values
 */
#ifndef PSW_TOOLS_TEXT_H
#define PSW_TOOLS_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "pmemswap_format.h"

#define TEXT_BYTES	80

/* The functions below fill it in and return it, for use in printf(). */
struct text {
	char s[TEXT_BYTES];
};

const char *text_size(struct text *text, __u64 bytes);
const char *text_time(struct text *text, __u64 seconds);
const char *text_uuid(struct text *text, const __u8 uuid[PSW_MEDIA_UUID_BYTES]);
const char *text_label(struct text *text, const __u8 label[PSW_MEDIA_LABEL_BYTES]);
void text_bar(FILE *out, double share, int width);

bool text_parse_number(const char *text, __u64 *value);
bool text_parse_size(const char *text, __u64 *bytes);

#endif /* PSW_TOOLS_TEXT_H */
