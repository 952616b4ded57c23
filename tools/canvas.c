// SPDX-License-Identifier: GPL-2.0
/*
 * canvas.c - draw rectangles and text into an SVG or a PNG
 */
#include <errno.h>
#include <png.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "canvas.h"
#include "font.h"
#include "message.h"

static bool ends_in(const char *path, const char *suffix)
{
	size_t path_chars = strlen(path), suffix_chars = strlen(suffix);

	return path_chars > suffix_chars &&
	       !strcasecmp(path + path_chars - suffix_chars, suffix);
}

static int begin_png(struct canvas *canvas)
{
	size_t bytes = (size_t)canvas->width * (size_t)canvas->height * 3;

	canvas->pixels = malloc(bytes);
	if (!canvas->pixels) {
		error("out of memory");
		return -ENOMEM;
	}
	memset(canvas->pixels, 0xff, bytes);
	return 0;
}

static void begin_svg(struct canvas *canvas)
{
	fprintf(canvas->file,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\" font-family=\"'DejaVu Sans Mono', monospace\">\n"
		"<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
		canvas->width, canvas->height, canvas->width, canvas->height,
		canvas->width, canvas->height);
}

/**
 * canvas_open() - begin a picture, white all over
 * @canvas: filled in
 * @path: the file, by its name an SVG or a PNG; must outlive @canvas
 * @width: in pixels
 * @height: in pixels
 *
 * Return: 0, or -errno after telling the user.
 */
int canvas_open(struct canvas *canvas, const char *path, int width, int height)
{
	bool is_png = ends_in(path, ".png");
	int err;

	*canvas = (struct canvas){ .path = path, .width = width, .height = height };
	if (!is_png && !ends_in(path, ".svg")) {
		error("%s: a map is an .svg or a .png", path);
		return -EINVAL;
	}
	if (is_png && begin_png(canvas))
		return -ENOMEM;
	canvas->file = fopen(path, "we");
	if (!canvas->file) {
		err = -errno;
		error("%s: cannot create: %s", path, strerror(-err));
		free(canvas->pixels);
		return err;
	}
	if (!is_png)
		begin_svg(canvas);
	return 0;
}

static void set_pixel(struct canvas *canvas, int x, int y, __u32 color)
{
	__u8 *pixel;

	if (x < 0 || y < 0 || x >= canvas->width || y >= canvas->height)
		return;
	pixel = canvas->pixels + ((size_t)y * (size_t)canvas->width + (size_t)x) * 3;
	pixel[0] = (__u8)(color >> 16);
	pixel[1] = (__u8)(color >> 8);
	pixel[2] = (__u8)color;
}

/**
 * canvas_rect() - draw a filled rectangle
 * @canvas: the picture
 * @x: left edge
 * @y: upper edge
 * @width: in pixels
 * @height: in pixels
 * @color: its colour
 */
void canvas_rect(struct canvas *canvas, int x, int y, int width, int height,
		 __u32 color)
{
	int i, j;

	if (!canvas->pixels) {
		fprintf(canvas->file,
			"<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n",
			x, y, width, height, color);
		return;
	}
	for (j = 0; j < height; j++)
		for (i = 0; i < width; i++)
			set_pixel(canvas, x + i, y + j, color);
}

static void svg_text(struct canvas *canvas, int x, int y, int size, __u32 color,
		     const char *text)
{
	/* Ten pixels of font size make capitals seven high and characters six wide. */
	fprintf(canvas->file, "<text x=\"%d\" y=\"%d\" font-size=\"%d\" fill=\"#%06x\" xml:space=\"preserve\">",
		x, y + CANVAS_CHAR_HEIGHT * size, 10 * size, color);
	for (; *text; text++)
		switch (*text) {
		case '<':
			fputs("&lt;", canvas->file);
			break;
		case '>':
			fputs("&gt;", canvas->file);
			break;
		case '&':
			fputs("&amp;", canvas->file);
			break;
		default:
			fputc(*text, canvas->file);
		}
	fputs("</text>\n", canvas->file);
}

static void png_glyph(struct canvas *canvas, int x, int y, int size, __u32 color,
		      const __u8 *glyph)
{
	int row, column;

	for (row = 0; row < FONT_ROWS; row++)
		for (column = 0; column < FONT_COLUMNS; column++)
			if (glyph[row] & (0x10 >> column))
				canvas_rect(canvas, x + column * size, y + row * size,
					    size, size, color);
}

/**
 * canvas_text() - draw a line of text
 * @canvas: the picture
 * @x: left edge
 * @y: upper edge of the capitals
 * @size: in multiples of CANVAS_CHAR_WIDTH and CANVAS_CHAR_HEIGHT
 * @color: its colour
 * @text: printable ASCII; anything else is drawn as a question mark
 */
void canvas_text(struct canvas *canvas, int x, int y, int size, __u32 color,
		 const char *text)
{
	char clean[256], *c;

	snprintf(clean, sizeof(clean), "%s", text);
	for (c = clean; *c; c++)
		if (*c < FONT_FIRST || *c > FONT_LAST)
			*c = '?';
	if (!canvas->pixels) {
		svg_text(canvas, x, y, size, color, clean);
		return;
	}
	for (c = clean; *c; c++, x += CANVAS_CHAR_WIDTH * size)
		png_glyph(canvas, x, y, size, color, font_glyph[*c - FONT_FIRST]);
}

static void write_rows(struct canvas *canvas, png_structp png, png_infop info)
{
	int y;

	png_init_io(png, canvas->file);
	png_set_IHDR(png, info, (png_uint_32)canvas->width, (png_uint_32)canvas->height,
		     8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_write_info(png, info);
	for (y = 0; y < canvas->height; y++)
		png_write_row(png, canvas->pixels + (size_t)y * (size_t)canvas->width * 3);
	png_write_end(png, NULL);
}

static int end_png(struct canvas *canvas)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	int err = -ENOMEM;

	if (info) {
		/* libpng comes back here from whatever goes wrong in it. */
		if (setjmp(png_jmpbuf(png))) {
			png_destroy_write_struct(&png, &info);
			return -EIO;
		}
		write_rows(canvas, png, info);
		err = 0;
	}
	png_destroy_write_struct(&png, &info);
	return err;
}

/**
 * canvas_close() - finish a picture and its file
 * @canvas: the picture
 *
 * Return: 0, or -errno after telling the user.
 */
int canvas_close(struct canvas *canvas)
{
	int err = 0;

	if (canvas->pixels)
		err = end_png(canvas);
	else
		fputs("</svg>\n", canvas->file);
	if (ferror(canvas->file))
		err = -EIO;
	if (fclose(canvas->file))
		err = -errno;
	free(canvas->pixels);
	if (err)
		error("%s: cannot write: %s", canvas->path, strerror(-err));
	return err;
}
