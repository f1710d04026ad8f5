/* SPDX-License-Identifier: Apache-2.0 */
#include "web/entry.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/desk/outage.h"
#include "common/civil.h"
#include "common/digits.h"
#include "common/log.h"

static bool open_books(struct site *site, const struct request *request, struct books *ret_books,
	struct response *ret)
{
	struct books books = {0};
	struct err err = {0};
	int r = registry_open(
		site->state, REGISTRY_WRITE, request->who->name, &books.registry, &err);

	if (r < 0) {
		books_failed("registry", &err, ret);
		return false;
	}
	r = ledger_db_open(site->state, &books.ledger, &err);
	if (r < 0 && r != -ENOENT) {
		registry_close(books.registry);
		books_failed("ledger", &err, ret);
		return false;
	}
	*ret_books = books;
	return true;
}

void entry_change(struct site *site, const struct request *request, const char *const *known,
	entry_run_fn *run, struct response *ret)
{
	struct books books;
	struct body *body;

	if (!params_known(request, params_none, ret) || !body_read(request, known, &body, ret))
		return;
	if (open_books(site, request, &books, ret)) {
		run(&books, request, body, ret);
		books_close(&books);
	}
	body_free(body);
}

void entry_failed(const char *what, const struct err *err, struct response *ret)
{
	switch (err->code) {
	case -ENOENT: response_error(ret, 404, err->text); return;
	case -EEXIST: response_refuse(ret, 409, "exists", err->text); return;
	case -EALREADY: response_error(ret, 409, err->text); return;
	case -EPERM: response_refuse(ret, 400, "same-person", err->text); return;
	case -ERANGE: response_refuse(ret, 400, "time", err->text); return;
	case -EINVAL: response_error(ret, 400, err->text); return;
	case -EBUSY: response_later(ret, 503, LANE_RETRY_S, err->text); return;
	default: books_failed(what, err, ret);
	}
}

void entry_made(struct response *ret, const char *key, int64_t id)
{
	struct json json;

	response_json(ret, &json);
	json_number(&json, key, id);
	response_json_end(ret, &json);
	ret->status = 201;
}

void entry_ended(const char *what, int r, const struct err *err, struct response *ret)
{
	if (r < 0)
		entry_failed(what, err, ret);
	else
		response_done_well(ret);
}

bool entry_id(const struct request *request, int64_t *ret_id, struct response *ret)
{
	int64_t id;

	if (digits_parse(request->segments[0], INT64_MAX, &id) == 0 && id > 0) {
		*ret_id = id;
		return true;
	}
	response_error(ret, 404, "there is nothing at this path: a number is missing in it");
	return false;
}

static void refuse_time(const char *name, const char *text, struct response *ret)
{
	response_bad_as(ret, "time", &(struct http_param){name, text},
		"must be a time, such as 2026-01-31T14:05 or 2026-01-31T06:05:00Z");
}

bool entry_time(const struct body *body, const char *name, int32_t offset_s, int64_t *ret_utc_s,
	struct response *ret)
{
	const char *text;

	if (!body_text(body, name, &text, ret))
		return false;
	if (!text || civil_parse(text, offset_s, ret_utc_s, NULL) == 0)
		return true;
	refuse_time(name, text, ret);
	return false;
}

bool entry_text(const struct body *body, const char *name, char *ret_text, size_t size,
	struct response *ret)
{
	const char *text;
	char words[64];

	if (!body_need_text(body, name, &text, ret))
		return false;
	if (strlen(text) < size) {
		strcpy(ret_text, text);
		return true;
	}
	snprintf(words, sizeof(words), "is longer than %zu bytes", size - 1);
	response_bad_param(ret, name, "", words);
	return false;
}

static bool check_outage(
	const struct books *books, const struct entry_second *second, struct response *ret)
{
	const struct sla_source source = {books->registry, books->ledger};
	struct err err = {0};

	if (outage_begins(&source, &second->link, second->at_s, &err) == 0)
		return true;
	entry_failed("outage", &err, ret);
	return false;
}

bool entry_second(const struct books *books, const struct request *request, const struct body *body,
	struct entry_second *ret_second, struct response *ret)
{
	const struct param_range links = {1, INT64_MAX};
	bool by_start = body_has(body, "outage");
	struct entry_second second;
	int64_t link = 0;

	if (!body_number(body, "link", links, &link, ret))
		return false;
	if (!link) {
		response_missing(ret, "link");
		return false;
	}
	if (by_start == body_has(body, "at")) {
		response_bad_param(ret, "at", "", "give one of at and outage");
		return false;
	}
	if (!books_link(books, request, link, &second.link, ret) ||
		!entry_time(body, by_start ? "outage" : "at", second.link.offset_s, &second.at_s,
			ret) ||
		(by_start && !check_outage(books, &second, ret)))
		return false;
	*ret_second = second;
	return true;
}
