/* SPDX-License-Identifier: Apache-2.0 */
#include <cairo-pdf.h>
#include <stdio.h>
#include <string.h>

#include "collector/report/monthly/clean.h"
#include "collector/report/monthly/paper/paper.h"

#define AFTER_PARAGRAPH 6.0

/* In a dry run nobody reads aloud. */
void paper_tag(struct paper *paper, const char *tag)
{
	if (paper->out)
		cairo_tag_begin(paper->cr, tag, NULL);
}

void paper_untag(struct paper *paper, const char *tag)
{
	if (paper->out)
		cairo_tag_end(paper->cr, tag);
}

struct paper_block paper_wide(const struct paper *paper, enum paper_style style)
{
	return (struct paper_block){paper->left, paper_room(paper), style, ALIGN_LEFT, COLOUR_INK};
}

static double set(struct paper *paper, const struct paper_block *block, const char *text)
{
	static const PangoAlignment aligns[] = {[ALIGN_LEFT] = PANGO_ALIGN_LEFT,
		[ALIGN_RIGHT] = PANGO_ALIGN_RIGHT,
		[ALIGN_CENTER] = PANGO_ALIGN_CENTER};
	char *copy = g_strdup(text), *end;
	int height;

	/* a configuration may hold any bytes; lines are ended by our own code alone */
	for (char *line = copy; line; line = end) {
		end = strchr(line, '\n');
		if (end)
			*end = '\0';
		clean_text(line);
		if (end)
			*end++ = '\n';
	}
	pango_layout_set_font_description(paper->layout, paper->styles[block->style]);
	pango_layout_set_width(paper->layout, (int)(block->width * PANGO_SCALE));
	pango_layout_set_alignment(paper->layout, aligns[block->align]);
	pango_layout_set_text(paper->layout, copy, -1);
	g_free(copy);
	pango_layout_get_size(paper->layout, NULL, &height);
	return (double)height / PANGO_SCALE;
}

double paper_measure(struct paper *paper, const struct paper_block *block, const char *text)
{
	return set(paper, block, text);
}

double paper_draw(struct paper *paper, const struct paper_block *block, double y, const char *text)
{
	double height = set(paper, block, text);

	if (!paper->out)
		return height;
	paper_colour(paper, block->colour);
	cairo_move_to(paper->cr, block->x, y);
	pango_cairo_show_layout(paper->cr, paper->layout);
	return height;
}

void paper_line(struct paper *paper, const struct paper_block *block, double y, const char *text)
{
	set(paper, block, text);
	pango_layout_set_ellipsize(paper->layout, PANGO_ELLIPSIZE_END);
	paper_colour(paper, block->colour);
	cairo_move_to(paper->cr, block->x, y);
	pango_cairo_show_layout(paper->cr, paper->layout);
	pango_layout_set_ellipsize(paper->layout, PANGO_ELLIPSIZE_NONE);
}

void paper_text(
	struct paper *paper, const char *tag, const struct paper_block *block, const char *text)
{
	paper_need(paper, paper_measure(paper, block, text));
	paper_tag(paper, tag);
	paper->y += paper_draw(paper, block, paper->y, text);
	paper_untag(paper, tag);
}

void paper_paragraph(struct paper *paper, const char *text)
{
	struct paper_block block = paper_wide(paper, STYLE_BODY);

	paper_text(paper, "P", &block, text);
	paper->y += AFTER_PARAGRAPH;
}

/* Where the outline leads to. */
static void mark_place(struct paper *paper, const char *text)
{
	char place[80];

	if (!paper->out)
		return;
	snprintf(place, sizeof(place), "page=%u pos=[%d %d]", paper->page, (int)paper->left,
		(int)paper->y);
	cairo_pdf_surface_add_outline(
		paper->surface, CAIRO_PDF_OUTLINE_ROOT, text, place, CAIRO_PDF_OUTLINE_FLAG_OPEN);
	snprintf(place, sizeof(place), "name='s%u'", paper->section);
	cairo_tag_begin(paper->cr, CAIRO_TAG_DEST, place);
}

void paper_heading(struct paper *paper, const char *text)
{
	struct paper_block block = paper_wide(paper, STYLE_H1);

	paper_need(paper, 80);
	paper->section++;
	block.colour = COLOUR_NAVY;
	mark_place(paper, text);
	paper_text(paper, "H1", &block, text);
	if (paper->out)
		cairo_tag_end(paper->cr, CAIRO_TAG_DEST);
	paper->y += 6;
}

void paper_subheading(struct paper *paper, const char *text)
{
	struct paper_block block = paper_wide(paper, STYLE_H2);

	paper_need(paper, 60);
	paper->y += 6;
	block.colour = COLOUR_NAVY;
	paper_text(paper, "H2", &block, text);
	paper->y += 3;
}
