/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /api/v1/decisions/log: what was dismissed and settled and by whom, taken back or not, as
 * `pantau decide log --json`, the newest first; of the links of who asks.
 *
 * Two lists are one here: their rows' names are put in order first, then those of the page read.
 */
#include <errno.h>
#include <stdlib.h>

#include "collector/desk/item.h"
#include "collector/report/decision_report.h"
#include "web/account/own.h"
#include "web/filter.h"
#include "web/params.h"
#include "web/site.h"

struct name { /* of a row */
	int64_t entered_s, id;
	bool dispute;
};

struct log {
	struct registry *registry;
	const struct own *own;
	struct name *names; /* of theirs */
	size_t count, room;
	struct page page;
	union kept *rows; /* of the page, at the place of their names */
	struct err *err;
};

union kept {
	struct registry_dismissal dismissal;
	struct registry_settlement settlement;
};

/* ---- whose */

struct seen {
	const struct own *own;
	int64_t id; /* of an exclusion */
	int64_t from_s, to_s; /* of a settlement */
	bool theirs;
};

static int see_exclusion(void *arg, const struct registry_exclusion *exclusion)
{
	struct seen *seen = arg;

	if (exclusion->id != seen->id)
		return 0;
	seen->theirs = own_is_reached(seen->own, exclusion);
	return 1;
}

/* What the device measured before or after that is another's business: it may have been moved. */
static int see_binding(void *arg, const struct registry_binding *binding)
{
	struct seen *seen = arg;

	seen->theirs = binding->from_s < seen->to_s && binding->to_s > seen->from_s &&
		own_has_link(seen->own, binding->link);
	return seen->theirs;
}

/* 1: theirs. */
static int owns_dismissal(const struct log *log, const struct registry_dismissal *dismissal)
{
	struct seen seen = {.own = log->own};
	struct item_name name;
	int r;

	if (log->own->all)
		return 1;
	if (item_parse(dismissal->item, &name, NULL) < 0)
		return 0;
	if (name.kind != INBOX_EXCLUSION)
		return own_has_link(log->own, name.numbers[0]);
	seen.id = name.numbers[0];
	r = registry_exclusions(log->registry, 0, see_exclusion, &seen, log->err);
	return r < 0 ? r : seen.theirs;
}

static int owns_settlement(const struct log *log, const struct registry_settlement *settlement)
{
	struct seen seen = {
		.own = log->own, .from_s = settlement->from_s, .to_s = settlement->to_s};
	int r;

	if (log->own->all)
		return 1;
	r = registry_bindings(log->registry, settlement->agent, see_binding, &seen, log->err);
	return r < 0 ? r : seen.theirs;
}

/* ---- names */

static int add_name(struct log *log, const struct name *name)
{
	if (log->count == log->room) {
		size_t room = log->room ? 2 * log->room : 64;
		struct name *names = realloc(log->names, room * sizeof(*names));

		if (!names)
			return err_errno(log->err, -ENOMEM, "the log of decisions");
		log->names = names;
		log->room = room;
	}
	log->names[log->count++] = *name;
	return 0;
}

static int name_dismissal(void *arg, const struct registry_dismissal *dismissal)
{
	const struct name name = {dismissal->entered_s, dismissal->id, false};
	int theirs = owns_dismissal(arg, dismissal);

	return theirs > 0 ? add_name(arg, &name) : theirs;
}

static int name_settlement(void *arg, const struct registry_settlement *settlement)
{
	const struct name name = {settlement->entered_s, settlement->id, true};
	int theirs = owns_settlement(arg, settlement);

	return theirs > 0 ? add_name(arg, &name) : theirs;
}

static int newest_first(const void *left, const void *right)
{
	const struct name *a = left, *b = right;

	if (a->entered_s != b->entered_s)
		return a->entered_s > b->entered_s ? -1 : 1;
	if (a->dispute != b->dispute)
		return a->dispute ? -1 : 1;
	return a->id > b->id ? -1 : a->id < b->id;
}

/* ---- rows */

static size_t page_count(const struct log *log)
{
	size_t left = log->page.offset < log->count ? log->count - log->page.offset : 0;

	return left < log->page.limit ? left : log->page.limit;
}

static union kept *place_of(const struct log *log, int64_t id, bool dispute)
{
	for (size_t i = 0; i < page_count(log); i++) {
		const struct name *name = &log->names[log->page.offset + i];

		if (name->id == id && name->dispute == dispute)
			return &log->rows[i];
	}
	return NULL;
}

static int keep_dismissal(void *arg, const struct registry_dismissal *dismissal)
{
	union kept *place = place_of(arg, dismissal->id, false);

	if (place)
		place->dismissal = *dismissal;
	return 0;
}

static int keep_settlement(void *arg, const struct registry_settlement *settlement)
{
	union kept *place = place_of(arg, settlement->id, true);

	if (place)
		place->settlement = *settlement;
	return 0;
}

static int read_log(struct log *log)
{
	int r = registry_dismissals(log->registry, name_dismissal, log, log->err);

	if (r == 0)
		r = registry_settlements(log->registry, 0, name_settlement, log, log->err);
	if (r < 0)
		return r;
	if (log->count)
		qsort(log->names, log->count, sizeof(*log->names), newest_first);
	log->rows = calloc(page_count(log) + 1, sizeof(*log->rows));
	if (!log->rows)
		return err_errno(log->err, -ENOMEM, "the log of decisions");
	r = registry_dismissals(log->registry, keep_dismissal, log, log->err);
	return r < 0 ? r : registry_settlements(log->registry, 0, keep_settlement, log, log->err);
}

static void write_log(const struct log *log, struct response *ret)
{
	struct table *table = decision_report_new();
	struct json json;

	for (size_t i = 0; table && i < page_count(log); i++) {
		if (log->names[log->page.offset + i].dispute)
			decision_report_settlement(table, &log->rows[i].settlement);
		else
			decision_report_dismissal(table, &log->rows[i].dismissal);
	}
	response_json(ret, &json);
	json_number(&json, "total", (int64_t)log->count);
	json_number(&json, "limit", (int64_t)log->page.limit);
	json_number(&json, "offset", (int64_t)log->page.offset);
	if (!table || table_render_json(table, &json, "rows") < 0)
		response_error(ret, 503, "the list does not fit into memory");
	else
		response_json_end(ret, &json);
	table_free(table);
}

static void answer(const struct books *books, const struct registry_filter *filter,
	const struct page *page, struct response *ret)
{
	struct err err = {0};
	struct own own = {0};
	struct log log = {.registry = books->registry, .own = &own, .page = *page, .err = &err};

	if (own_find(books->registry, filter, &own, &err) < 0 || read_log(&log) < 0)
		books_failed("decisions", &err, ret);
	else
		write_log(&log, ret);
	free(log.rows);
	free(log.names);
	own_done(&own);
}

void api_decisions_log(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {
		"kabupaten", "kecamatan", "desa", "provider", "link", "limit", "offset", NULL};
	struct registry_filter filter;
	struct books books;
	struct page page;

	if (!params_known(request, known, ret) || !filter_read(request, &filter, ret) ||
		!param_page(request, &page, ret) ||
		!books_open_for(site->state, request, filter.link, &books, ret))
		return;
	answer(&books, &filter, &page, ret);
	books_close(&books);
}
