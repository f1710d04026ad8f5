/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/claims: outages that a provider must be told of, as `pantau claims --json`. */
#include "collector/explain/claims.h"
#include "common/civil.h"
#include "common/clock.h"
#include "web/filter.h"
#include "web/params.h"
#include "web/site.h"

#define OVERDUE_DAYS_MAX 3660 /* ten years */

static void write_claims(const struct claims *claims, const struct claims_query *query,
	const struct page *page, struct response *ret)
{
	struct table *table = claims_table_new();
	char as_of[CIVIL_TIME_BYTES];
	struct json json;

	for (size_t i = page->offset; table && i < claims->count && i - page->offset < page->limit;
		i++)
		claims_table_add(table, &claims->items[i], query->now_s);
	civil_format(query->now_s, as_of);
	response_json(ret, &json);
	json_text(&json, "as_of", as_of);
	json_number(&json, "total", (int64_t)claims->count);
	json_number(&json, "limit", (int64_t)page->limit);
	json_number(&json, "offset", (int64_t)page->offset);
	if (!table || table_render_json(table, &json, "rows") < 0)
		response_error(ret, 503, "the list does not fit into memory");
	else
		response_json_end(ret, &json);
	table_free(table);
}

void api_claims(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"kabupaten", "kecamatan", "desa", "provider", "link",
		"overdue_days", "limit", "offset", NULL};
	const struct param_range days = {0, OVERDUE_DAYS_MAX};
	struct claims_query query = {.now_s = clock_utc_us() / 1000000};
	int64_t overdue_days = CLAIMS_OVERDUE_DAYS;
	struct err err = {0};
	struct claims claims;
	struct books books;
	struct page page;

	if (!params_known(request, known, ret) || !filter_read(request, &query.filter, ret) ||
		!param_number(request, "overdue_days", days, &overdue_days, ret) ||
		!param_page(request, &page, ret) ||
		!books_open_for(site->state, request, query.filter.link, &books, ret))
		return;
	query.overdue_days = (uint32_t)overdue_days;
	if (claims_gather(&(struct sla_source){books.registry, books.ledger}, &query, &claims,
		    &err) < 0) {
		books_failed("claims", &err, ret);
	} else {
		write_claims(&claims, &query, &page, ret);
		claims_done(&claims);
	}
	books_close(&books);
}
