/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/monthly/xlsx/sheet.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/report/monthly/clean.h"

#define DAY_S 86400.0
#define EPOCH_DAYS 25569 /* from Excel's day 0 to 1970 */
#define PERCENT_SCALE 1e6
#define PAPER_A4 9
#define WIDTH_MIN 9 /* characters */
#define WIDTH_MAX 44
#define FROZEN_COLUMNS 3

void sheet_text(const struct sheet_place *place, const char *text, lxw_format *format)
{
	char copy[2048];

	if (!text || !*text)
		return;
	snprintf(copy, sizeof(copy), "%s", text);
	clean_text(copy);
	worksheet_write_string(place->sheet, place->row, place->column, copy, format);
}

static double number_of(const struct grid_cell *cell, enum grid_kind kind)
{
	switch (kind) {
	case GRID_PERCENT: return (double)cell->number / PERCENT_SCALE;
	case GRID_SECONDS: return (double)cell->number / DAY_S;
	case GRID_TIME: return (double)(cell->number + cell->offset_s) / DAY_S + EPOCH_DAYS;
	default: return (double)cell->number;
	}
}

void sheet_number(struct book *book, const struct sheet_place *place, const struct grid_cell *cell,
	enum grid_kind kind)
{
	if (!cell->empty)
		worksheet_write_number(place->sheet, place->row, place->column,
			number_of(cell, kind), book->formats[kind]);
}

void sheet_page(struct book *book, lxw_worksheet *sheet)
{
	const struct report *report = book->report;
	char footer[200];

	worksheet_set_landscape(sheet);
	worksheet_set_paper(sheet, PAPER_A4);
	worksheet_fit_to_pages(sheet, 1, 0);
	/* a code, not the name: what stands after & in a footer is a command */
	snprintf(footer, sizeof(footer), "&L%s %s %s&R&P / &N", report->kabupaten.code,
		report->month, report->closed ? report->revision : "SEMENTARA");
	worksheet_set_footer(sheet, footer);
}

/* ---- a table */

static size_t text_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

static double column_width(const struct grid *grid, size_t column, enum report_language language)
{
	static const double widths[] = {[GRID_SECONDS] = 13,
		[GRID_TIME] = 19,
		[GRID_PERCENT] = 12,
		[GRID_RUPIAH] = 15,
		[GRID_ID] = 9,
		[GRID_COUNT] = 11};
	enum grid_kind kind = grid->columns[column].kind;
	size_t width = text_width(grid_title(&grid->columns[column], language)) / 2;

	if (kind != GRID_TEXT)
		return widths[kind] > (double)width ? widths[kind] : (double)width;
	for (size_t i = 0; i < grid_rows(grid); i++) {
		size_t wide = text_width(grid_text_of(grid, grid_cell(grid, i, column)));

		width = wide > width ? wide : width;
	}
	width = width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width;
	return (double)width + 2;
}

/* Nothing stands in it: in a table of providers no desa has a name. */
static bool is_blank(const struct grid *grid, size_t column)
{
	for (size_t i = 0; i < grid_rows(grid); i++) {
		if (!grid_cell(grid, i, column)->empty)
			return false;
	}
	return grid_rows(grid) > 0;
}

/* Seconds by cause: folded away, a click shows them. */
static bool is_detail(const struct grid_column *column)
{
	return (!strncmp(column->key, "n_", 2) || !strncmp(column->key, "d_", 2)) &&
		column->kind == GRID_SECONDS && strcmp(column->key, "d_n") != 0;
}

static void set_column(struct book *book, const struct grid *grid, lxw_worksheet *sheet, size_t i)
{
	lxw_row_col_options shown = {0}, blank = {.hidden = LXW_TRUE};
	lxw_row_col_options folded = {.hidden = LXW_TRUE, .level = 1};
	lxw_row_col_options *options = &shown;

	if (is_blank(grid, i))
		options = &blank;
	else if (is_detail(&grid->columns[i]))
		options = &folded;
	worksheet_set_column_opt(sheet, (lxw_col_t)i, (lxw_col_t)i,
		column_width(grid, i, book->style->language), NULL, options);
}

static void put_head(struct book *book, const struct grid *grid, lxw_worksheet *sheet)
{
	enum report_language language = book->style->language;

	worksheet_set_row(sheet, 0, 32, NULL);
	for (size_t i = 0; i < grid->column_count; i++) {
		const struct sheet_place place = {sheet, 0, (lxw_col_t)i};

		sheet_text(&place, grid_title(&grid->columns[i], language), book->head);
		set_column(book, grid, sheet, i);
	}
}

static void put_rows(struct book *book, const struct grid *grid, lxw_worksheet *sheet)
{
	for (size_t row = 0; row < grid_rows(grid); row++) {
		for (size_t i = 0; i < grid->column_count; i++) {
			const struct sheet_place place = {sheet, (lxw_row_t)row + 1, (lxw_col_t)i};
			const struct grid_cell *cell = grid_cell(grid, row, i);
			enum grid_kind kind = grid->columns[i].kind;

			if (kind == GRID_TEXT)
				sheet_text(&place, grid_text_of(grid, cell), book->text);
			else
				sheet_number(book, &place, cell, kind);
		}
	}
}

static void colour_word(lxw_worksheet *sheet, lxw_col_t column, lxw_row_t last, const char *word,
	lxw_format *format)
{
	char value[64];
	lxw_conditional_format rule = {
		.type = LXW_CONDITIONAL_TYPE_CELL,
		.criteria = LXW_CONDITIONAL_CRITERIA_EQUAL_TO,
		.value_string = value,
		.format = format,
	};

	snprintf(value, sizeof(value), "\"%s\"", word);
	worksheet_conditional_format_range(sheet, 1, column, last, column, &rule);
}

static void colour(struct book *book, const struct grid *grid, lxw_worksheet *sheet)
{
	static const char *const verdicts[] = {"verdict", "speed_verdict"};
	lxw_conditional_format bar = {
		.type = LXW_CONDITIONAL_DATA_BAR, .bar_color = 0xD9796C, .bar_solid = LXW_TRUE};
	lxw_row_t last = (lxw_row_t)grid_rows(grid);
	int column;

	if (!last)
		return;
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(*verdicts); i++) {
		column = grid_find(grid, verdicts[i]);
		if (column < 0)
			continue;
		colour_word(sheet, (lxw_col_t)column, last, verdict_name(VERDICT_MET), book->met);
		colour_word(
			sheet, (lxw_col_t)column, last, verdict_name(VERDICT_MISSED), book->missed);
		colour_word(sheet, (lxw_col_t)column, last, verdict_name(VERDICT_UNDECIDED),
			book->undecided);
	}
	column = grid_find(grid, "d");
	if (column >= 0)
		worksheet_conditional_format_range(
			sheet, 1, (lxw_col_t)column, last, (lxw_col_t)column, &bar);
}

int sheet_add(
	struct book *book, const struct grid *grid, lxw_worksheet **ret_sheet, struct err *err)
{
	const char *name = book->style->language == REPORT_ID ? grid->id : grid->en;
	lxw_row_t last = (lxw_row_t)grid_rows(grid);
	lxw_worksheet *sheet;

	if (grid_rows(grid) > SHEET_ROWS_MAX)
		return err_set(err, -EFBIG,
			"%s: %zu rows do not fit into a sheet; the CSV has them", grid->name,
			grid_rows(grid));
	sheet = workbook_add_worksheet(book->workbook, name);
	if (!sheet)
		return err_errno(err, -ENOMEM, "sheet %s", name);
	put_head(book, grid, sheet);
	put_rows(book, grid, sheet);
	colour(book, grid, sheet);
	worksheet_freeze_panes(sheet, 1, FROZEN_COLUMNS);
	worksheet_autofilter(sheet, 0, 0, last ? last : 1, (lxw_col_t)(grid->column_count - 1));
	worksheet_repeat_rows(sheet, 0, 0);
	sheet_page(book, sheet);
	*ret_sheet = sheet;
	return 0;
}
