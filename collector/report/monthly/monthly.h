/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A kabupaten's report of a month as a file: what the command line and the web both call.
 *
 *	report_gather() -> struct report -> monthly_render() -> bytes
 */
#ifndef PANTAU_REPORT_MONTHLY_H
#define PANTAU_REPORT_MONTHLY_H

#include "collector/report/monthly/data.h"
#include "collector/report/monthly/grids.h"
#include "collector/report/monthly/letterhead.h"

enum monthly_format { MONTHLY_PDF, MONTHLY_XLSX, MONTHLY_CSV };
extern const char *const monthly_formats[]; /* "pdf", "xlsx", "csv", NULL */
extern const char *const monthly_types[]; /* of MIME */

struct monthly_style {
	enum monthly_format format;
	enum report_language language;
	bool excel; /* CSV: the kind for Excel */
	enum grid_table table; /* CSV: which one */
	struct letterhead letterhead;
};

/* Whether RTT, loss and PDV stand in it: report_ask.no_quality where not. */
bool monthly_has_quality(const struct monthly_style *style);

#define MONTHLY_BYTES_MAX (512u * 1024 * 1024)

/* Appends. The same report and style give the same bytes. 0 or a negative errno with words. */
int monthly_render(const struct report *report, const struct monthly_style *style, struct buf *out,
	struct err *err);

#define MONTHLY_NAME_BYTES 96
/* "laporan-64.08-2026-10.pdf", with "-sementara" or "-revisi-1", and the table of a CSV. */
void monthly_file_name(const struct report *report, const struct monthly_style *style,
	char ret_name[MONTHLY_NAME_BYTES]);

#endif
