/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/samples: the rows of `pantau samples`, a page of them. */
#include <errno.h>

#include "collector/report/sample_report.h"
#include "common/civil.h"
#include "common/clock.h"
#include "web/filter.h"
#include "web/params.h"
#include "web/site.h"

/* False: 400 was said. */
static bool read_list(const struct request *request, struct sample_list *list, struct response *ret)
{
	static const char *const known[] = {"link", "kind", "from", "to", "limit", "offset", NULL};
	static const struct param_range links = {1, INT64_MAX};
	struct page page;
	int kind = -1;

	list->span.to_s = clock_utc_us() / 1000000 + 1;
	if (!params_known(request, known, ret) ||
		!param_number(request, "link", links, &list->span.link, ret) ||
		!param_choice(request, "kind", sample_kinds, &kind, ret) ||
		!param_time(request, "to", &list->span.to_s, ret))
		return false;
	list->span.from_s = list->span.to_s - SAMPLES_SPAN_S;
	if (!param_time(request, "from", &list->span.from_s, ret) ||
		!param_page(request, &page, ret))
		return false;
	if (!list->span.link || kind < 0) {
		response_missing(ret, list->span.link ? "kind" : "link");
		return false;
	}
	list->kind = (enum sample_kind)kind;
	list->offset = page.offset;
	list->limit = page.limit;
	return true;
}

static void put_time(struct json *json, const char *key, int64_t utc_s)
{
	char text[CIVIL_TIME_BYTES];

	civil_format(utc_s, text);
	json_text(json, key, text);
}

static void write_list(const struct sample_list *list, struct response *ret)
{
	struct json json;

	ret->packs = true;
	response_json(ret, &json);
	json_number(&json, "link", list->span.link);
	json_text(&json, "kind", sample_kinds[list->kind]);
	put_time(&json, "from", list->span.from_s);
	put_time(&json, "to", list->span.to_s);
	json_number(&json, "total", (int64_t)list->total);
	json_number(&json, "limit", (int64_t)list->limit);
	json_number(&json, "offset", (int64_t)list->offset);
	if (table_render_json(list->table, &json, "rows") < 0)
		response_error(ret, 503, "the list does not fit into memory");
	else
		response_json_end(ret, &json);
}

static void answer(const struct books *books, struct sample_list *list, struct response *ret)
{
	struct registry_link link;
	struct err err = {0};
	int r = registry_link_get(books->registry, list->span.link, &link, &err);

	if (r == -ENOENT) {
		response_error(ret, 404, err.text);
		return;
	}
	if (r == 0)
		r = sample_list_fill(books->ledger, list, &err);
	if (r < 0) {
		books_failed("samples", &err, ret);
		return;
	}
	write_list(list, ret);
	table_free(list->table);
}

void api_samples(struct site *site, const struct request *request, struct response *ret)
{
	struct sample_list list = {0};
	struct books books;

	if (!read_list(request, &list, ret) ||
		!books_open_for(site->state, request, list.span.link, &books, ret))
		return;
	answer(&books, &list, ret);
	books_close(&books);
}
