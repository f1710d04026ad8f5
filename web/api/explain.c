/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/explain: why a second counts as it does; the same as `pantau explain --json`. */
#include <errno.h>

#include "collector/explain/explain_json.h"
#include "common/civil.h"
#include "common/clock.h"
#include "web/filter.h"
#include "web/params.h"
#include "web/site.h"

static bool read_query(
	const struct request *request, struct explain_query *ret_query, struct response *ret)
{
	static const char *const known[] = {"link", "at", "as_of", NULL};
	const struct param_range links = {1, INT64_MAX};
	struct explain_query query = {.as_of_s = clock_utc_us() / 1000000};

	if (!params_known(request, known, ret) ||
		!param_number(request, "link", links, &query.link, ret) ||
		!param_time(request, "at", &query.at_s, ret) ||
		!param_time(request, "as_of", &query.as_of_s, ret))
		return false;
	if (!query.link) {
		response_missing(ret, "link");
		return false;
	}
	if (!request_param(request, "at")) {
		response_missing(ret, "at");
		return false;
	}
	*ret_query = query;
	return true;
}

static void answer(
	const struct books *books, const struct explain_query *query, struct response *ret)
{
	const struct sla_source source = {books->registry, books->ledger};
	struct explanation explanation;
	struct registry_link link;
	struct err err = {0};
	struct json json;
	int r = registry_link_get(books->registry, query->link, &link, &err);

	if (r == -ENOENT) {
		response_error(ret, 404, err.text);
		return;
	}
	if (r == 0)
		r = explain_second(&source, query, &explanation, &err);
	if (r == -EINVAL) {
		response_error(ret, 400, err.text);
		return;
	}
	if (r == -ESTALE) {
		response_error(ret, 410, err.text);
		return;
	}
	if (r < 0) {
		books_failed("explain", &err, ret);
		return;
	}
	response_json(ret, &json);
	explanation_json(&explanation, &json);
	response_json_end(ret, &json);
	explanation_done(&explanation);
}

void api_explain(struct site *site, const struct request *request, struct response *ret)
{
	struct explain_query query;
	struct books books;

	if (!read_query(request, &query, ret) ||
		!books_open_for(site->state, request, query.link, &books, ret))
		return;
	answer(&books, &query, ret);
	books_close(&books);
}
