/* SPDX-License-Identifier: GPL-2.0 */
/*
 * canvas.h - a picture of rectangles and text, as SVG or as PNG
 */
#ifndef PSW_TOOLS_CANVAS_H
#define PSW_TOOLS_CANVAS_H

#include <linux/types.h>
#include <stdio.h>

/* Width of a character and height of a capital, for a text size of 1. */
#define CANVAS_CHAR_WIDTH	6
#define CANVAS_CHAR_HEIGHT	7

/**
 * struct canvas - a picture being drawn
 * @path: where it goes; ".svg" or ".png" at its end decide
 * @file: that file
 * @width: in pixels
 * @height: in pixels
 * @pixels: of a PNG, three bytes each; NULL for an SVG, which is written as
 *	it is drawn
 */
struct canvas {
	const char *path;
	FILE *file;
	int width;
	int height;
	__u8 *pixels;
};

/* Colours are 0xRRGGBB; coordinates count pixels from the top left. */
int canvas_open(struct canvas *canvas, const char *path, int width, int height);
void canvas_rect(struct canvas *canvas, int x, int y, int width, int height,
		 __u32 color);
void canvas_text(struct canvas *canvas, int x, int y, int size, __u32 color,
		 const char *text);
int canvas_close(struct canvas *canvas);

#endif /* PSW_TOOLS_CANVAS_H */
