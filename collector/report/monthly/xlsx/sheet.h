/* SPDX-License-Identifier: Apache-2.0 */
/* A sheet of a workbook. Private to this folder. */
#ifndef PANTAU_REPORT_MONTHLY_XLSX_SHEET_H
#define PANTAU_REPORT_MONTHLY_XLSX_SHEET_H

#include <xlsxwriter.h>

#include "collector/report/monthly/xlsx/xlsx.h"

struct book {
	lxw_workbook *workbook;
	const struct report *report;
	const struct xlsx_style *style;
	lxw_format *title, *head, *label, *text, *wrap, *formats[GRID_TIME + 1], *met, *missed,
		*undecided, *warning;
};

#define SHEET_ROWS_MAX (LXW_ROW_MAX - 1) /* one is the heading */

struct sheet_place {
	lxw_worksheet *sheet;
	lxw_row_t row;
	lxw_col_t column;
};

/* "" or NULL is written as nothing. */
void sheet_text(const struct sheet_place *place, const char *text, lxw_format *format);
void sheet_number(struct book *book, const struct sheet_place *place, const struct grid_cell *cell,
	enum grid_kind kind);
/* What a printed page says of itself. */
void sheet_page(struct book *book, lxw_worksheet *sheet);
/* The table on a sheet of its own. -EFBIG, -ENOMEM. */
int sheet_add(
	struct book *book, const struct grid *grid, lxw_worksheet **ret_sheet, struct err *err);

#endif
