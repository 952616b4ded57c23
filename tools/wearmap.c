// SPDX-License-Identifier: GPL-2.0
/*
 * wearmap.c - draw the wear of a region as a map of heat
 *
 * The grid has the same size for every region, and a cell has the colour of
 * its most worn slot rather than of their mean: a single hot slot in a terabyte
 * still stands out. The scale begins at the least wear, but is never narrower
 * than a quarter of the mean, so that even wear looks even.
 */
#include <stdio.h>
#include <string.h>

#include "canvas.h"
#include "text.h"
#include "wearmap.h"

#define CELL		8	/* pixels */
#define LEFT		128	/* of the grid */
#define TOP		104
#define RIGHT		32
#define BELOW		128	/* for the scale and the legend */
#define GRID_WIDTH	(WEARMAP_COLUMNS * CELL)
#define WIDTH		(LEFT + GRID_WIDTH + RIGHT)
#define SCALE_WIDTH	512
#define SCALE_HEIGHT	16
#define SHADES		128

#define INK		0x202428u
#define FAINT		0x70767cu
#define RULE		0xffffffu
#define BAD		0x2563ebu	/* no shade of the scale */
#define LOST		0xb4b8bcu
#define HOTTEST		0x0b0d0fu

/* From little wear to much; the steps are even to the eye. */
static const __u32 ramp[] = {
	0xfff4d9, 0xfed98a, 0xfbb04e, 0xf27c35, 0xd64530, 0xa31c39, 0x5a0b3b,
};

#define RAMP_STEPS	(sizeof(ramp) / sizeof(ramp[0]) - 1)

/**
 * struct scale - which wear has which colour
 * @low: wear of the first colour
 * @high: wear of the last
 */
struct scale {
	double low;
	double high;
};

/**
 * wearmap_init() - begin a map
 * @map: the map
 * @slots_nr: slots of the region
 */
void wearmap_init(struct wearmap *map, __u64 slots_nr)
{
	const __u64 cells = WEARMAP_COLUMNS * WEARMAP_ROWS_MAX;

	memset(map, 0, sizeof(*map));
	map->slots_nr = slots_nr;
	/* A power of two gives the rows round offsets. */
	for (map->cell_slots = 1; map->cell_slots * cells < slots_nr;)
		map->cell_slots *= 2;
	map->rows = (int)((slots_nr + map->cell_slots * WEARMAP_COLUMNS - 1) /
			  (map->cell_slots * WEARMAP_COLUMNS));
}

/**
 * wearmap_add() - enter the slots of a table block
 * @map: the map
 * @block: the block
 */
void wearmap_add(struct wearmap *map, const struct table_block *block)
{
	bool lost = table_block_is_lost(block);
	__u32 i, wear;

	for (i = 0; i < block->entries_nr; i++) {
		__u64 slot = block->first_slot + i;
		struct wearmap_cell *cell = &map->cell[slot / map->cell_slots];

		cell->has_lost |= lost;
		wear = __le32_to_cpu(table_entry(block, i).wear);
		if (wear > cell->max)
			cell->max = wear;
		if (wear > map->hottest_wear) {
			map->hottest_wear = wear;
			map->hottest_slot = slot;
		}
	}
}

/**
 * wearmap_add_bad() - enter the bad slots
 * @map: the map
 * @survey: a finished survey
 */
void wearmap_add_bad(struct wearmap *map, const struct survey *survey)
{
	__u64 i;

	for (i = 0; i < survey->bad_nr; i++)
		map->cell[survey->bad[i].slot / map->cell_slots].has_bad = true;
}

static __u32 mix(__u32 from, __u32 to, double share)
{
	__u32 color = 0;
	int shift;

	for (shift = 0; shift <= 16; shift += 8) {
		double a = (from >> shift) & 0xff, b = (to >> shift) & 0xff;

		color |= (__u32)(a + (b - a) * share + 0.5) << shift;
	}
	return color;
}

/* @share: place on the scale, 0 to 1. */
static __u32 shade(double share)
{
	double at = (int)(share * SHADES) * (double)RAMP_STEPS / SHADES;
	size_t step = (size_t)at;

	if (step >= RAMP_STEPS)
		return ramp[RAMP_STEPS];
	return mix(ramp[step], ramp[step + 1], at - (double)step);
}

static struct scale make_scale(const struct wearstat *wear)
{
	struct scale scale = { .low = wear->min, .high = wear->max };
	double narrowest = wearstat_mean(wear) / 4.0;

	if (narrowest < 1.0)
		narrowest = 1.0;
	if (scale.high - scale.low < narrowest)
		scale.high = scale.low + narrowest;
	return scale;
}

static __u32 cell_color(const struct wearmap_cell *cell, const struct scale *scale)
{
	double share = (cell->max - scale->low) / (scale->high - scale->low);

	if (cell->has_bad)
		return BAD;
	if (cell->has_lost)
		return LOST;
	return shade(share < 0.0 ? 0.0 : share > 1.0 ? 1.0 : share);
}

/* Cells of one colour side by side are one rectangle: SVGs stay small. */
static void draw_row(struct canvas *canvas, const struct wearmap *map,
		     const struct scale *scale, int row)
{
	__u64 first = (__u64)row * WEARMAP_COLUMNS;
	int column, end;

	for (column = 0; column < WEARMAP_COLUMNS; column = end) {
		__u32 color = cell_color(&map->cell[first + (__u64)column], scale);

		if ((first + (__u64)column) * map->cell_slots >= map->slots_nr)
			break;
		for (end = column + 1; end < WEARMAP_COLUMNS; end++) {
			__u64 cell = first + (__u64)end;

			if (cell * map->cell_slots >= map->slots_nr ||
			    cell_color(&map->cell[cell], scale) != color)
				break;
		}
		canvas_rect(canvas, LEFT + column * CELL, TOP + row * CELL,
			    (end - column) * CELL, CELL, color);
	}
}

static void draw_rules(struct canvas *canvas, const struct wearmap *map)
{
	int i;

	for (i = 16; i < WEARMAP_COLUMNS; i += 16)
		canvas_rect(canvas, LEFT + i * CELL, TOP, 1, map->rows * CELL, RULE);
	for (i = 8; i < map->rows; i += 8)
		canvas_rect(canvas, LEFT, TOP + i * CELL, GRID_WIDTH, 1, RULE);
}

/* Where in the data area each eighth row begins. */
static void draw_offsets(struct canvas *canvas, const struct wearmap *map)
{
	struct text size;
	int row;

	for (row = 0; row < map->rows; row += 8) {
		__u64 slot = (__u64)row * WEARMAP_COLUMNS * map->cell_slots;
		const char *text = text_size(&size, slot * PSW_MEDIA_SLOT_BYTES);
		int width = (int)strlen(text) * CANVAS_CHAR_WIDTH * 2;

		canvas_text(canvas, LEFT - 10 - width + 2, TOP + row * CELL, 2, FAINT,
			    row ? text : "0 B");
	}
}

static void draw_frame(struct canvas *canvas, int x, int y, int width, int height,
		       int thick, __u32 color)
{
	canvas_rect(canvas, x, y, width, thick, color);
	canvas_rect(canvas, x, y + height - thick, width, thick, color);
	canvas_rect(canvas, x, y, thick, height, color);
	canvas_rect(canvas, x + width - thick, y, thick, height, color);
}

static void draw_hottest(struct canvas *canvas, const struct wearmap *map)
{
	__u64 cell = map->hottest_slot / map->cell_slots;
	int x = LEFT + (int)(cell % WEARMAP_COLUMNS) * CELL;
	int y = TOP + (int)(cell / WEARMAP_COLUMNS) * CELL;

	if (!map->hottest_wear)
		return;
	draw_frame(canvas, x - 4, y - 4, CELL + 8, CELL + 8, 1, RULE);
	draw_frame(canvas, x - 3, y - 3, CELL + 6, CELL + 6, 2, HOTTEST);
}

static void draw_title(struct canvas *canvas, const struct wearmap *map,
		       const struct region *region, const struct wearstat *wear)
{
	const struct psw_media_super *super = region_super(region);
	struct text uuid, label, size;
	char line[256];

	snprintf(line, sizeof(line), "Wear of %.*s", 50, region->medium.path);
	canvas_text(canvas, LEFT, 16, 3, INK, line);
	snprintf(line, sizeof(line), "%s  %s%s%s", text_uuid(&uuid, super->uuid),
		 text_size(&size, region->geo.region_bytes), super->label[0] ? "  " : "",
		 text_label(&label, super->label));
	canvas_text(canvas, LEFT, 46, 2, FAINT, line);
	snprintf(line, sizeof(line),
		 "writes a slot: min %u, mean %.1f, max %u (slot %llu)", wear->min,
		 wearstat_mean(wear), map->hottest_wear, map->hottest_slot);
	canvas_text(canvas, LEFT, 70, 2, INK, line);
}

static void draw_scale(struct canvas *canvas, const struct scale *scale, int y)
{
	char line[32];
	int i;

	for (i = 0; i < SHADES; i++)
		canvas_rect(canvas, LEFT + i * SCALE_WIDTH / SHADES, y,
			    SCALE_WIDTH / SHADES, SCALE_HEIGHT,
			    shade((double)i / (SHADES - 1)));
	for (i = 0; i <= 4; i++) {
		int x = LEFT + i * SCALE_WIDTH / 4;

		canvas_rect(canvas, i ? x - 1 : x, y + SCALE_HEIGHT, 1, 4, FAINT);
		snprintf(line, sizeof(line), "%.*f", scale->high - scale->low < 8.0,
			 scale->low + (scale->high - scale->low) * i / 4.0);
		canvas_text(canvas, x - (int)strlen(line) * CANVAS_CHAR_WIDTH * i / 4 * 2,
			    y + SCALE_HEIGHT + 8, 2, INK, line);
	}
}

static void draw_key(struct canvas *canvas, int x, int y, __u32 color, const char *text)
{
	canvas_rect(canvas, x, y, 14, 14, color);
	canvas_text(canvas, x + 22, y, 2, INK, text);
}

static void draw_legend(struct canvas *canvas, const struct wearmap *map,
			const struct scale *scale)
{
	int y = TOP + map->rows * CELL + 24, x = LEFT + SCALE_WIDTH + 48;
	struct text size;
	char line[128];

	draw_scale(canvas, scale, y);
	draw_key(canvas, x, y, BAD, "has a bad slot");
	draw_key(canvas, x, y + 24, LOST, "wear lost with its table block");
	draw_frame(canvas, x, y + 48, 14, 14, 2, HOTTEST);
	canvas_text(canvas, x + 22, y + 48, 2, INK, "holds the most worn slot");
	text_size(&size, map->cell_slots * PSW_MEDIA_SLOT_BYTES);
	if (map->cell_slots == 1)
		snprintf(line, sizeof(line), "cell: one slot (%s)", size.s);
	else
		snprintf(line, sizeof(line), "cell: most worn of %llu slots (%s)",
			 map->cell_slots, size.s);
	canvas_text(canvas, LEFT, y + 56, 2, FAINT, line);
}

/**
 * wearmap_draw() - draw a map into a file
 * @map: the map
 * @region: the region it is of
 * @wear: statistics of the same wear
 * @path: the file; ".svg" or ".png" at its end decide
 *
 * Return: 0, or -errno after telling the user.
 */
int wearmap_draw(const struct wearmap *map, const struct region *region,
		 const struct wearstat *wear, const char *path)
{
	struct scale scale = make_scale(wear);
	struct canvas canvas;
	int err, row;

	err = canvas_open(&canvas, path, WIDTH, TOP + map->rows * CELL + BELOW);
	if (err)
		return err;
	draw_title(&canvas, map, region, wear);
	for (row = 0; row < map->rows; row++)
		draw_row(&canvas, map, &scale, row);
	draw_rules(&canvas, map);
	draw_offsets(&canvas, map);
	draw_hottest(&canvas, map);
	draw_legend(&canvas, map, &scale);
	return canvas_close(&canvas);
}
