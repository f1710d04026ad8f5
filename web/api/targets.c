/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/targets: the rows of `pantau targets`. A provider compares nobody. */
#include <errno.h>

#include "collector/report/target_report.h"
#include "common/civil.h"
#include "web/filter.h"
#include "web/params.h"
#include "web/site.h"

#define WITA_S (8 * 3600)

static int write_rows(const struct books *books, const struct targets_query *query,
	const char *month, struct response *ret, struct err *err)
{
	struct targets targets;
	struct table *table;
	struct json json;
	int r = targets_gather(books->registry, books->ledger, query, &targets, err);

	if (r < 0)
		return r;
	table = targets_table(&targets);
	targets_done(&targets);
	if (!table)
		return err_errno(err, -ENOMEM, "targets");
	response_json(ret, &json);
	json_text(&json, "month", month);
	json_number(&json, "chance_ppm", TARGETS_CHANCE_PPM);
	r = table_render_json(table, &json, "rows");
	response_json_end(ret, &json);
	table_free(table);
	return r < 0 ? err_errno(err, r, "targets") : 0;
}

void api_targets(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"month", "kabupaten", "kecamatan", NULL};
	struct targets_query query = {.from_s = 0};
	struct err err = {0};
	struct books books;
	const char *month;

	if (!params_known(request, known, ret) || !param_month(request, &month, ret) ||
		!filter_read(request, &query.filter, ret))
		return;
	if (civil_month(month, WITA_S, &query.from_s, &query.to_s, &err) < 0) {
		response_error(ret, 400, err.text);
		return;
	}
	if (!books_open(site->state, &books, ret))
		return;
	if (write_rows(&books, &query, month, ret, &err) < 0)
		books_failed("targets", &err, ret);
	books_close(&books);
}
