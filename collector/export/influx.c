/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/influx.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/export/influx_private.h"

#define ZIPPED_MAX (64 * 1024 * 1024)

/* ---- what an answer means */

/* These say no to the points; any other answer is about the way to the server, or its health. */
static bool is_refusal(long status)
{
	return status == 400 || status == 422;
}

int influx_judge(struct influx *influx, const struct http_answer *answer, struct err *err)
{
	char words[HTTP_WORDS_MAX + 1];
	int code = -EAGAIN;

	influx->retry_after_s = 0;
	influx->partial = false;
	if (answer->status >= 200 && answer->status < 300)
		return 0;
	if (is_refusal(answer->status)) {
		code = -EBADMSG;
		influx->partial = strstr(answer->text, "partial write") != NULL;
	} else if (answer->status == 413) {
		code = -EMSGSIZE;
	} else {
		influx->retry_after_s = answer->retry_after_s;
	}
	http_words(answer, words);
	return err_set(
		err, code, "%s: answer %ld: %s", influx->settings.url, answer->status, words);
}

uint32_t influx_retry_after_s(const struct influx *influx)
{
	return influx->retry_after_s;
}

bool influx_partial(const struct influx *influx)
{
	return influx->partial;
}

/* ---- a write */

int influx_begin(struct influx *influx, const void *lines, size_t length, struct err *err)
{
	struct http_request request = {
		.url = influx->write_url, .body = lines, .length = length, .kind = HTTP_TEXT};

	influx->lines = lines;
	influx->length = length;
	influx->retry_after_s = 0;
	if (influx->gzip) {
		int r = gzip_bytes(influx->gzip, lines, length, &influx->zipped);
		if (r < 0)
			return err_errno(err, r, "%s", influx->settings.url);
		request.body = buf_peek(&influx->zipped);
		request.length = buf_length(&influx->zipped);
		request.kind = HTTP_GZIP;
	}
	return http_begin(influx->http, &request, err);
}

bool influx_turn(struct influx *influx)
{
	return http_turn(influx->http);
}

/* The database may be new, or somebody has dropped it. */
static int write_again(struct influx *influx, struct http_answer *ret_answer, struct err *err)
{
	int r = influx_create_database(influx, err);

	if (r == 0)
		r = influx_begin(influx, influx->lines, influx->length, err);
	return r < 0 ? r : http_end(influx->http, ret_answer, err);
}

int influx_end(struct influx *influx, struct err *err)
{
	struct http_answer answer;
	int r = http_end(influx->http, &answer, err);

	if (r == 0 && answer.status == 404 && influx->settings.api == INFLUX_V1)
		r = write_again(influx, &answer, err);
	return r < 0 ? r : influx_judge(influx, &answer, err);
}

/* ---- life */

static int copy_texts(struct influx *influx, const struct influx_settings *settings)
{
	const char *from[TEXTS] = {settings->url, settings->database, settings->organisation,
		settings->user, settings->password, settings->token};
	const char **to[TEXTS] = {&influx->settings.url, &influx->settings.database,
		&influx->settings.organisation, &influx->settings.user, &influx->settings.password,
		&influx->settings.token};

	influx->settings.api = settings->api;
	influx->settings.timeout_s = settings->timeout_s;
	for (size_t i = 0; i < TEXTS; i++) {
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

static int open_http(struct influx *influx, bool (*stop)(void *arg), void *arg, struct err *err)
{
	const struct http_settings settings = {
		.server = influx->settings.url,
		.user = influx->settings.user,
		.password = influx->settings.password,
		.token = influx->settings.token,
		.timeout_s = influx->settings.timeout_s,
		.stop = stop,
		.stop_arg = arg,
	};

	return http_open(&settings, &influx->http, err);
}

int influx_open(const struct influx_settings *settings, bool (*stop)(void *arg), void *arg,
	struct influx **ret_influx, struct err *err)
{
	struct influx *influx = calloc(1, sizeof(*influx));
	int r = influx ? copy_texts(influx, settings) : -ENOMEM;

	if (r == 0) {
		influx->victoria = settings->api == INFLUX_VICTORIA;
		buf_init(&influx->zipped, ZIPPED_MAX);
		influx->gzip = settings->gzip ? gzip_new(GZIP_FAST) : NULL;
		if (settings->gzip && !influx->gzip)
			r = -ENOMEM;
	}
	if (r < 0) {
		influx_close(influx);
		return err_errno(err, r, "%s", settings->url);
	}
	r = open_http(influx, stop, arg, err);
	if (r == 0)
		r = influx_make_urls(influx, err);
	if (r < 0) {
		influx_close(influx);
		return r;
	}
	*ret_influx = influx;
	return 0;
}

void influx_close(struct influx *influx)
{
	if (!influx)
		return;
	http_close(influx->http);
	gzip_free(influx->gzip);
	buf_done(&influx->zipped);
	for (size_t i = 0; i < TEXTS; i++)
		free(influx->texts[i]);
	free(influx);
}
