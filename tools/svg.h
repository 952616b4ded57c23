/* SPDX-License-Identifier: GPL-2.0 */
/*
 * svg.h - a picture of rectangles and text
 */
#ifndef PSW_TOOLS_SVG_H
#define PSW_TOOLS_SVG_H

#include <linux/types.h>
#include <stdio.h>

struct svg {
	const char *path;
	char *temporary;	/* name while it is written */
	FILE *file;
};

/* Which point of a text its x is. */
enum svg_anchor {
	SVG_START,
	SVG_MIDDLE,
	SVG_END,
};

/* Colours are 0xRRGGBB; coordinates count pixels from the top left. */
int svg_open(struct svg *svg, const char *path, int width, int height);
void svg_rect(struct svg *svg, int x, int y, int width, int height, __u32 color);
void svg_frame(struct svg *svg, int x, int y, int side, int thick, __u32 color);
void svg_text(struct svg *svg, int x, int baseline, int size, enum svg_anchor anchor,
	      __u32 color, const char *text);
int svg_close(struct svg *svg);

#endif /* PSW_TOOLS_SVG_H */
