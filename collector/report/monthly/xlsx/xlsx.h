/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report as a workbook: a sheet of what it is, a sheet a table with real numbers, dates and
 * durations, filters and frozen panes, and a chart of the providers. Texts are always texts: no
 * formula is ever made of data. The same report gives the same bytes.
 */
#ifndef PANTAU_REPORT_MONTHLY_XLSX_H
#define PANTAU_REPORT_MONTHLY_XLSX_H

#include "collector/report/monthly/grids.h"

struct xlsx_style {
	enum report_language language;
	const char *office; /* "" none; borrowed */
};

/* Appends. 0 or a negative errno with words: what does not fit into a sheet is -EFBIG. */
int xlsx_write(const struct report *report, const struct xlsx_style *style, struct buf *out,
	struct err *err);

#endif
