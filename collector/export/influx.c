/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/influx.h"

#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/civil.h"

#define CONNECT_MS 5000L
#define REQUEST_MS 30000L /* a batch of 5,000 lines takes it 50 ms */
#define URL_MAX 2048
#define ANSWER_MAX 2048 /* bytes kept of an answer: enough for its words */
#define WORDS_MAX 200 /* bytes of them in a message */
#define QUERY_MAX 1024

struct answer {
	long status;
	size_t length;
	char text[ANSWER_MAX + 1];
};

struct influx {
	CURL *curl;
	struct curl_slist *headers;
	struct influx_settings settings;
	char *texts[6]; /* what settings points to */
	char write_url[URL_MAX], query_url[URL_MAX];
	char curl_words[CURL_ERROR_SIZE];
	struct answer answer;
	bool (*stop)(void *arg);
	void *stop_arg;
};

static const char *const measurements[] = {"pantau_state", "pantau_slot", "pantau_wan"};
#define MEASUREMENTS (sizeof(measurements) / sizeof(*measurements))

static size_t count_of(const struct influx_points *points)
{
	return points->state_only ? 1 : MEASUREMENTS;
}

/* ---- one request */

static size_t on_answer(char *bytes, size_t size, size_t count, void *arg)
{
	struct answer *answer = arg;
	size_t room = ANSWER_MAX - answer->length, length = size * count;
	size_t kept = length < room ? length : room;

	memcpy(answer->text + answer->length, bytes, kept);
	answer->length += kept;
	answer->text[answer->length] = '\0';
	return length;
}

static int on_progress(
	void *arg, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
	struct influx *influx = arg;

	return influx->stop && influx->stop(influx->stop_arg);
}

/* What the server said, without control characters, short enough for a line of the log. */
static const char *answer_words(struct answer *answer)
{
	if (answer->length > WORDS_MAX)
		answer->length = WORDS_MAX;
	while (answer->length && isspace((unsigned char)answer->text[answer->length - 1]))
		answer->length--;
	answer->text[answer->length] = '\0';
	for (char *c = answer->text; *c; c++) {
		if (iscntrl((unsigned char)*c))
			*c = ' ';
	}
	return answer->text;
}

/* These say no to the points; any other answer is about the way to the server, or its health. */
static bool is_refusal(long status)
{
	return status == 400 || status == 413 || status == 422;
}

static int post(
	struct influx *influx, const char *url, const void *body, size_t length, struct err *err)
{
	struct answer *answer = &influx->answer;
	CURLcode code;

	*answer = (struct answer){0};
	influx->curl_words[0] = '\0';
	curl_easy_setopt(influx->curl, CURLOPT_URL, url);
	curl_easy_setopt(influx->curl, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(influx->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
	code = curl_easy_perform(influx->curl);
	if (code != CURLE_OK)
		return err_set(err, -EAGAIN, "%s: %s", influx->settings.url,
			influx->curl_words[0] ? influx->curl_words : curl_easy_strerror(code));
	curl_easy_getinfo(influx->curl, CURLINFO_RESPONSE_CODE, &answer->status);
	if (answer->status >= 200 && answer->status < 300)
		return 0;
	return err_set(err, is_refusal(answer->status) ? -EBADMSG : -EAGAIN, "%s: answer %ld: %s",
		influx->settings.url, answer->status, answer_words(answer));
}

/* ---- 1.x: its query language */

static int run_query(struct influx *influx, const char *statements, struct err *err)
{
	char *escaped = curl_easy_escape(influx->curl, statements, 0);
	char *body = NULL;
	int length, r;

	if (!escaped)
		return err_errno(err, -ENOMEM, "%s", influx->settings.url);
	length = asprintf(&body, "q=%s", escaped);
	curl_free(escaped);
	if (length < 0)
		return err_errno(err, -ENOMEM, "%s", influx->settings.url);
	r = post(influx, influx->query_url, body, (size_t)length, err);
	free(body);
	/* errors of a statement come with a good status */
	if (r == 0 && strstr(influx->answer.text, "\"error\""))
		r = err_set(err, -EAGAIN, "%s: %s", influx->settings.url,
			answer_words(&influx->answer));
	return r;
}

static int create_database(struct influx *influx, struct err *err)
{
	char statement[QUERY_MAX];

	snprintf(statement, sizeof(statement), "CREATE DATABASE \"%s\"", influx->settings.database);
	return run_query(influx, statement, err);
}

static int delete_v1(struct influx *influx, const struct influx_points *points, struct err *err)
{
	char statements[QUERY_MAX], time[CIVIL_TIME_BYTES];
	size_t at = 0;

	civil_format(points->at_s, time);
	for (size_t i = 0; i < count_of(points); i++)
		at += (size_t)snprintf(statements + at, sizeof(statements) - at,
			"DELETE FROM \"%s\" WHERE \"link\" = '%" PRId64 "' AND time = '%s';",
			measurements[i], points->link, time);
	return run_query(influx, statements, err);
}

/* ---- 2.x */

static int delete_v2(struct influx *influx, const struct influx_points *points, struct err *err)
{
	char body[QUERY_MAX], from[CIVIL_TIME_BYTES], to[CIVIL_TIME_BYTES];
	int r = 0;

	civil_format(points->at_s, from);
	civil_format(points->at_s + 1, to);
	for (size_t i = 0; r == 0 && i < count_of(points); i++) {
		int length = snprintf(body, sizeof(body),
			"{\"start\":\"%s\",\"stop\":\"%s\",\"predicate\":"
			"\"_measurement=\\\"%s\\\" AND link=\\\"%" PRId64 "\\\"\"}",
			from, to, measurements[i], points->link);
		r = post(influx, influx->query_url, body, (size_t)length, err);
	}
	return r;
}

/* ---- public */

int influx_write(struct influx *influx, const void *lines, size_t length, struct err *err)
{
	int r = post(influx, influx->write_url, lines, length, err);

	if (r == 0 || influx->answer.status != 404 || influx->settings.api != INFLUX_V1)
		return r;
	r = create_database(influx, err);
	return r < 0 ? r : post(influx, influx->write_url, lines, length, err);
}

int influx_delete(struct influx *influx, const struct influx_points *points, struct err *err)
{
	if (influx->settings.api == INFLUX_V2)
		return delete_v2(influx, points, err);
	return delete_v1(influx, points, err);
}

/* "URL/PATH?KEY=VALUE...": pairs end with NULL; empty values are left out. */
static int make_url(struct influx *influx, char *ret_url, const char *path,
	const char *const *pairs, struct err *err)
{
	size_t at = (size_t)snprintf(
		ret_url, URL_MAX, "%s%s?precision=s", influx->settings.url, path);

	for (size_t i = 0; pairs[i] && at < URL_MAX; i += 2) {
		char *value;
		if (!pairs[i + 1][0])
			continue;
		value = curl_easy_escape(influx->curl, pairs[i + 1], 0);
		if (!value)
			return err_errno(err, -ENOMEM, "%s", influx->settings.url);
		at += (size_t)snprintf(ret_url + at, URL_MAX - at, "&%s=%s", pairs[i], value);
		curl_free(value);
	}
	if (at >= URL_MAX)
		return err_set(err, -EINVAL, "[export] url, database or org: too long");
	return 0;
}

/* "http://host:port" or "https://host/prefix": the rest is ours to add. */
static int check_url(const char *url, struct err *err)
{
	size_t length = strlen(url), tail = strlen("/write");
	bool is_http = !strncmp(url, "http://", 7) || !strncmp(url, "https://", 8);

	if (is_http && !strpbrk(url, "?# ") &&
		(length < tail || strcmp(url + length - tail, "/write") != 0))
		return 0;
	return err_set(err, -EINVAL,
		"[export] url = %s: must be the server alone, such as http://127.0.0.1:8086 "
		"(database and api have keys of their own)",
		url);
}

static int make_urls(struct influx *influx, struct err *err)
{
	const struct influx_settings *settings = &influx->settings;
	bool v2 = settings->api == INFLUX_V2;
	const char *const v1_pairs[] = {"db", settings->database, NULL};
	const char *const v2_pairs[] = {
		"bucket", settings->database, "org", settings->organisation, NULL};
	const char *const *pairs = v2 ? v2_pairs : v1_pairs;
	int r = check_url(settings->url, err);

	if (r < 0)
		return r;
	r = make_url(influx, influx->write_url, v2 ? "/api/v2/write" : "/write", pairs, err);

	if (r < 0)
		return r;
	return make_url(influx, influx->query_url, v2 ? "/api/v2/delete" : "/query", pairs, err);
}

static int copy_texts(struct influx *influx, const struct influx_settings *settings)
{
	const char *from[] = {settings->url, settings->database, settings->organisation,
		settings->user, settings->password, settings->token};
	const char **to[] = {&influx->settings.url, &influx->settings.database,
		&influx->settings.organisation, &influx->settings.user, &influx->settings.password,
		&influx->settings.token};

	influx->settings.api = settings->api;
	for (size_t i = 0; i < sizeof(from) / sizeof(*from); i++) {
		influx->texts[i] = strdup(from[i] ? from[i] : "");
		if (!influx->texts[i])
			return -ENOMEM;
		*to[i] = influx->texts[i];
	}
	for (size_t length = strlen(influx->texts[0]);
		length && influx->texts[0][length - 1] == '/'; length--)
		influx->texts[0][length - 1] = '\0';
	return 0;
}

static int add_header(struct influx *influx, const char *header)
{
	struct curl_slist *headers = curl_slist_append(influx->headers, header);

	if (!headers)
		return -ENOMEM;
	influx->headers = headers;
	return 0;
}

static int add_headers(struct influx *influx)
{
	char *header;
	int r = add_header(influx, "Expect:"); /* the body is small: no need to ask first */

	/* the bodies of 1.x's queries are forms, which is the library's own guess */
	if (r == 0 && influx->settings.api == INFLUX_V2)
		r = add_header(influx, "Content-Type: text/plain; charset=utf-8");
	if (r < 0 || !influx->settings.token[0])
		return r;
	if (asprintf(&header, "Authorization: Token %s", influx->settings.token) < 0)
		return -ENOMEM;
	r = add_header(influx, header);
	free(header);
	return r;
}

static void configure(struct influx *influx)
{
	CURL *curl = influx->curl;

	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L); /* threads */
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, REQUEST_MS);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, influx->headers);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, influx->curl_words);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_answer);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &influx->answer);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, influx);
	if (influx->settings.user[0]) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, influx->settings.user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, influx->settings.password);
	}
}

int influx_open(const struct influx_settings *settings, bool (*stop)(void *arg), void *arg,
	struct influx **ret_influx, struct err *err)
{
	struct influx *influx = calloc(1, sizeof(*influx));
	int r;

	if (!influx)
		return err_errno(err, -ENOMEM, "%s", settings->url);
	influx->stop = stop;
	influx->stop_arg = arg;
	r = copy_texts(influx, settings);
	if (r == 0) {
		influx->curl = curl_easy_init();
		r = influx->curl ? add_headers(influx) : -ENOMEM;
	}
	if (r < 0)
		err_errno(err, r, "%s", settings->url);
	else
		r = make_urls(influx, err);
	if (r < 0) {
		influx_close(influx);
		return r;
	}
	configure(influx);
	*ret_influx = influx;
	return 0;
}

void influx_close(struct influx *influx)
{
	if (!influx)
		return;
	curl_easy_cleanup(influx->curl);
	curl_slist_free_all(influx->headers);
	for (size_t i = 0; i < sizeof(influx->texts) / sizeof(*influx->texts); i++)
		free(influx->texts[i]);
	free(influx);
}
