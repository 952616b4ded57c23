// SPDX-License-Identifier: GPL-2.0
/*
 * wearmap.c - draw the wear of a region as a heat map
 *
 * The grid has the same size for every region. A cell has the colour of its
 * most worn slot, not of the mean: so one hot slot in a terabyte stands out.
 * The scale begins at the least wear. It covers at least a quarter of the
 * mean, so that even wear looks even.
 */
#include <stdio.h>
#include <string.h>

#include "svg.h"
#include "text.h"
#include "wearmap.h"

/* All in pixels. */
#define CELL		8
#define LEFT		96	/* of the grid */
#define TOP		112
#define RIGHT		32
#define BELOW		136	/* for the scale and the legend */
#define GRID_WIDTH	(WEARMAP_COLUMNS * CELL)
#define WIDTH		(LEFT + GRID_WIDTH + RIGHT)
#define SCALE_WIDTH	512
#define SCALE_HEIGHT	16
#define SHADES		128
#define TITLE_SIZE	22
#define TEXT_SIZE	15
#define LABEL_SIZE	13

#define INK		0x202428u
#define FAINT		0x70767cu
#define RULE		0xffffffu
#define BAD		0x2563ebu	/* no shade of the scale */
#define LOST		0xb4b8bcu
#define HOTTEST		0x0b0d0fu

/* From little wear to much, in steps that look alike. */
static const __u32 ramp[] = {
	0xfff4d9, 0xfed98a, 0xfbb04e, 0xf27c35, 0xd64530, 0xa31c39, 0x5a0b3b,
};

#define RAMP_STEPS	(sizeof(ramp) / sizeof(ramp[0]) - 1)

/* The wear of the first and of the last colour. */
struct scale {
	double low;
	double high;
};

void wearmap_init(struct wearmap *map, __u64 slots_nr)
{
	const __u64 cells = WEARMAP_COLUMNS * WEARMAP_ROWS_MAX;

	memset(map, 0, sizeof(*map));
	map->slots_nr = slots_nr;
	/* A power of two, so that rows begin at round offsets. */
	for (map->cell_slots = 1; map->cell_slots * cells < slots_nr;)
		map->cell_slots *= 2;
	map->rows = (int)((slots_nr + map->cell_slots * WEARMAP_COLUMNS - 1) /
			  (map->cell_slots * WEARMAP_COLUMNS));
}

void wearmap_add(struct wearmap *map, const struct table_block *block)
{
	bool lost = table_block_is_lost(block);
	struct psw_media_entry entry;
	__u32 i, wear;

	for (i = 0; i < block->entries_nr; i++) {
		__u64 slot = block->first_slot + i;
		struct wearmap_cell *cell = &map->cell[slot / map->cell_slots];

		cell->has_lost |= lost;
		entry = table_entry(block, i);
		cell->has_bad |= __le16_to_cpu(entry.flags) & PSW_MEDIA_SLOT_BAD;
		wear = __le32_to_cpu(entry.wear);
		if (wear > cell->max)
			cell->max = wear;
		if (wear > map->hottest_wear) {
			map->hottest_wear = wear;
			map->hottest_slot = slot;
		}
	}
}

/* The bad slots of the list; wearmap_add() knows those of the table. */
void wearmap_add_bad(struct wearmap *map, const struct survey *survey)
{
	__u64 i;

	for (i = 0; i < survey->listed_nr; i++)
		map->cell[survey->listed[i].slot / map->cell_slots].has_bad = true;
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

/* Cells of one colour side by side are one rectangle, so the file stays small. */
static void draw_row(struct svg *svg, const struct wearmap *map,
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
		svg_rect(svg, LEFT + column * CELL, TOP + row * CELL,
			 (end - column) * CELL, CELL, color);
	}
}

static void draw_rules(struct svg *svg, const struct wearmap *map)
{
	int i;

	for (i = 16; i < WEARMAP_COLUMNS; i += 16)
		svg_rect(svg, LEFT + i * CELL, TOP, 1, map->rows * CELL, RULE);
	for (i = 8; i < map->rows; i += 8)
		svg_rect(svg, LEFT, TOP + i * CELL, GRID_WIDTH, 1, RULE);
}

/* The offset in the data area at which each eighth row begins. */
static void draw_offsets(struct svg *svg, const struct wearmap *map)
{
	struct text size;
	int row;

	for (row = 0; row < map->rows; row += 8) {
		__u64 slot = (__u64)row * WEARMAP_COLUMNS * map->cell_slots;

		svg_text(svg, LEFT - 8, TOP + row * CELL + LABEL_SIZE - 3, LABEL_SIZE,
			 SVG_END, FAINT, text_size(&size, slot * PSW_MEDIA_SLOT_BYTES));
	}
}

static void draw_hottest(struct svg *svg, const struct wearmap *map)
{
	__u64 cell = map->hottest_slot / map->cell_slots;
	int x = LEFT + (int)(cell % WEARMAP_COLUMNS) * CELL;
	int y = TOP + (int)(cell / WEARMAP_COLUMNS) * CELL;

	if (!map->hottest_wear)
		return;
	svg_frame(svg, x - 4, y - 4, CELL + 8, 1, RULE);
	svg_frame(svg, x - 3, y - 3, CELL + 6, 2, HOTTEST);
}

static void draw_title(struct svg *svg, const struct wearmap *map,
		       const struct region *region, const struct wearstat *wear)
{
	const struct psw_media_super *super = region_super(region);
	struct text uuid, label, size;
	char line[256];

	snprintf(line, sizeof(line), "Wear of %.50s", region->device.path);
	svg_text(svg, LEFT, 36, TITLE_SIZE, SVG_START, INK, line);
	snprintf(line, sizeof(line), "%s%s%s, %s", text_label(&label, super->label),
		 super->label[0] ? ", " : "", text_size(&size, region->geo.region_bytes),
		 text_uuid(&uuid, super->uuid));
	svg_text(svg, LEFT, 64, TEXT_SIZE, SVG_START, FAINT, line);
	snprintf(line, sizeof(line), "writes a slot: min %u, mean %.1f, max %u (slot %llu)",
		 wear->min, wearstat_mean(wear), map->hottest_wear, map->hottest_slot);
	svg_text(svg, LEFT, 90, TEXT_SIZE, SVG_START, INK, line);
}

static void draw_scale(struct svg *svg, const struct scale *scale, int y)
{
	char line[32];
	int i;

	for (i = 0; i < SHADES; i++)
		svg_rect(svg, LEFT + i * SCALE_WIDTH / SHADES, y, SCALE_WIDTH / SHADES,
			 SCALE_HEIGHT, shade((double)i / (SHADES - 1)));
	for (i = 0; i <= 4; i++) {
		enum svg_anchor anchor = !i ? SVG_START : i < 4 ? SVG_MIDDLE : SVG_END;
		int x = LEFT + i * SCALE_WIDTH / 4;

		svg_rect(svg, i ? x - 1 : x, y + SCALE_HEIGHT, 1, 4, FAINT);
		snprintf(line, sizeof(line), "%.*f", scale->high - scale->low < 8.0,
			 scale->low + (scale->high - scale->low) * i / 4.0);
		svg_text(svg, x, y + SCALE_HEIGHT + 20, LABEL_SIZE, anchor, INK, line);
	}
}

static void draw_key(struct svg *svg, int x, int y, const char *text)
{
	svg_text(svg, x + 24, y + 12, TEXT_SIZE, SVG_START, INK, text);
}

static void draw_legend(struct svg *svg, const struct wearmap *map,
			const struct scale *scale)
{
	int y = TOP + map->rows * CELL + 28, x = LEFT + SCALE_WIDTH + 64;
	struct text size;
	char line[160];

	draw_scale(svg, scale, y);
	svg_rect(svg, x, y, 14, 14, BAD);
	draw_key(svg, x, y, "has a bad slot");
	svg_rect(svg, x, y + 28, 14, 14, LOST);
	draw_key(svg, x, y + 28, "wear lost with a table block");
	svg_frame(svg, x, y + 56, 14, 2, HOTTEST);
	draw_key(svg, x, y + 56, "holds the most worn slot");
	text_size(&size, map->cell_slots * PSW_MEDIA_SLOT_BYTES);
	if (map->cell_slots == 1)
		snprintf(line, sizeof(line), "a cell is one slot (%s)", size.s);
	else
		snprintf(line, sizeof(line),
			 "a cell has the colour of the most worn of its %llu slots (%s)",
			 map->cell_slots, size.s);
	svg_text(svg, LEFT, y + 68, TEXT_SIZE, SVG_START, FAINT, line);
}

/* @wear must be of the same region as the map. */
int wearmap_draw(const struct wearmap *map, const struct region *region,
		 const struct wearstat *wear, const char *path)
{
	struct scale scale = make_scale(wear);
	struct svg svg;
	int err, row;

	err = svg_open(&svg, path, WIDTH, TOP + map->rows * CELL + BELOW);
	if (err)
		return err;
	draw_title(&svg, map, region, wear);
	for (row = 0; row < map->rows; row++)
		draw_row(&svg, map, &scale, row);
	draw_rules(&svg, map);
	draw_offsets(&svg, map);
	draw_hottest(&svg, map);
	draw_legend(&svg, map, &scale);
	return svg_close(&svg);
}
