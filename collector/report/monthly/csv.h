/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table of the report as CSV, in two kinds:
 *
 *	plain	RFC 4180: comma, CRLF, UTF-8 without a mark; keys as titles; times in UTC; exact
 *		values as they are. For programs.
 *	excel	for Excel set to Indonesian: semicolon, decimal comma, a byte order mark; titles
 *		and local times for people. A text that a spreadsheet would take for a formula gets
 *		an apostrophe before it: the rule is csv_is_formula().
 */
#ifndef PANTAU_REPORT_MONTHLY_CSV_H
#define PANTAU_REPORT_MONTHLY_CSV_H

#include "collector/report/monthly/grid.h"

struct csv_style {
	bool excel;
	enum report_language language; /* of the titles of the excel kind */
};

/* Appends. 0, -ENOMEM or -ENOBUFS. */
int csv_write(const struct grid *grid, const struct csv_style *style, struct buf *out);

/* Begins, after blanks, with one of = + - @ (also in their full-width forms), a tab or a carriage
 * return. */
bool csv_is_formula(const char *text);

#endif
