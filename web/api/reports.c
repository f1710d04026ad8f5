/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /api/v1/reports/YYYY-MM/KODE.pdf|xlsx|csv: a kabupaten's report, as of `pantau report`.
 * Rendered in the lane of reports, so that few are made at once and nobody else waits.
 */
#include <errno.h>
#include <string.h>

#include "collector/report/monthly/monthly.h"
#include "common/clock.h"
#include "web/account/scope.h"
#include "web/filter.h"
#include "web/params.h"
#include "web/site.h"

struct wanted { /* borrows the request's texts */
	struct report_ask ask;
	struct monthly_style style;
	char kabupaten[REGION_CODE_BYTES];
};

/* "64.08.pdf". False: 404 was said. */
static bool read_file(const char *file, struct wanted *wanted, struct response *ret)
{
	const char *dot = strrchr(file, '.');
	size_t length = dot ? (size_t)(dot - file) : 0;

	for (int i = 0; dot && length < sizeof(wanted->kabupaten) && monthly_formats[i]; i++) {
		if (strcmp(dot + 1, monthly_formats[i]) != 0)
			continue;
		memcpy(wanted->kabupaten, file, length);
		wanted->kabupaten[length] = '\0';
		wanted->ask.kabupaten = wanted->kabupaten;
		wanted->style.format = (enum monthly_format)i;
		return true;
	}
	response_error(ret, 404, "a report is KODE.pdf, KODE.xlsx or KODE.csv of a kabupaten");
	return false;
}

static bool read_style(
	const struct request *request, struct monthly_style *style, struct response *ret)
{
	static const char *const answers[] = {"0", "1", NULL};
	int language = REPORT_ID, excel = 0, table = TABLE_OF_LINKS;

	if (!param_choice(request, "lang", report_languages, &language, ret) ||
		!param_choice(request, "excel", answers, &excel, ret) ||
		!param_choice(request, "table", grid_tables, &table, ret))
		return false;
	if (style->format != MONTHLY_CSV && (excel || table != TABLE_OF_LINKS)) {
		response_error(ret, 400, "excel and table go with a CSV");
		return false;
	}
	style->language = (enum report_language)language;
	style->excel = excel;
	style->table = (enum grid_table)table;
	return true;
}

static bool read_ask(const struct request *request, struct report_ask *ask, struct response *ret)
{
	static const char *const answers[] = {"0", "1", NULL};
	static const struct param_range revisions = {0, INT32_MAX};
	int live = 0;

	ask->month = request->segments[0];
	ask->as_of_s = clock_utc_us() / 1000000;
	ask->revision = CLOSED_LATEST;
	if (!param_choice(request, "live", answers, &live, ret) ||
		!param_time(request, "as_of", &ask->as_of_s, ret) ||
		!param_number(request, "revision", revisions, &ask->revision, ret))
		return false;
	ask->live = live || request_param(request, "as_of");
	if (!ask->live || ask->revision == CLOSED_LATEST)
		return true;
	response_error(ret, 400, "revision goes with neither live nor as_of");
	return false;
}

static bool read_wanted(const struct request *request, struct wanted *wanted, struct response *ret)
{
	static const char *const known[] = {
		"lang", "excel", "table", "live", "as_of", "revision", NULL};

	return params_known(request, known, ret) && read_file(request->segments[1], wanted, ret) &&
		read_style(request, &wanted->style, ret) && read_ask(request, &wanted->ask, ret);
}

static void refuse(const struct err *err, struct response *ret)
{
	if (err->code == -ENOENT)
		response_error(ret, 404, err->text);
	else if (err->code == -EINVAL || err->code == -EFBIG)
		response_error(ret, 400, err->text);
	else if (err->code == -ENOMEM || err->code == -ENOBUFS)
		response_error(ret, 503, "the report does not fit into memory");
	else
		books_failed("report", err, ret);
}

static void answer(const struct books *books, const struct wanted *wanted, struct response *ret)
{
	const struct sla_source source = {books->registry, books->ledger};
	char name[MONTHLY_NAME_BYTES];
	struct report *report;
	struct err err = {0};
	int r = report_gather(&source, &wanted->ask, &report, &err);

	if (r < 0) {
		refuse(&err, ret);
		return;
	}
	r = monthly_render(report, &wanted->style, &ret->body, &err);
	if (r < 0) {
		refuse(&err, ret);
	} else {
		monthly_file_name(report, &wanted->style, name);
		ret->type = monthly_types[wanted->style.format];
		response_header(ret, "Content-Disposition", "attachment; filename=\"%s\"", name);
	}
	report_free(report);
}

void api_report(struct site *site, const struct request *request, struct response *ret)
{
	struct wanted wanted = {.style.letterhead = *site->letterhead};
	struct registry_filter filter = {0};
	struct books books;

	if (!read_wanted(request, &wanted, ret))
		return;
	wanted.ask.no_quality = !monthly_has_quality(&wanted.style);
	filter.kabupaten = wanted.kabupaten;
	if (!scope_narrow(request->who, &filter, ret) || !books_open(site->state, &books, ret))
		return;
	answer(&books, &wanted, ret);
	books_close(&books);
}
