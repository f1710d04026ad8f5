/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /api/v1/decisions: what waits for people in a month, as `pantau decide list --json`, with how
 * many of each kind wait, and until when.
 */
#include <errno.h>

#include "collector/explain/inbox_report.h"
#include "collector/explain/json_put.h"
#include "collector/store/closed_month.h"
#include "common/civil.h"
#include "common/clock.h"
#include "web/filter.h"
#include "web/params.h"
#include "web/site.h"

struct question {
	struct sla_query query;
	struct page page;
	int kind; /* -1: all */
	int open; /* 1: without what was dismissed */
};

struct calendar { /* when the month ends for those who decide */
	int64_t closes_s; /* from then on it can be closed */
	int64_t closed_s; /* 0: it was not */
};

static int read_calendar(const struct books *books, const char *month,
	struct calendar *ret_calendar, struct err *err)
{
	struct closed_month closed = {.closed_s = 0};
	struct calendar calendar;
	int r = registry_closing_from(books->registry, month, &calendar.closes_s, err);

	if (r == 0 && books->ledger)
		r = closed_month_find(books->ledger, month, CLOSED_LATEST, &closed, err);
	if (r < 0 && r != -ENOENT)
		return r;
	calendar.closed_s = closed.closed_s;
	*ret_calendar = calendar;
	return 0;
}

/* Of all that the filter lets pass, whatever kind is asked for. */
static void write_kinds(const struct inbox *inbox, struct json *json)
{
	json_array(json, "kinds");
	for (int kind = 0; kind < INBOX_KIND_COUNT; kind++) {
		int64_t open = 0, dismissed = 0, rupiah = 0;

		for (size_t i = 0; i < inbox->count; i++) {
			const struct inbox_item *item = &inbox->items[i];

			if ((int)item->kind != kind)
				continue;
			open += !item->dismissal;
			dismissed += item->dismissal != 0;
			rupiah += item->dismissal ? 0 : item->rupiah;
		}
		json_object(json, NULL);
		json_text(json, "kind", inbox_kind_name((enum inbox_kind)kind));
		json_number(json, "open", open);
		json_number(json, "dismissed", dismissed);
		json_number(json, "rupiah", rupiah);
		json_object_end(json);
	}
	json_array_end(json);
}

static void write_inbox(struct inbox *inbox, const struct question *question,
	const struct calendar *calendar, struct response *ret)
{
	const struct page *page = &question->page;
	struct json json;

	ret->packs = true;
	response_json(ret, &json);
	json_text(&json, "period", question->query.month);
	json_put_time(&json, "as_of", question->query.as_of_s);
	json_put_time(&json, "closes", calendar->closes_s);
	if (calendar->closed_s)
		json_put_time(&json, "closed", calendar->closed_s);
	else
		json_null(&json, "closed");
	write_kinds(inbox, &json);
	inbox_keep(inbox, question->kind, question->open != 0);
	json_number(&json, "total", (int64_t)inbox->count);
	json_number(&json, "limit", (int64_t)page->limit);
	json_number(&json, "offset", (int64_t)page->offset);
	inbox_json(inbox, page->offset, page->offset + page->limit, &json, "rows");
	response_json_end(ret, &json);
}

static void answer(const struct books *books, const struct question *question, struct response *ret)
{
	const struct sla_source source = {books->registry, books->ledger};
	struct calendar calendar;
	struct err err = {0};
	struct inbox inbox;

	if (read_calendar(books, question->query.month, &calendar, &err) < 0 ||
		inbox_gather(&source, &question->query, &inbox, &err) < 0) {
		books_failed("decisions", &err, ret);
		return;
	}
	write_inbox(&inbox, question, &calendar, ret);
	inbox_done(&inbox);
}

void api_decisions(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"month", "as_of", "kind", "open", "kabupaten",
		"kecamatan", "desa", "provider", "link", "limit", "offset", NULL};
	static const char *const choices[] = {"0", "1", NULL};
	struct question question = {.query.as_of_s = clock_utc_us() / 1000000, .kind = -1};
	struct sla_query *query = &question.query;
	struct books books;

	if (!params_known(request, known, ret) || !param_month(request, &query->month, ret) ||
		!param_time(request, "as_of", &query->as_of_s, ret) ||
		!param_choice(request, "kind", inbox_kind_names, &question.kind, ret) ||
		!param_choice(request, "open", choices, &question.open, ret) ||
		!filter_read(request, &query->filter, ret) ||
		!param_page(request, &question.page, ret) ||
		!books_open_for(site->state, request, query->filter.link, &books, ret))
		return;
	answer(&books, &question, ret);
	books_close(&books);
}
