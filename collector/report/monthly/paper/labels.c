/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/monthly/paper/labels.h"

#include <errno.h>

#include "collector/report/monthly/paper/paper.h"

/* The sheets that are sold: 2 x 7 of 99.1 x 38.1 mm. */
#define MM (72 / 25.4)
#define COLUMNS 2
#define ROWS 7
#define LABEL_WIDTH (99.1 * MM)
#define LABEL_HEIGHT (38.1 * MM)
#define GAP (2.5 * MM) /* between the columns */
#define EDGE (4 * MM) /* printers miss by as much, and a code needs white around it */
#define QR_WIDTH (28 * MM)

static void draw_words(struct paper *paper, const struct label *label, double x, double y)
{
	struct paper_block block = {
		x, LABEL_WIDTH - QR_WIDTH - 3 * EDGE, STYLE_BOLD, ALIGN_LEFT, COLOUR_INK};
	double bottom = y + LABEL_HEIGHT - EDGE;

	paper_line(paper, &block, y, label->title);
	y += 13;
	block.style = STYLE_CELL;
	for (int i = 0; i < LABEL_LINES && label->lines[i]; i++) {
		paper_line(paper, &block, y, label->lines[i]);
		y += 10.5;
	}
	block.style = STYLE_TINY;
	if (y + 2 + paper_measure(paper, &block, label->code) < bottom) /* four addresses do not */
		paper_draw(paper, &block, y + 2, label->code);
}

static bool draw_label(struct paper *paper, const struct label *label, unsigned place)
{
	double margin = (PAPER_SHORT - COLUMNS * LABEL_WIDTH - GAP) / 2;
	double x = margin + place % COLUMNS * (LABEL_WIDTH + GAP) + EDGE;
	double y = (PAPER_LONG - ROWS * LABEL_HEIGHT) / 2 +
		(double)(place / COLUMNS) * LABEL_HEIGHT + EDGE;
	bool fits;

	paper_tag(paper, "P");
	fits = qr_draw(paper, label->code, x, y, QR_WIDTH);
	draw_words(paper, label, x + QR_WIDTH + EDGE, y);
	paper_untag(paper, "P");
	return fits;
}

static int draw(const struct labels *labels, const struct paper_words *words, struct buf *out,
	struct err *err)
{
	const size_t sheet = COLUMNS * ROWS;
	struct paper paper;
	bool fits = true;
	int r = paper_open(
		&paper, words, out, (unsigned)((labels->count + sheet - 1) / sheet), err);

	if (r < 0)
		return r;
	for (size_t i = 0; fits && i < labels->count; i++) {
		if (i % sheet == 0)
			paper_page(&paper, false);
		fits = draw_label(&paper, &labels->items[i], (unsigned)(i % sheet));
	}
	r = paper_close(&paper, err);
	if (r == 0 && !fits)
		r = err_set(err, -E2BIG, "a label's code is too long for a QR code");
	return r;
}

int paper_labels(const struct labels *labels, struct buf *out, struct err *err)
{
	const struct paper_words words = {
		.title = labels->title,
		.subject = labels->foot,
		.author = "Pantau Desa",
		.head = labels->title,
		.foot = labels->foot,
		.status = "RAHASIA",
		.page = "Halaman",
		.of = "dari",
		.language = "id",
		.dated_s = labels->dated_s,
	};
	struct buf pdf;
	int r;

	buf_init(&pdf, out->limit);
	r = draw(labels, &words, &pdf, err);
	if (r == 0) {
		r = catalogue_complete(&pdf, words.language, out);
		if (r < 0)
			err_errno(err, r, "the labels");
	}
	if (pdf.bytes)
		explicit_bzero(pdf.bytes, pdf.cap);
	buf_done(&pdf);
	return r;
}
