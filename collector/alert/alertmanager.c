/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prometheus' Alertmanager, API v2: an alert is the same as long as its labels are, so they hold
 * only what never changes. It takes one that is not said again for ended; so it is, and bears an
 * end that lies ahead in case that this program dies.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/alert/channel.h"
#include "collector/export/http.h"
#include "common/civil.h"
#include "common/clock.h"
#include "common/json.h"

#define REFRESH_S 60
#define ENDS_AFTER_S (5 * REFRESH_S) /* four refreshes may fail */
#define BODY_BYTES_MAX (64 * 1024)
#define URL_BYTES 512

struct alertmanager {
	const struct settings *settings;
	char url[URL_BYTES];
	struct http *http;
};

static bool is_wanted(const struct settings *settings)
{
	return settings->alert_alertmanager_url[0] != '\0';
}

static void close_alertmanager(void *channel)
{
	struct alertmanager *alertmanager = channel;

	if (!alertmanager)
		return;
	http_close(alertmanager->http);
	free(alertmanager);
}

static int open_alertmanager(const struct settings *settings, const struct channel_stop *stop,
	void **ret_channel, struct err *err)
{
	const char *base = settings->alert_alertmanager_url;
	size_t length = strlen(base);
	const struct http_settings http = {
		.server = base,
		.user = "",
		.password = "",
		.token = "",
		.stop = stop->asked,
		.stop_arg = stop->arg,
	};
	struct alertmanager *alertmanager = calloc(1, sizeof(*alertmanager));
	int r;

	if (!alertmanager)
		return err_errno(err, -ENOMEM, "alertmanager");
	alertmanager->settings = settings;
	while (length && base[length - 1] == '/')
		length--;
	if (snprintf(alertmanager->url, URL_BYTES, "%.*s/api/v2/alerts", (int)length, base) >=
		URL_BYTES) {
		close_alertmanager(alertmanager);
		return err_set(err, -EINVAL, "[alert] alertmanager_url: too long");
	}
	r = http_open(&http, &alertmanager->http, err);
	if (r < 0) {
		close_alertmanager(alertmanager);
		return r;
	}
	*ret_channel = alertmanager;
	return 0;
}

/* ---- what is sent */

static void put_labels(struct json *json, const struct notice *notice)
{
	char text[32];

	json_object(json, "labels");
	json_text(json, "alertname", "PantauIncident");
	snprintf(text, sizeof(text), "%" PRIu64, notice->id);
	json_text(json, "incident", text);
	json_object_end(json);
}

static void put_annotations(struct json *json, const struct notice *notice, const char *lines)
{
	char text[32];

	json_object(json, "annotations");
	json_text(json, "summary", notice->subject);
	json_text(json, "description", lines);
	json_text(json, "scope", notice->scope);
	json_text(json, "place", notice->place);
	snprintf(text, sizeof(text), "%zu", notice->lasting);
	json_text(json, "links_lasting", text);
	snprintf(text, sizeof(text), "%zu", notice->silent);
	json_text(json, "links_silent", text);
	json_object_end(json);
}

static int write_body(
	const struct alertmanager *alertmanager, const struct notice *notice, struct buf *out)
{
	int64_t ends_s = notice->phase == ALARM_CLOSED ? notice->to_s
						       : clock_utc_us() / 1000000 + ENDS_AFTER_S;
	char starts[CIVIL_TIME_BYTES], ends[CIVIL_TIME_BYTES];
	struct json json;

	civil_format(notice->from_s, starts);
	civil_format(ends_s, ends);
	json_init(&json, out);
	json_array(&json, NULL);
	json_object(&json, NULL);
	put_labels(&json, notice);
	put_annotations(&json, notice, notice_lines(notice));
	json_text(&json, "startsAt", starts);
	json_text(&json, "endsAt", ends);
	json_text(&json, "generatorURL", alertmanager->settings->web_public_url);
	json_object_end(&json);
	json_array_end(&json);
	return json_end(&json);
}

static int send(
	void *channel, const struct notice *notice, struct delivery *delivery, struct err *err)
{
	struct alertmanager *alertmanager = channel;
	struct http_request request = {.url = alertmanager->url, .kind = HTTP_JSON};
	struct http_answer answer;
	struct buf body;
	int r;

	buf_init(&body, BODY_BYTES_MAX);
	r = write_body(alertmanager, notice, &body);
	if (r < 0) {
		err_errno(err, r, "alertmanager");
	} else {
		request.body = buf_peek(&body);
		request.length = buf_length(&body);
		r = http_ask(alertmanager->http, &request, &answer, err);
	}
	buf_done(&body);
	if (r < 0 || (answer.status >= 200 && answer.status < 300))
		return r;
	delivery->retry_after_s = answer.retry_after_s;
	return err_set(err, answer.status == 400 ? -EBADMSG : -EAGAIN, "%s: answer %ld",
		alertmanager->url, answer.status);
}

const struct channel_kind channel_alertmanager = {
	.name = "alertmanager",
	.refresh_s = REFRESH_S,
	.is_wanted = is_wanted,
	.open = open_alertmanager,
	.send = send,
	.close = close_alertmanager,
};
