/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Most cells of a table are a word or a number on one line. Laying out such a text means looking
 * for fonts, scripts and places to break, which are known beforehand; here it is only shaped. A
 * text that is not of plain letters, or might not fit, is left to the layout.
 */
#include <string.h>

#include "collector/report/monthly/paper/paper.h"

#define FIRST ' '
#define LAST '~'
#define KERNING 1.05 /* pairs of letters mostly draw together; should they not, by no more */

struct line_font { /* one style */
	PangoItem *item; /* any letter of it; NULL: the style was not asked for yet */
	double advances[LAST - FIRST + 1];
	double height, baseline;
};

struct line_fonts {
	PangoLayout *layout; /* borrowed */
	PangoGlyphString *glyphs;
	struct line_font fonts[STYLE_COUNT];
};

struct line_fonts *lines_new(PangoLayout *layout)
{
	struct line_fonts *lines = g_new0(struct line_fonts, 1);

	lines->layout = layout;
	lines->glyphs = pango_glyph_string_new();
	return lines;
}

void lines_free(struct line_fonts *lines)
{
	if (!lines)
		return;
	for (int i = 0; i < STYLE_COUNT; i++) {
		if (lines->fonts[i].item)
			pango_item_free(lines->fonts[i].item);
	}
	pango_glyph_string_free(lines->glyphs);
	g_free(lines);
}

static double points(int units)
{
	return (double)units / PANGO_SCALE;
}

/* What the layout says of each letter alone; it is not wrapped. */
static const struct line_font *find_font(struct paper *paper, enum paper_style style)
{
	struct line_fonts *lines = paper->lines;
	struct line_font *font = &lines->fonts[style];
	PangoLayoutLine *line;
	int width, height;

	if (font->item)
		return font;
	pango_layout_set_font_description(lines->layout, paper->styles[style]);
	pango_layout_set_width(lines->layout, -1);
	for (char letter = FIRST; letter <= LAST; letter++) {
		pango_layout_set_text(lines->layout, &letter, 1);
		pango_layout_get_size(lines->layout, &width, &height);
		font->advances[letter - FIRST] = points(width);
	}
	pango_layout_set_text(lines->layout, "x", 1);
	pango_layout_get_size(lines->layout, NULL, &height);
	font->height = points(height);
	font->baseline = points(pango_layout_get_baseline(lines->layout));
	line = pango_layout_get_line_readonly(lines->layout, 0);
	font->item = pango_item_copy(((PangoGlyphItem *)line->runs->data)->item);
	return font;
}

bool line_fits(struct paper *paper, enum paper_style style, double width, const char *text,
	double *ret_height)
{
	const struct line_font *font = find_font(paper, style);
	double taken = 0;

	for (const char *at = text; *at; at++) {
		if (*at < FIRST || *at > LAST)
			return false;
		taken += font->advances[*at - FIRST];
	}
	if (taken * KERNING > width)
		return false;
	*ret_height = *text ? font->height : 0;
	return true;
}

void line_draw(struct paper *paper, const struct paper_block *block, double y, const char *text)
{
	const struct line_font *font = find_font(paper, block->style);
	PangoItem item = *font->item;
	PangoGlyphItem run = {.item = &item, .glyphs = paper->lines->glyphs};
	double x = block->x;

	item.offset = 0;
	item.length = item.num_chars = (int)strlen(text);
	pango_shape(text, item.length, &item.analysis, run.glyphs);
	if (block->align == ALIGN_RIGHT)
		x += block->width - points(pango_glyph_string_get_width(run.glyphs));
	cairo_move_to(paper->cr, x, y + font->baseline);
	pango_cairo_show_glyph_item(paper->cr, text, &run);
}
