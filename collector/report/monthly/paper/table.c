/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/monthly/paper/table.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "collector/ledger/month.h"

#define PAD_X 3.0
#define PAD_Y 2.4
#define BAR_HEIGHT 7.0
#define LINE_HEIGHT 9.4 /* of a row with nothing but a bar */
#define PERCENT_DECIMALS 6
#define CELL_BYTES 1024

struct drawing { /* one table */
	struct paper *paper;
	const struct table_view *view;
	size_t count; /* of columns */
	int main[PAPER_TABLE_COLUMNS], below[PAPER_TABLE_COLUMNS]; /* in the grid; -1 none */
	double x[PAPER_TABLE_COLUMNS], width[PAPER_TABLE_COLUMNS]; /* of the texts */
	uint32_t colour[PAPER_TABLE_COLUMNS]; /* of the row's main texts */
	struct cell {
		char text[CELL_BYTES];
		enum paper_style style;
		double height;
		bool line; /* line.h draws it; else its layout */
	} cells[PAPER_TABLE_COLUMNS][2]; /* of the row: main texts, and below */
	bool head; /* the row is the heading */
};

/* ---- what a cell says */

static void say_cell(const struct drawing *drawing, size_t row, int column, char *text)
{
	const struct grid *grid = drawing->view->grid;
	const struct grid_cell *cell = grid_cell(grid, row, (size_t)column);
	struct say say = {drawing->view->say.language, cell->offset_s};

	*text = '\0';
	if (cell->empty)
		return;
	switch (grid->columns[column].kind) {
	case GRID_TEXT: snprintf(text, CELL_BYTES, "%s", grid_text_of(grid, cell)); return;
	case GRID_ID: snprintf(text, CELL_BYTES, "%lld", (long long)cell->number); return;
	case GRID_COUNT:
	case GRID_RUPIAH: say_count(&say, cell->number, text); return;
	case GRID_SECONDS: say_duration(cell->number, text); return;
	case GRID_PERCENT: say_decimal(&say, cell->number, PERCENT_DECIMALS, text); return;
	case GRID_TIME: say_stamp(&say, cell->number, text); return;
	}
}

static enum paper_align align_of(const struct drawing *drawing, size_t i)
{
	int column = drawing->main[i];

	if (drawing->view->columns[i].look == LOOK_BAR)
		return ALIGN_LEFT;
	if (column < 0)
		return ALIGN_RIGHT;
	switch (drawing->view->grid->columns[column].kind) {
	case GRID_TEXT:
	case GRID_TIME: return ALIGN_LEFT;
	default: return ALIGN_RIGHT;
	}
}

static uint32_t verdict_colour(const char *word)
{
	if (!strcmp(word, verdict_name(VERDICT_MET)))
		return COLOUR_UP;
	if (!strcmp(word, verdict_name(VERDICT_MISSED)))
		return COLOUR_DOWN;
	if (!strcmp(word, verdict_name(VERDICT_UNDECIDED)))
		return COLOUR_UNKNOWN;
	return COLOUR_GREY;
}

/* ---- a row: laid out, then drawn */

static double lay_out(struct drawing *drawing, size_t i, int line)
{
	struct cell *cell = &drawing->cells[i][line];
	PangoLayout *layout = drawing->paper->cells[i][line];
	int height;

	cell->line = line_fits(
		drawing->paper, cell->style, drawing->width[i], cell->text, &cell->height);
	if (cell->line)
		return cell->height;
	pango_layout_set_font_description(layout, drawing->paper->styles[cell->style]);
	pango_layout_set_width(layout, (int)(drawing->width[i] * PANGO_SCALE));
	pango_layout_set_alignment(
		layout, align_of(drawing, i) == ALIGN_RIGHT ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
	pango_layout_set_text(layout, cell->text, -1);
	pango_layout_get_size(layout, NULL, &height);
	cell->height = (double)height / PANGO_SCALE;
	return cell->height;
}

static double measure_cell(struct drawing *drawing, size_t row, size_t i)
{
	const struct paper_column *column = &drawing->view->columns[i];
	struct cell *main = &drawing->cells[i][0], *below = &drawing->cells[i][1];

	main->style = column->look == LOOK_PLAIN ? STYLE_CELL : STYLE_CELL_BOLD;
	below->style = STYLE_TINY;
	*main->text = *below->text = '\0';
	if (column->look == LOOK_BAR)
		return LINE_HEIGHT;
	if (drawing->main[i] < 0)
		snprintf(main->text, sizeof(main->text), "%zu", row + 1);
	else
		say_cell(drawing, row, drawing->main[i], main->text);
	drawing->colour[i] = column->look == LOOK_VERDICT ? verdict_colour(main->text) : COLOUR_INK;
	if (drawing->below[i] >= 0 && *main->text)
		say_cell(drawing, row, drawing->below[i], below->text);
	return lay_out(drawing, i, 0) + lay_out(drawing, i, 1);
}

static double measure_row(struct drawing *drawing, size_t row)
{
	double most = LINE_HEIGHT;

	for (size_t i = 0; i < drawing->count; i++) {
		double height = measure_cell(drawing, row, i);

		most = height > most ? height : most;
	}
	return most + 2 * PAD_Y;
}

static double measure_head(struct drawing *drawing)
{
	double most = LINE_HEIGHT;

	for (size_t i = 0; i < drawing->count; i++) {
		const struct paper_column *column = &drawing->view->columns[i];
		bool id = drawing->view->say.language == REPORT_ID;
		const char *title = id ? column->id : column->en;
		double height;

		if (!title && drawing->main[i] >= 0)
			title = grid_title(&drawing->view->grid->columns[drawing->main[i]],
				drawing->view->say.language);
		drawing->cells[i][0].style = STYLE_HEAD;
		snprintf(drawing->cells[i][0].text, CELL_BYTES, "%s", title ? title : "");
		*drawing->cells[i][1].text = '\0';
		height = lay_out(drawing, i, 0);
		drawing->colour[i] = COLOUR_WHITE;
		most = height > most ? height : most;
	}
	return most + 2 * PAD_Y;
}

static double show(struct drawing *drawing, size_t i, int line, double y)
{
	struct paper *paper = drawing->paper;
	const struct cell *cell = &drawing->cells[i][line];
	const struct paper_block block = {
		drawing->x[i], drawing->width[i], cell->style, align_of(drawing, i), 0};

	if (!paper->out || !*cell->text)
		return 0;
	paper_colour(paper, line ? COLOUR_GREY : drawing->colour[i]);
	if (cell->line) {
		line_draw(paper, &block, y, cell->text);
	} else {
		cairo_move_to(paper->cr, block.x, y);
		pango_cairo_show_layout(paper->cr, paper->cells[i][line]);
	}
	return cell->height;
}

static void show_bar(struct drawing *drawing, size_t row, size_t i)
{
	static const char *const keys[] = {"u", "n", "d", "e"};
	const struct grid *grid = drawing->view->grid;
	cairo_rectangle_t box = {
		drawing->x[i], drawing->paper->y + PAD_Y + 1.4, drawing->width[i], BAR_HEIGHT};
	int64_t parts[4];

	for (size_t k = 0; k < 4; k++) {
		int column = grid_find(grid, keys[k]);

		parts[k] = column < 0 ? 0 : grid_cell(grid, row, (size_t)column)->number;
	}
	bar_draw(drawing->paper, &box, &(struct bar_parts){parts[0], parts[1], parts[2], parts[3]});
}

static void show_row(struct drawing *drawing, size_t row, double height)
{
	struct paper *paper = drawing->paper;
	const char *tag = drawing->head ? "TH" : "TD";

	paper_tag(paper, "TR");
	for (size_t i = 0; i < drawing->count; i++) {
		double y = paper->y + PAD_Y;

		if (!drawing->head && drawing->view->columns[i].look == LOOK_BAR) {
			show_bar(drawing, row, i);
			continue;
		}
		paper_tag(paper, tag);
		y += show(drawing, i, 0, y);
		show(drawing, i, 1, y);
		paper_untag(paper, tag);
	}
	paper_untag(paper, "TR");
	paper->y += height;
}

/* ---- the table */

static void draw_head(struct drawing *drawing)
{
	struct paper *paper = drawing->paper;
	double height;

	drawing->head = true;
	height = measure_head(drawing);
	paper_box(paper, &(cairo_rectangle_t){paper->left, paper->y, paper_room(paper), height},
		COLOUR_NAVY);
	show_row(drawing, 0, height);
	drawing->head = false;
}

static void draw_row(struct drawing *drawing, size_t i)
{
	struct paper *paper = drawing->paper;
	size_t row = drawing->view->rows ? drawing->view->rows[i] : i;
	double height = measure_row(drawing, row);

	if (paper->y + height > paper->bottom) {
		paper_untag(paper, "Table");
		paper_need(paper, height);
		paper_tag(paper, "Table");
		draw_head(drawing);
		measure_row(drawing, row); /* the head took its layouts */
	}
	if (i % 2)
		paper_box(paper,
			&(cairo_rectangle_t){paper->left, paper->y, paper_room(paper), height},
			COLOUR_PALE);
	show_row(drawing, row, height);
	paper_rule(paper, paper->left, paper->y, paper_room(paper));
}

static void place_columns(struct drawing *drawing)
{
	const struct table_view *view = drawing->view;
	double total = 0, x = drawing->paper->left;

	for (drawing->count = 0; view->columns[drawing->count].share; drawing->count++)
		total += view->columns[drawing->count].share;
	assert(drawing->count <= PAPER_TABLE_COLUMNS);
	for (size_t i = 0; i < drawing->count; i++) {
		const struct paper_column *column = &view->columns[i];
		double width = paper_room(drawing->paper) * column->share / total;

		drawing->x[i] = x + PAD_X;
		drawing->width[i] = width - 2 * PAD_X;
		drawing->main[i] = column->key ? grid_find(view->grid, column->key) : -1;
		drawing->below[i] = column->below ? grid_find(view->grid, column->below) : -1;
		x += width;
	}
}

void table_draw(struct paper *paper, const struct table_view *view)
{
	struct drawing drawing = {.paper = paper, .view = view};

	place_columns(&drawing);
	paper_need(paper, 60);
	paper_tag(paper, "Table");
	draw_head(&drawing);
	for (size_t i = 0; i < view->row_count; i++)
		draw_row(&drawing, i);
	paper_untag(paper, "Table");
	paper->y += 8;
}

/* ---- smaller things */

void bar_draw(struct paper *paper, const cairo_rectangle_t *box, const struct bar_parts *parts)
{
	static const uint32_t colours[] = {COLOUR_UP, COLOUR_UNKNOWN, COLOUR_DOWN, COLOUR_EXCLUDED};
	const int64_t seconds[] = {parts->u, parts->n, parts->d, parts->e};
	int64_t total = parts->u + parts->n + parts->d + parts->e;
	double x = box->x;

	for (size_t i = 0; total && i < 4; i++) {
		cairo_rectangle_t part = {
			x, box->y, box->width * (double)seconds[i] / (double)total, box->height};

		if (seconds[i])
			paper_box(paper, &part, colours[i]);
		x += part.width;
	}
	paper_colour(paper, COLOUR_LINE);
	cairo_set_line_width(paper->cr, 0.5);
	cairo_rectangle(paper->cr, box->x, box->y, box->width, box->height);
	cairo_stroke(paper->cr);
}

void facts_draw(struct paper *paper, const struct paper_fact *facts, double label_width)
{
	struct paper_block label = {
		paper->left, label_width - 8, STYLE_BODY, ALIGN_LEFT, COLOUR_GREY};
	struct paper_block value = {paper->left + label_width, paper_room(paper) - label_width,
		STYLE_BODY, ALIGN_LEFT, COLOUR_INK};

	paper_tag(paper, "Table");
	for (; facts->label; facts++) {
		double left, right;

		value.style = facts->weight == FACT_STRONG ? STYLE_BOLD : STYLE_BODY;
		label.style = facts->weight == FACT_TERM ? STYLE_BOLD : STYLE_BODY;
		label.colour = facts->weight == FACT_TERM ? COLOUR_NAVY : COLOUR_GREY;
		left = paper_measure(paper, &label, facts->label);
		right = paper_measure(paper, &value, facts->value);
		paper_need(paper, left > right ? left : right);
		paper_tag(paper, "TR");
		paper_tag(paper, "TH");
		paper_draw(paper, &label, paper->y, facts->label);
		paper_untag(paper, "TH");
		paper_tag(paper, "TD");
		paper_draw(paper, &value, paper->y, facts->value);
		paper_untag(paper, "TD");
		paper_untag(paper, "TR");
		paper->y += (left > right ? left : right) + 3;
	}
	paper_untag(paper, "Table");
}
