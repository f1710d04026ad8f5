/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /api/v1/audit, for administrators: who changed what, when, before and after; the newest
 * first. `before` pages back: the sequence that the answer gives as `next`.
 */
#include "collector/explain/json_put.h"
#include "collector/store/registry_audit.h"
#include "web/filter.h"
#include "web/params.h"
#include "web/site.h"

#define AUDIT_ROWS_DEFAULT 200
#define AUDIT_ROWS_MAX 1000 /* a row holds up to 32 KiB */

struct rows {
	struct json *json;
	int64_t limit, count, last;
};

static void write_state(struct json *json, const char *key, const char *state)
{
	if (state && state[0] == '{') /* a row, as the registry's own writer put it */
		json_raw(json, key, state);
	else
		json_text(json, key, state);
}

/* One more than the page is asked for, to know whether there is more. */
static int write_change(void *arg, const struct registry_change *change)
{
	struct rows *rows = arg;

	if (++rows->count > rows->limit)
		return 1;
	rows->last = change->sequence;
	json_object(rows->json, NULL);
	json_number(rows->json, "sequence", change->sequence);
	json_put_time(rows->json, "at", change->at_s);
	json_text(rows->json, "who", change->who);
	json_text(rows->json, "table", change->table);
	json_text(rows->json, "row", change->row);
	write_state(rows->json, "before", change->before);
	write_state(rows->json, "after", change->after);
	json_object_end(rows->json);
	return 0;
}

static bool read_question(const struct request *request, struct registry_audit *audit,
	int64_t *limit, struct response *ret)
{
	static const char *const known[] = {
		"before", "who", "table", "row", "from", "to", "limit", NULL};
	const struct param_range sequences = {1, INT64_MAX}, limits = {1, AUDIT_ROWS_MAX};

	return params_known(request, known, ret) &&
		param_number(request, "before", sequences, &audit->before, ret) &&
		param_number(request, "limit", limits, limit, ret) &&
		param_text(request, "who", &audit->who, ret) &&
		param_text(request, "table", &audit->table, ret) &&
		param_text(request, "row", &audit->row, ret) &&
		param_time(request, "from", &audit->from_s, ret) &&
		param_time(request, "to", &audit->to_s, ret);
}

void api_audit(struct site *site, const struct request *request, struct response *ret)
{
	struct registry_audit audit = {.before = INT64_MAX, .to_s = INT64_MAX};
	struct rows rows = {.limit = AUDIT_ROWS_DEFAULT};
	struct err err = {0};
	struct books books;
	struct json json;
	int r;

	if (!read_question(request, &audit, &rows.limit, ret) ||
		!books_open(site->state, &books, ret))
		return;
	rows.json = &json;
	response_json(ret, &json);
	json_array(&json, "rows");
	r = registry_audit(books.registry, &audit, write_change, &rows, &err);
	json_array_end(&json);
	if (rows.count > rows.limit)
		json_number(&json, "next", rows.last);
	else
		json_null(&json, "next");
	response_json_end(ret, &json);
	if (r < 0)
		books_failed("audit", &err, ret);
	books_close(&books);
}
