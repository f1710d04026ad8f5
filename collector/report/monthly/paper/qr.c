/* SPDX-License-Identifier: Apache-2.0 */
#include <qrencode.h>

#include "collector/report/monthly/paper/paper.h"

#define BLACK 1u /* lowest bit of a module */

bool qr_draw(struct paper *paper, const char *text, double x, double y, double width)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	double side;

	if (code && !paper->out) {
		QRcode_free(code);
		return true;
	}
	if (!code)
		return false;
	side = width / code->width;
	paper_colour(paper, 0);
	for (int i = 0; i < code->width * code->width; i++) {
		if (code->data[i] & BLACK)
			cairo_rectangle(paper->cr, x + side * (i % code->width),
				y + side * (i / code->width), side, side);
	}
	cairo_fill(paper->cr);
	QRcode_free(code);
	return true;
}
