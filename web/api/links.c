/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One link: GET /api/v1/links/ID (its contracts, who measures it, how that router fares),
 * /api/v1/links/ID/timeline (its time as the rows count it) and /api/v1/links/ID/series (its
 * measurements, for a chart). How it stands now is a row of /api/v1/desa?link=ID.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/explain/json_put.h"
#include "collector/report/series.h"
#include "collector/report/timeline.h"
#include "collector/store/ledger_starts.h"
#include "common/clock.h"
#include "web/filter.h"
#include "web/link_health.h"
#include "web/params.h"
#include "web/site.h"

#define STARTS_SPAN_S (30 * 86400)
#define STARTS_TOLD 20 /* the newest; a router that starts more often is told by its count */
#define TIMELINE_USUAL_S 86400
#define SERIES_USUAL_S 86400
#define SERIES_POINTS_USUAL 300

static int64_t now_s(void)
{
	return clock_utc_us() / 1000000;
}

static bool read_id(const struct request *request, int64_t *ret_id, struct response *ret)
{
	char *end;

	errno = 0;
	*ret_id = strtoll(request->segments[0], &end, 10);
	if (!errno && *ret_id > 0 && !*end && request->segments[0][0] != '+')
		return true;
	response_error(ret, 404, "there is no such link");
	return false;
}

struct ask { /* what the three share; books_close() ends it */
	const char *state; /* borrowed */
	struct books books;
	struct registry_link link;
};

static bool open_ask(
	struct site *site, const struct request *request, struct ask *ret_ask, struct response *ret)
{
	int64_t id;

	ret_ask->state = site->state;
	if (!read_id(request, &id, ret) || !books_open(site->state, &ret_ask->books, ret))
		return false;
	if (books_link(&ret_ask->books, request, id, &ret_ask->link, ret))
		return true;
	books_close(&ret_ask->books);
	return false;
}

static bool read_span(
	const struct request *request, int64_t usual_s, struct span *ret_span, struct response *ret)
{
	ret_span->to = now_s();
	if (!param_time(request, "to", &ret_span->to, ret))
		return false;
	ret_span->from = ret_span->to - usual_s;
	if (!param_time(request, "from", &ret_span->from, ret))
		return false;
	if (ret_span->from < ret_span->to)
		return true;
	response_bad_param(ret, "from", request_param(request, "from"), "must be before `to`");
	return false;
}

/* ---- the link */

static int write_contract(void *arg, const struct registry_contract *contract)
{
	struct json *json = arg;
	char target[MONTH_PERCENT_BYTES];

	month_percent(contract->terms.target_ppm, TERMS_PPM, target);
	json_object(json, NULL);
	json_number(json, "contract", contract->id);
	json_put_time(json, "from", contract->from_s);
	json_put_time(json, "to", contract->to_s);
	json_number(json, "down_kbps", contract->kbps_down);
	json_number(json, "up_kbps", contract->kbps_up);
	json_decimal(json, "target", target);
	json_number(json, "window_s", contract->terms.window_s);
	json_object_end(json);
	return 0;
}

struct devices {
	struct json *json;
	int64_t link;
};

static int write_binding(void *arg, const struct registry_binding *binding)
{
	struct devices *devices = arg;
	struct json *json = devices->json;

	if (binding->link != devices->link)
		return 0;
	json_object(json, NULL);
	json_number(json, "agent", binding->agent);
	json_text(json, "wan", binding->wan);
	json_put_time(json, "from", binding->from_s);
	json_put_time(json, "to", binding->to_s);
	json_object_end(json);
	return 0;
}

struct starts {
	struct {
		uint32_t agent;
		int64_t at_s;
		enum start_word word;
		char software[SOFTWARE_MAX + 1];
	} newest[STARTS_TOLD];
	size_t count; /* of them all */
};

static int see_start(void *arg, const struct ledger_start *start)
{
	struct starts *starts = arg;
	size_t i = starts->count++ % STARTS_TOLD;

	starts->newest[i].agent = start->agent;
	starts->newest[i].at_s = start->at_us / 1000000;
	starts->newest[i].word = start->word;
	snprintf(starts->newest[i].software, sizeof(starts->newest[i].software), "%s",
		start->start->software);
	return 0;
}

static int write_starts(const struct ask *ask, struct json *json, struct err *err)
{
	const int64_t to_s = now_s();
	const struct ledger_span span = {ask->link.id, to_s - STARTS_SPAN_S, to_s + 1};
	struct starts starts = {.count = 0};
	size_t told;
	int r = ask->books.ledger ? ledger_starts(ask->books.ledger, &span, see_start, &starts, err)
				  : 0;

	told = starts.count < STARTS_TOLD ? starts.count : STARTS_TOLD;
	json_number(json, "starts_30d", (int64_t)starts.count);
	json_array(json, "starts");
	for (size_t i = 0; i < told; i++) { /* the newest first */
		size_t place = (starts.count - 1 - i) % STARTS_TOLD;

		json_object(json, NULL);
		json_number(json, "agent", starts.newest[place].agent);
		json_put_time(json, "at", starts.newest[place].at_s);
		json_text(json, "why", start_word_name(starts.newest[place].word));
		json_text(json, "software", starts.newest[place].software);
		json_object_end(json);
	}
	json_array_end(json);
	return r;
}

static int write_link(const struct ask *ask, struct json *json, struct err *err)
{
	const struct link_health_ask health = {&ask->link, ask->state, now_s()};
	struct devices devices = {.json = json, .link = ask->link.id};
	int r;

	json_number(json, "link", ask->link.id);
	json_text(json, "desa", ask->link.desa);
	json_text(json, "provider", ask->link.provider);
	json_text(json, "kind", link_kind_name(ask->link.kind));
	json_text(json, "zone", ask->link.zone);
	json_array(json, "contracts");
	r = registry_contracts(ask->books.registry, ask->link.id, write_contract, json, err);
	json_array_end(json);
	json_array(json, "devices");
	if (r == 0)
		r = registry_bindings(ask->books.registry, 0, write_binding, &devices, err);
	json_array_end(json);
	if (r == 0)
		r = link_health_write(&ask->books, &health, json, err);
	return r < 0 ? r : write_starts(ask, json, err);
}

void api_link(struct site *site, const struct request *request, struct response *ret)
{
	struct err err = {0};
	struct json json;
	struct ask ask;

	if (!params_known(request, params_none, ret) || !open_ask(site, request, &ask, ret))
		return;
	response_json(ret, &json);
	if (write_link(&ask, &json, &err) < 0)
		books_failed("link", &err, ret);
	else
		response_json_end(ret, &json);
	books_close(&ask.books);
}

/* ---- its time */

static int write_stretch(void *arg, const struct timeline_stretch *stretch)
{
	const char class[2] = {stretch->class, '\0'};
	struct json *json = arg;

	json_object(json, NULL);
	json_put_time(json, "from", stretch->from_s);
	json_put_time(json, "to", stretch->to_s);
	json_text(json, "class", class);
	json_text(json, "cause", stretch->cause);
	json_number(json, "contract", stretch->contract);
	json_object_end(json);
	return 0;
}

static bool is_too_long(
	const struct request *request, const struct span *span, struct response *ret)
{
	if (span->to - span->from <= TIMELINE_SPAN_MAX_S)
		return false;
	response_bad_param(
		ret, "from", request_param(request, "from"), "a timeline is of 100 days at most");
	return true;
}

void api_link_timeline(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"from", "to", NULL};
	struct timeline_query query = {.as_of_s = now_s()};
	struct err err = {0};
	struct json json;
	struct ask ask;
	int r;

	if (!params_known(request, known, ret) ||
		!read_span(request, TIMELINE_USUAL_S, &query.span, ret) ||
		is_too_long(request, &query.span, ret) || !open_ask(site, request, &ask, ret))
		return;
	query.link = &ask.link;
	ret->packs = true;
	response_json(ret, &json);
	json_number(&json, "link", ask.link.id);
	json_put_time(&json, "from", query.span.from);
	json_put_time(&json, "to", query.span.to);
	json_array(&json, "rows");
	r = timeline_read(&(struct sla_source){ask.books.registry, ask.books.ledger}, &query,
		write_stretch, &json, &err);
	json_array_end(&json);
	if (r < 0)
		books_failed("timeline", &err, ret);
	else
		response_json_end(ret, &json);
	books_close(&ask.books);
}

/* ---- its measurements */

static int write_point(void *arg, const struct series_point *point)
{
	struct json *json = arg;

	json_array(json, NULL);
	json_number(json, NULL, point->at_s);
	json_number(json, NULL, point->low);
	json_number(json, NULL, point->middle);
	json_number(json, NULL, point->high);
	json_number(json, NULL, point->count);
	json_array_end(json);
	return 0;
}

static bool read_series(
	const struct request *request, struct series_query *ret_query, struct response *ret)
{
	static const char *const known[] = {"metric", "from", "to", "step", NULL};
	struct span span;
	int64_t least_s;
	int metric = -1;

	if (!params_known(request, known, ret) ||
		!param_choice(request, "metric", series_metrics, &metric, ret) ||
		!read_span(request, SERIES_USUAL_S, &span, ret))
		return false;
	if (metric < 0) {
		response_missing(ret, "metric");
		return false;
	}
	least_s = (span.to - span.from) / SERIES_POINTS_MAX + 1;
	ret_query->step_s = (span.to - span.from) / SERIES_POINTS_USUAL + 1;
	ret_query->metric = (enum series_metric)metric;
	ret_query->span.from_s = span.from;
	ret_query->span.to_s = span.to;
	return param_number(request, "step", (struct param_range){least_s, span.to - span.from},
		&ret_query->step_s, ret);
}

void api_link_series(struct site *site, const struct request *request, struct response *ret)
{
	struct series_query query = {.step_s = 0};
	struct err err = {0};
	struct json json;
	struct ask ask;
	int r = 0;

	if (!read_series(request, &query, ret) || !open_ask(site, request, &ask, ret))
		return;
	query.span.link = ask.link.id;
	ret->packs = true;
	response_json(ret, &json);
	json_number(&json, "link", ask.link.id);
	json_text(&json, "metric", series_metrics[query.metric]);
	json_put_time(&json, "from", query.span.from_s);
	json_put_time(&json, "to", query.span.to_s);
	json_number(&json, "step", query.step_s);
	json_array(&json, "points");
	if (ask.books.ledger)
		r = series_read(ask.books.ledger, &query, write_point, &json, &err);
	json_array_end(&json);
	if (r < 0)
		books_failed("series", &err, ret);
	else
		response_json_end(ret, &json);
	books_close(&ask.books);
}
