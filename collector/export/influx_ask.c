/* SPDX-License-Identifier: Apache-2.0 */
/* What a store is asked beside writing: 1.x by its query language, 2.x by a path of its own. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/export/influx_private.h"
#include "common/civil.h"

#define QUERY_MAX 1024
#define STATEMENTS_MAX (INFLUX_DELETE_MAX * 5 * 256) /* a statement takes half of that */
#define COUNTERS_OWN "vm_rows_invalid_total" /* a name that VictoriaMetrics alone has */

static const char *const measurements[] = {
	"pantau_state", "pantau_slot", "pantau_wan", "pantau_speed", "pantau_sla_day"};

static size_t count_of(const struct influx_points *points)
{
	static const size_t counts[] = {[INFLUX_STATE] = 1,
		[INFLUX_SLOT] = 3,
		[INFLUX_ALL] = sizeof(measurements) / sizeof(*measurements)};

	return counts[points->what];
}

/* ---- 1.x: its query language */

static int run_query(struct influx *influx, const char *statements, struct http_answer *ret_answer,
	struct err *err)
{
	struct http_request request = {.url = influx->query_url};
	char *escaped = http_escape(influx->http, statements), *body = NULL;
	int length = escaped ? asprintf(&body, "q=%s", escaped) : -1, r;

	free(escaped);
	if (length < 0)
		return err_errno(err, -ENOMEM, "%s", influx->settings.url);
	request.body = body;
	request.length = (size_t)length;
	r = http_ask(influx->http, &request, ret_answer, err);
	free(body);
	if (r == 0)
		r = influx_judge(influx, ret_answer, err);
	/* errors of a statement come with a good status */
	if (r == 0 && strstr(ret_answer->text, "\"error\"")) {
		char words[HTTP_WORDS_MAX + 1];
		http_words(ret_answer, words);
		r = err_set(err, -EAGAIN, "%s: %s", influx->settings.url, words);
	}
	return r;
}

int influx_create_database(struct influx *influx, struct err *err)
{
	struct http_answer answer;
	char statement[QUERY_MAX];

	snprintf(statement, sizeof(statement), "CREATE DATABASE \"%s\"", influx->settings.database);
	return run_query(influx, statement, &answer, err);
}

static int put_deletes(struct buf *statements, const struct influx_points *points)
{
	char text[QUERY_MAX], from[CIVIL_TIME_BYTES], to[CIVIL_TIME_BYTES];
	int r = 0;

	civil_format(points->from_s, from);
	civil_format(points->to_s, to);
	for (size_t i = 0; r == 0 && i < count_of(points); i++) {
		int length = snprintf(text, sizeof(text),
			"DELETE FROM \"%s\" WHERE \"link\" = '%" PRId64
			"' AND time >= '%s' AND time < '%s';",
			measurements[i], points->link, from, to);
		r = buf_append(statements, text, (size_t)length);
	}
	return r;
}

/* A database that is not there has nothing to be deleted, and is wanted in a moment. */
static int run_deletes(struct influx *influx, const char *statements, struct err *err)
{
	struct http_answer answer;
	int r = run_query(influx, statements, &answer, err);

	if (r == 0)
		return 0;
	r = influx_create_database(influx, err);
	return r < 0 ? r : run_query(influx, statements, &answer, err);
}

static int delete_v1(
	struct influx *influx, const struct influx_points *points, size_t count, struct err *err)
{
	struct buf statements;
	int r = 0;

	buf_init(&statements, STATEMENTS_MAX);
	for (size_t i = 0; r == 0 && i < count; i++)
		r = put_deletes(&statements, &points[i]);
	if (r == 0)
		r = buf_append(&statements, "", 1);
	r = r < 0 ? err_errno(err, r, "%s", influx->settings.url)
		  : run_deletes(influx, (const char *)buf_peek(&statements), err);
	buf_done(&statements);
	return r;
}

static int has_points(struct influx *influx, const struct influx_points *points,
	const char *condition, bool *ret_has, struct err *err)
{
	struct http_answer answer;
	char statement[QUERY_MAX];
	int r;

	snprintf(statement, sizeof(statement),
		"SELECT \"rounds\" FROM \"pantau_slot\" WHERE \"link\" = '%" PRId64
		"' AND %s LIMIT 1",
		points->link, condition);
	r = run_query(influx, statement, &answer, err);
	*ret_has = r == 0 && strstr(answer.text, "\"series\"");
	return r;
}

int influx_find(struct influx *influx, const struct influx_points *point,
	enum influx_found *ret_found, struct err *err)
{
	char time[CIVIL_TIME_BYTES], condition[64];
	bool there = true, in_1970 = false;
	int r = 0;

	*ret_found = INFLUX_UNASKED;
	if (influx->settings.api != INFLUX_V1 || influx->victoria)
		return 0;
	civil_format(point->from_s, time);
	snprintf(condition, sizeof(condition), "time = '%s'", time);
	r = has_points(influx, point, condition, &there, err);
	if (r == 0 && !there)
		r = has_points(influx, point, "time < '1971-01-01T00:00:00Z'", &in_1970, err);
	if (r < 0)
		return r;
	*ret_found = there ? INFLUX_FOUND : in_1970 ? INFLUX_IN_1970 : INFLUX_NOWHERE;
	return 0;
}

/* ---- 2.x */

static int delete_v2(struct influx *influx, const struct influx_points *points, struct err *err)
{
	struct http_request request = {.url = influx->query_url, .kind = HTTP_JSON};
	char body[QUERY_MAX], from[CIVIL_TIME_BYTES], to[CIVIL_TIME_BYTES];
	struct http_answer answer;
	int r = 0;

	civil_format(points->from_s, from);
	civil_format(points->to_s, to);
	request.body = body;
	for (size_t i = 0; r == 0 && i < count_of(points); i++) {
		request.length = (size_t)snprintf(body, sizeof(body),
			"{\"start\":\"%s\",\"stop\":\"%s\",\"predicate\":"
			"\"_measurement=\\\"%s\\\" AND link=\\\"%" PRId64 "\\\"\"}",
			from, to, measurements[i], points->link);
		r = http_ask(influx->http, &request, &answer, err);
		if (r == 0)
			r = influx_judge(influx, &answer, err);
	}
	return r;
}

/* ---- both */

bool influx_removes(const struct influx *influx)
{
	return !influx->victoria && influx->settings.api != INFLUX_V3;
}

int influx_delete(
	struct influx *influx, const struct influx_points *points, size_t count, struct err *err)
{
	int r = 0;

	if (influx->settings.api == INFLUX_V1)
		return delete_v1(influx, points, count, err);
	for (size_t i = 0; r == 0 && i < count; i++)
		r = delete_v2(influx, &points[i], err);
	return r;
}

int influx_counters(struct influx *influx, const char **ret_page, struct err *err)
{
	struct http_answer answer;
	int r = http_ask(
		influx->http, &(struct http_request){.url = influx->counters_url}, &answer, err);

	if (r < 0)
		return r;
	if (answer.status != 200 || !strstr(answer.text, COUNTERS_OWN))
		return err_set(err, -ENOENT,
			"%s: no counters of VictoriaMetrics there (answer %ld)",
			influx->counters_url, answer.status);
	*ret_page = answer.text;
	return 0;
}

void influx_is_victoria(struct influx *influx)
{
	influx->victoria = true;
}
