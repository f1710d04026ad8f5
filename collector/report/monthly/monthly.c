/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/monthly/monthly.h"

#include <inttypes.h>
#include <stdio.h>

#include "collector/report/monthly/csv.h"
#include "collector/report/monthly/paper/paper_report.h"
#include "collector/report/monthly/xlsx/xlsx.h"

const char *const monthly_formats[] = {"pdf", "xlsx", "csv", NULL};
const char *const monthly_types[] = {
	"application/pdf",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"text/csv; charset=utf-8",
};

static int render_csv(const struct report *report, const struct monthly_style *style,
	struct buf *out, struct err *err)
{
	enum report_language language = style->excel ? style->language : REPORT_KEYS;
	const struct csv_style kind = {style->excel, language};
	struct grid grid;
	int r = grids_make(report, style->table, language, &grid);

	if (r == 0)
		r = csv_write(&grid, &kind, out);
	grid_done(&grid);
	return r < 0 ? err_errno(err, r, "CSV of %s", report->month) : 0;
}

bool monthly_has_quality(const struct monthly_style *style)
{
	return style->format == MONTHLY_XLSX ||
		(style->format == MONTHLY_CSV && style->table == TABLE_OF_LINKS);
}

int monthly_render(const struct report *report, const struct monthly_style *style, struct buf *out,
	struct err *err)
{
	const struct xlsx_style book = {style->language, style->letterhead.office};

	switch (style->format) {
	case MONTHLY_PDF:
		return paper_report(report, &style->letterhead, style->language, out, err);
	case MONTHLY_XLSX: return xlsx_write(report, &book, out, err);
	default: return render_csv(report, style, out, err);
	}
}

void monthly_file_name(const struct report *report, const struct monthly_style *style,
	char ret_name[MONTHLY_NAME_BYTES])
{
	bool links = style->format != MONTHLY_CSV || style->table == TABLE_OF_LINKS;
	char state[32] = "-sementara";

	if (report->closed && !report->issue.revision)
		state[0] = '\0';
	else if (report->closed)
		snprintf(state, sizeof(state), "-revisi-%" PRId64, report->issue.revision);
	snprintf(ret_name, MONTHLY_NAME_BYTES, "laporan-%s-%s%s%s%s.%s", report->kabupaten.code,
		report->month, state, links ? "" : "-", links ? "" : grid_tables[style->table],
		monthly_formats[style->format]);
}
