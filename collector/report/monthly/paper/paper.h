/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paper: pages of A4 in points from the top left, with a cursor that goes down. Text is tagged by
 * what it is (H1, P, Table, TR, TD), so that programs can read it aloud. The same drawing gives the
 * same bytes. A first, dry run only counts pages: "page 2 of 9" stands on the first one already.
 *
 *	+--------------------------+ 0
 *	| running head     STATUS  |
 *	|--------------------------| top
 *	| ...                      | <- y
 *	|                          | bottom
 *	| foot        page 2 of 9  |
 *	+--------------------------+ height
 */
#ifndef PANTAU_REPORT_MONTHLY_PAPER_H
#define PANTAU_REPORT_MONTHLY_PAPER_H

#include <cairo.h>
#include <pango/pangocairo.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/err.h"

#define PAPER_SHORT 595.276 /* A4 in points */
#define PAPER_LONG 841.890
#define PAPER_MARGIN 48.0

enum paper_style {
	STYLE_BODY,
	STYLE_BOLD,
	STYLE_SMALL,
	STYLE_ITALIC,
	STYLE_TITLE,
	STYLE_H1,
	STYLE_H2,
	STYLE_CELL,
	STYLE_CELL_BOLD,
	STYLE_HEAD,
	STYLE_TINY,
	STYLE_LETTERHEAD,
	STYLE_FIGURE,
	STYLE_COUNT
};
enum paper_align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTER };

/* Dark enough on white, and told apart without colour: words stand beside each. */
#define COLOUR_INK 0x1B1F24u
#define COLOUR_GREY 0x5B6470u
#define COLOUR_LINE 0xC3C9D1u
#define COLOUR_NAVY 0x1F3A5Fu
#define COLOUR_PALE 0xF3F5F8u
#define COLOUR_WHITE 0xFFFFFFu
#define COLOUR_UP 0x2E7D4Fu
#define COLOUR_DOWN 0xB3362Bu
#define COLOUR_UNKNOWN 0xB27A00u
#define COLOUR_EXCLUDED 0x8A93A0u

struct paper_words { /* on every page; borrowed */
	const char *title, *subject, *author; /* of the file */
	const char *head, *foot; /* cut where they are too long for a line */
	const char *status; /* at the right of the head */
	const char *watermark; /* NULL: none */
	const char *page, *of; /* "Halaman" 2 "dari" 9 */
	const char *language; /* "id" */
	int64_t dated_s; /* UTC */
};

struct paper_block { /* where and how a text stands */
	double x, width;
	enum paper_style style;
	enum paper_align align;
	uint32_t colour;
};

#define PAPER_TABLE_COLUMNS 20

struct line_fonts;

struct paper {
	const struct paper_words *words;
	struct buf *out; /* NULL: a dry run */
	cairo_surface_t *surface;
	cairo_t *cr;
	PangoFontMap *fonts;
	PangoContext *context;
	PangoLayout *layout; /* of texts one at a time */
	struct line_fonts *lines; /* of texts that are one line */
	PangoLayout *cells[PAPER_TABLE_COLUMNS][2]; /* of a row that is measured, then drawn */
	PangoFontDescription *styles[STYLE_COUNT];
	double width, height, left, right, top, bottom;
	double y;
	unsigned page, pages; /* this one, and all (0: not known yet) */
	unsigned section; /* headings of the first level so far */
	int failed; /* 0 or the first negative errno of what was written */
};

/* `out` NULL: a dry run; `pages` of the run before. -ENOENT: the fonts are not installed. */
int paper_open(struct paper *paper, const struct paper_words *words, struct buf *out,
	unsigned pages, struct err *err);
/* Ends the last page and the file; frees everything. 0 or a negative errno with words. */
int paper_close(struct paper *paper, struct err *err);

/* A new page; the cursor stands at its top. */
void paper_page(struct paper *paper, bool landscape);
/* A new page like this one when less than so much is left of it. True: there is one. */
bool paper_need(struct paper *paper, double height);
double paper_room(const struct paper *paper); /* the width between the margins */

void paper_colour(struct paper *paper, uint32_t colour);
void paper_rule(struct paper *paper, double x, double y, double width);
void paper_box(struct paper *paper, const cairo_rectangle_t *box, uint32_t colour);

/* ---- text */

/* The whole width between the margins. */
struct paper_block paper_wide(const struct paper *paper, enum paper_style style);
double paper_measure(struct paper *paper, const struct paper_block *block, const char *text);
/* At this height, without moving the cursor; its height. */
double paper_draw(struct paper *paper, const struct paper_block *block, double y, const char *text);
/* The same on one line, cut with dots where it is too long. */
void paper_line(struct paper *paper, const struct paper_block *block, double y, const char *text);
/* At the cursor, on a new page where it does not fit, with a tag; the cursor moves below it. */
void paper_text(
	struct paper *paper, const char *tag, const struct paper_block *block, const char *text);
void paper_paragraph(struct paper *paper, const char *text);
/* With a place in the outline, to which paper_link() leads. */
void paper_heading(struct paper *paper, const char *text);
void paper_subheading(struct paper *paper, const char *text);

void paper_tag(struct paper *paper, const char *tag);
void paper_untag(struct paper *paper, const char *tag);

/* ---- of this folder's own files */

/* -ENOENT with what to install. */
int fonts_open(PangoFontMap **ret_fonts, struct err *err);
void fonts_close(PangoFontMap *fonts);
PangoFontDescription *fonts_style(enum paper_style style);
/* What every text is laid out by: a word that is cut gets no hyphen, so that it can be copied. */
PangoLayout *fonts_layout(PangoContext *context);
PangoContext *fonts_context(PangoFontMap *fonts, const char *language);

/* Texts of plain letters that are certainly one line. Borrows the layout. */
struct line_fonts *lines_new(PangoLayout *layout);
void lines_free(struct line_fonts *lines); /* NULL is accepted */
/* False: a layout has to say how it stands. */
bool line_fits(struct paper *paper, enum paper_style style, double width, const char *text,
	double *ret_height);
/* One that fits; to the left or to the right, in the present colour. */
void line_draw(struct paper *paper, const struct paper_block *block, double y, const char *text);

/* Appends the file, completed by what a reader that speaks must know. -EBADMSG: it is none. */
int catalogue_complete(const struct buf *pdf, const char *language, struct buf *out);

/* A QR code of this width; false: the text is too long for one. */
bool qr_draw(struct paper *paper, const char *text, double x, double y, double width);
/* A picture (PNG) in at most this room, from its top left; false: it could not be read. */
bool picture_draw(struct paper *paper, const char *path, const cairo_rectangle_t *room);

#endif
