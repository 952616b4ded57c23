// SPDX-License-Identifier: GPL-2.0
/*
 * svg.c - write rectangles and text as SVG
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message.h"
#include "svg.h"

/* A new file beside @path, with the permissions that fopen() would give it. */
static int create(struct svg *svg)
{
	mode_t mask = umask(0);
	int fd, err;

	umask(mask);
	if (asprintf(&svg->temporary, "%s.XXXXXX", svg->path) < 0)
		return -ENOMEM;
	fd = mkostemp(svg->temporary, O_CLOEXEC);
	if (fd >= 0 && !fchmod(fd, 0666 & ~mask))
		svg->file = fdopen(fd, "w");
	if (svg->file)
		return 0;
	err = -errno;
	if (fd >= 0) {
		close(fd);
		unlink(svg->temporary);
	}
	free(svg->temporary);
	return err;
}

/* A white picture. What was at @path stays until svg_close() has succeeded. */
int svg_open(struct svg *svg, const char *path, int width, int height)
{
	int err;

	memset(svg, 0, sizeof(*svg));
	svg->path = path;
	err = create(svg);
	if (err) {
		error("%s: cannot create: %s", path, strerror(-err));
		return err;
	}
	fprintf(svg->file,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\" font-family=\"'DejaVu Sans', Verdana, sans-serif\">\n",
		width, height, width, height);
	svg_rect(svg, 0, 0, width, height, 0xffffff);
	return 0;
}

void svg_rect(struct svg *svg, int x, int y, int width, int height, __u32 color)
{
	fprintf(svg->file,
		"<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n", x,
		y, width, height, color);
}

/* The outline of a square, drawn inside its edges. */
void svg_frame(struct svg *svg, int x, int y, int side, int thick, __u32 color)
{
	svg_rect(svg, x, y, side, thick, color);
	svg_rect(svg, x, y + side - thick, side, thick, color);
	svg_rect(svg, x, y, thick, side, color);
	svg_rect(svg, x + side - thick, y, thick, side, color);
}

/* Anything but printable ASCII becomes a question mark. */
static void put_escaped(FILE *file, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '<':
			fputs("&lt;", file);
			break;
		case '>':
			fputs("&gt;", file);
			break;
		case '&':
			fputs("&amp;", file);
			break;
		default:
			fputc(*text < ' ' || *text > '~' ? '?' : *text, file);
		}
}

void svg_text(struct svg *svg, int x, int baseline, int size, enum svg_anchor anchor,
	      __u32 color, const char *text)
{
	static const char *const name[] = {
		[SVG_START] = "start",
		[SVG_MIDDLE] = "middle",
		[SVG_END] = "end",
	};

	fprintf(svg->file,
		"<text x=\"%d\" y=\"%d\" font-size=\"%d\" text-anchor=\"%s\" fill=\"#%06x\">",
		x, baseline, size, name[anchor], color);
	put_escaped(svg->file, text);
	fputs("</text>\n", svg->file);
}

/* Reports the errors of all writes to the file. */
int svg_close(struct svg *svg)
{
	int err = 0;

	fputs("</svg>\n", svg->file);
	if (fflush(svg->file) || ferror(svg->file))
		err = errno ? -errno : -EIO;
	if (fclose(svg->file) && !err)
		err = -errno;
	if (!err && rename(svg->temporary, svg->path))
		err = -errno;
	if (err) {
		error("%s: cannot write: %s", svg->path, strerror(-err));
		unlink(svg->temporary);
	}
	free(svg->temporary);
	return err;
}
