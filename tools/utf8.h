/* SPDX-License-Identifier: GPL-2.0 */
/*
 * utf8.h - text that may be any bytes, such as a path
 */
#ifndef PSW_TOOLS_UTF8_H
#define PSW_TOOLS_UTF8_H

#include <stdio.h>

void utf8_print(FILE *out, const char *text);
char *utf8_valid(const char *text);

#endif /* PSW_TOOLS_UTF8_H */
