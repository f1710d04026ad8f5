/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/decisions: what waits for people in a month, as `pantau decide list --json`. */
#include "collector/explain/inbox_report.h"
#include "common/civil.h"
#include "common/clock.h"
#include "web/filter.h"
#include "web/params.h"
#include "web/site.h"

static void write_inbox(const struct inbox *inbox, const struct sla_query *query,
	const struct page *page, struct response *ret)
{
	char as_of[CIVIL_TIME_BYTES];
	struct json json;

	civil_format(query->as_of_s, as_of);
	response_json(ret, &json);
	json_text(&json, "period", query->month);
	json_text(&json, "as_of", as_of);
	json_number(&json, "total", (int64_t)inbox->count);
	json_number(&json, "limit", (int64_t)page->limit);
	json_number(&json, "offset", (int64_t)page->offset);
	inbox_json(inbox, page->offset, page->offset + page->limit, &json, "rows");
	response_json_end(ret, &json);
}

void api_decisions(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"month", "as_of", "kabupaten", "kecamatan", "desa",
		"provider", "link", "limit", "offset", NULL};
	struct sla_query query = {.as_of_s = clock_utc_us() / 1000000};
	struct err err = {0};
	struct inbox inbox;
	struct books books;
	struct page page;

	if (!params_known(request, known, ret) || !param_month(request, &query.month, ret) ||
		!param_time(request, "as_of", &query.as_of_s, ret) ||
		!filter_read(request, &query.filter, ret) || !param_page(request, &page, ret) ||
		!books_open_for(site->state, request, query.filter.link, &books, ret))
		return;
	if (inbox_gather(&(struct sla_source){books.registry, books.ledger}, &query, &inbox, &err) <
		0) {
		books_failed("decisions", &err, ret);
	} else {
		write_inbox(&inbox, &query, &page, ret);
		inbox_done(&inbox);
	}
	books_close(&books);
}
