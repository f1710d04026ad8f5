/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/monthly/paper/paper.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/civil.h"

#define HEAD_Y 28.0
#define FOOT_Y 30.0 /* from below */
#define WATERMARK_SIZE 92.0
#define WATERMARK_COLOUR 0xFAEDEBu
#define ROOT_TAG "Document"

/* ---- the file */

static cairo_status_t append(void *arg, const unsigned char *bytes, unsigned length)
{
	struct paper *paper = arg;

	if (paper->out && !paper->failed)
		paper->failed = buf_append(paper->out, bytes, length);
	return paper->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void describe(struct paper *paper)
{
	const struct paper_words *words = paper->words;
	char dated[CIVIL_TIME_BYTES];
	const struct {
		cairo_pdf_metadata_t key;
		const char *value;
	} facts[] = {
		{CAIRO_PDF_METADATA_TITLE, words->title},
		{CAIRO_PDF_METADATA_SUBJECT, words->subject},
		{CAIRO_PDF_METADATA_AUTHOR, words->author},
		{CAIRO_PDF_METADATA_CREATOR, "Pantau Desa"},
		{CAIRO_PDF_METADATA_CREATE_DATE, dated},
		{CAIRO_PDF_METADATA_MOD_DATE, dated},
	};

	civil_format(words->dated_s, dated);
	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++)
		cairo_pdf_surface_set_metadata(paper->surface, facts[i].key, facts[i].value);
}

int paper_open(struct paper *paper, const struct paper_words *words, struct buf *out,
	unsigned pages, struct err *err)
{
	int r;

	*paper = (struct paper){.words = words, .out = out, .pages = pages};
	r = fonts_open(&paper->fonts, err);
	if (r < 0)
		return r;
	paper->context = fonts_context(paper->fonts, words->language);
	paper->layout = fonts_layout(paper->context);
	paper->lines = lines_new(paper->layout);
	for (int i = 0; i < PAPER_TABLE_COLUMNS; i++) {
		paper->cells[i][0] = fonts_layout(paper->context);
		paper->cells[i][1] = fonts_layout(paper->context);
	}
	for (int i = 0; i < STYLE_COUNT; i++)
		paper->styles[i] = fonts_style((enum paper_style)i);
	paper->surface = cairo_pdf_surface_create_for_stream(
		append, paper, PAPER_SHORT, PAPER_LONG);
	cairo_pdf_surface_restrict_to_version(paper->surface, CAIRO_PDF_VERSION_1_5);
	describe(paper);
	paper->cr = cairo_create(paper->surface);
	paper_tag(paper, ROOT_TAG);
	return 0;
}

static void release(struct paper *paper)
{
	for (int i = 0; i < STYLE_COUNT; i++)
		pango_font_description_free(paper->styles[i]);
	for (int i = 0; i < PAPER_TABLE_COLUMNS; i++) {
		g_object_unref(paper->cells[i][0]);
		g_object_unref(paper->cells[i][1]);
	}
	lines_free(paper->lines);
	g_object_unref(paper->layout);
	g_object_unref(paper->context);
	fonts_close(paper->fonts);
}

int paper_close(struct paper *paper, struct err *err)
{
	cairo_status_t status;

	if (paper->page)
		cairo_show_page(paper->cr);
	paper_untag(paper, ROOT_TAG);
	status = cairo_status(paper->cr);
	cairo_destroy(paper->cr);
	cairo_surface_finish(paper->surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(paper->surface);
	cairo_surface_destroy(paper->surface);
	release(paper);
	if (paper->failed)
		return err_errno(err, paper->failed, "the document");
	if (status != CAIRO_STATUS_SUCCESS)
		return err_set(err, status == CAIRO_STATUS_NO_MEMORY ? -ENOMEM : -EIO,
			"the document could not be drawn: %s", cairo_status_to_string(status));
	return 0;
}

/* ---- pages */

/* As a shape, not as text: who copies a table shall not find it between the rows. */
static void draw_watermark(struct paper *paper)
{
	PangoFontDescription *font = fonts_style(STYLE_TITLE);
	int width, height;

	if (!paper->words->watermark || !paper->out) {
		pango_font_description_free(font);
		return;
	}
	pango_font_description_set_absolute_size(font, WATERMARK_SIZE * PANGO_SCALE);
	pango_layout_set_font_description(paper->layout, font);
	pango_layout_set_width(paper->layout, -1);
	pango_layout_set_text(paper->layout, paper->words->watermark, -1);
	pango_layout_get_size(paper->layout, &width, &height);
	cairo_save(paper->cr);
	cairo_translate(paper->cr, paper->width / 2, paper->height / 2);
	cairo_rotate(paper->cr, -M_PI / 5);
	cairo_move_to(
		paper->cr, -(double)width / PANGO_SCALE / 2, -(double)height / PANGO_SCALE / 2);
	paper_colour(paper, WATERMARK_COLOUR);
	pango_cairo_layout_path(paper->cr, paper->layout);
	cairo_fill(paper->cr);
	cairo_restore(paper->cr);
	pango_font_description_free(font);
}

static void draw_head(struct paper *paper)
{
	struct paper_block block = {
		paper->left, paper_room(paper) * 0.75, STYLE_SMALL, ALIGN_LEFT, COLOUR_GREY};
	struct paper_block status = {paper->left + paper_room(paper) * 0.75,
		paper_room(paper) * 0.25, STYLE_CELL_BOLD, ALIGN_RIGHT,
		paper->words->watermark ? COLOUR_DOWN : COLOUR_NAVY};

	paper_draw(paper, &status, HEAD_Y, paper->words->status);
	if (paper->page == 1) /* has a letterhead */
		return;
	paper_line(paper, &block, HEAD_Y, paper->words->head);
	paper_rule(paper, paper->left, HEAD_Y + 13, paper_room(paper));
}

static void draw_foot(struct paper *paper)
{
	struct paper_block block = {
		paper->left, paper_room(paper) * 0.8, STYLE_SMALL, ALIGN_LEFT, COLOUR_GREY};
	struct paper_block number = {paper->left + paper_room(paper) * 0.8, paper_room(paper) * 0.2,
		STYLE_SMALL, ALIGN_RIGHT, COLOUR_GREY};
	double y = paper->height - FOOT_Y;
	char text[60];

	paper_rule(paper, paper->left, y - 4, paper_room(paper));
	paper_line(paper, &block, y, paper->words->foot);
	snprintf(text, sizeof(text), "%s %u %s %u", paper->words->page, paper->page,
		paper->words->of, paper->pages);
	paper_draw(paper, &number, y, text);
}

void paper_page(struct paper *paper, bool landscape)
{
	if (paper->page)
		cairo_show_page(paper->cr);
	paper->page++;
	paper->width = landscape ? PAPER_LONG : PAPER_SHORT;
	paper->height = landscape ? PAPER_SHORT : PAPER_LONG;
	cairo_pdf_surface_set_size(paper->surface, paper->width, paper->height);
	paper->left = landscape ? PAPER_MARGIN * 0.75 : PAPER_MARGIN;
	paper->right = paper->width - paper->left;
	paper->top = PAPER_MARGIN + 6;
	paper->bottom = paper->height - PAPER_MARGIN;
	draw_watermark(paper);
	draw_head(paper);
	draw_foot(paper);
	paper->y = paper->top;
}

bool paper_need(struct paper *paper, double height)
{
	if (paper->y + height <= paper->bottom)
		return false;
	paper_page(paper, paper->width > paper->height);
	return true;
}

double paper_room(const struct paper *paper)
{
	return paper->right - paper->left;
}

/* ---- shapes */

void paper_colour(struct paper *paper, uint32_t colour)
{
	cairo_set_source_rgb(paper->cr, (colour >> 16) / 255.0, (colour >> 8 & 255) / 255.0,
		(colour & 255) / 255.0);
}

void paper_rule(struct paper *paper, double x, double y, double width)
{
	paper_colour(paper, COLOUR_LINE);
	cairo_set_line_width(paper->cr, 0.6);
	cairo_move_to(paper->cr, x, y);
	cairo_line_to(paper->cr, x + width, y);
	cairo_stroke(paper->cr);
}

void paper_box(struct paper *paper, const cairo_rectangle_t *box, uint32_t colour)
{
	paper_colour(paper, colour);
	cairo_rectangle(paper->cr, box->x, box->y, box->width, box->height);
	cairo_fill(paper->cr);
}
