/* SPDX-License-Identifier: Apache-2.0 */
#include <qrencode.h>

#include "collector/report/monthly/paper/paper.h"

#define BLACK 1u /* lowest bit of a module */
#define WORD_BITS 32

/* One bit a module. In a PDF it is a stencil: a sheet of a few hundred codes is a ninth of one of
 * rectangles, and no seam shows between modules. NULL: out of memory. */
static cairo_surface_t *stencil_of(const QRcode *code)
{
	cairo_surface_t *stencil = cairo_image_surface_create(
		CAIRO_FORMAT_A1, code->width, code->width);
	unsigned char *rows = cairo_image_surface_get_data(stencil);
	int stride = cairo_image_surface_get_stride(stencil);

	if (!rows) {
		cairo_surface_destroy(stencil);
		return NULL;
	}
	for (int row = 0; row < code->width; row++) {
		uint32_t *words = (uint32_t *)(void *)(rows + (ptrdiff_t)row * stride);

		for (int column = 0; column < code->width; column++) {
			uint32_t black = code->data[row * code->width + column] & BLACK;
			int bit = column % WORD_BITS;

			if (G_BYTE_ORDER == G_BIG_ENDIAN)
				bit = WORD_BITS - 1 - bit;
			words[column / WORD_BITS] |= black << bit;
		}
	}
	cairo_surface_mark_dirty(stencil);
	return stencil;
}

static bool draw(cairo_t *cr, const QRcode *code, double width)
{
	cairo_surface_t *stencil = stencil_of(code);
	cairo_pattern_t *pattern;

	if (!stencil)
		return false;
	pattern = cairo_pattern_create_for_surface(stencil);
	cairo_pattern_set_filter(pattern, CAIRO_FILTER_NEAREST); /* modules have edges */
	cairo_scale(cr, width / code->width, width / code->width);
	cairo_mask(cr, pattern);
	cairo_pattern_destroy(pattern);
	cairo_surface_destroy(stencil);
	return true;
}

bool qr_draw(struct paper *paper, const char *text, double x, double y, double width)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	bool drawn = code != NULL;

	if (drawn && paper->out) {
		paper_colour(paper, 0);
		cairo_save(paper->cr);
		cairo_translate(paper->cr, x, y);
		drawn = draw(paper->cr, code, width);
		cairo_restore(paper->cr);
	}
	QRcode_free(code);
	return drawn;
}
