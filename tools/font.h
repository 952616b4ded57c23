/* SPDX-License-Identifier: GPL-2.0 */
/*
 * font.h - a dot-matrix font for pictures that have no font of their own
 */
#ifndef PSW_TOOLS_FONT_H
#define PSW_TOOLS_FONT_H

#include <linux/types.h>

#define FONT_COLUMNS	5
#define FONT_ROWS	7
#define FONT_FIRST	' '
#define FONT_LAST	'~'

/* One glyph a character; one byte a row, top first, bit 4 is the left column. */
extern const __u8 font_glyph[FONT_LAST - FONT_FIRST + 1][FONT_ROWS];

#endif /* PSW_TOOLS_FONT_H */
