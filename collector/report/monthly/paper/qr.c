/* SPDX-License-Identifier: Apache-2.0 */
#include <qrencode.h>

#include "collector/report/monthly/paper/paper.h"

#define BLACK 1u /* lowest bit of a module */

/* How many modules are black from here to the right. A run is one rectangle: a file of a few
 * hundred codes is half as large, and no seam shows between its modules. */
static int black_run(const QRcode *code, int row, int column)
{
	int end = column;

	while (end < code->width && (code->data[row * code->width + end] & BLACK))
		end++;
	return end - column;
}

static void add_row(cairo_t *cr, const QRcode *code, int row, double side)
{
	for (int column = 0; column < code->width; column++) {
		int run = black_run(code, row, column);

		if (run)
			cairo_rectangle(cr, side * column, side * row, side * run, side);
		column += run;
	}
}

bool qr_draw(struct paper *paper, const char *text, double x, double y, double width)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);

	if (code && !paper->out) {
		QRcode_free(code);
		return true;
	}
	if (!code)
		return false;
	paper_colour(paper, 0);
	cairo_save(paper->cr);
	cairo_translate(paper->cr, x, y);
	for (int row = 0; row < code->width; row++)
		add_row(paper->cr, code, row, width / code->width);
	cairo_fill(paper->cr);
	cairo_restore(paper->cr);
	QRcode_free(code);
	return true;
}
