/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each version as JSON to an address of the site's. Who has the secret can tell that it is ours and
 * fresh: X-Pantau-Signature is HMAC-SHA256, in hexadecimal, of X-Pantau-Timestamp, a dot and the
 * body.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/alert/channel.h"
#include "collector/explain/json_put.h"
#include "collector/export/http.h"
#include "collector/export/secret.h"
#include "common/clock.h"
#include "common/crypto.h"
#include "common/json.h"

#define BODY_BYTES_MAX (2 * 1024 * 1024)
#define HEADER_BYTES 128

struct webhook {
	const char *url;
	char *secret;
	struct http *http;
};

static bool is_wanted(const struct settings *settings)
{
	return settings->alert_webhook_url[0] != '\0';
}

static void close_webhook(void *channel)
{
	struct webhook *webhook = channel;

	if (!webhook)
		return;
	http_close(webhook->http);
	if (webhook->secret)
		explicit_bzero(webhook->secret, strlen(webhook->secret));
	free(webhook->secret);
	free(webhook);
}

static int open_webhook(const struct settings *settings, const struct channel_stop *stop,
	void **ret_channel, struct err *err)
{
	const struct http_settings http = {
		.server = settings->alert_webhook_url,
		.user = "",
		.password = "",
		.token = "",
		.stop = stop->asked,
		.stop_arg = stop->arg,
	};
	struct webhook *webhook = calloc(1, sizeof(*webhook));
	int r;

	if (!webhook)
		return err_errno(err, -ENOMEM, "webhook");
	webhook->url = settings->alert_webhook_url;
	r = secret_read(settings->alert_webhook_secret_file, &webhook->secret, err);
	if (r == 0 && !webhook->secret[0])
		r = err_set(err, -EINVAL,
			"[alert] webhook_secret_file: there is no secret for webhook_url");
	if (r == 0)
		r = http_open(&http, &webhook->http, err);
	if (r < 0) {
		close_webhook(webhook);
		return r;
	}
	*ret_channel = webhook;
	return 0;
}

/* ---- what is sent */

static const char *event_of(const struct notice *notice)
{
	if (notice->explained)
		return "explained";
	if (notice->phase == ALARM_CLOSED)
		return "closed";
	if (notice->escalated)
		return "escalated";
	return notice->version == 1 ? "opened" : "updated";
}

/* `text` ends with a 0. */
static int write_body(const struct notice *notice, const char *text, struct buf *out)
{
	struct json json;
	int r;

	json_init(&json, out);
	json_object(&json, NULL);
	json_number(&json, "id", (int64_t)notice->id);
	json_number(&json, "version", notice->version);
	json_text(&json, "event", event_of(notice));
	json_text(&json, "subject", notice->subject);
	json_text(&json, "text", text);
	json_text(&json, "scope", notice->scope);
	json_text(&json, "place", notice->place[0] ? notice->place : NULL);
	json_put_time(&json, "from", notice->from_s);
	json_put_time(&json, "to", notice->to_s);
	json_number(&json, "links", (int64_t)notice->links);
	json_number(&json, "lasting", (int64_t)notice->lasting);
	json_number(&json, "silent", (int64_t)notice->silent);
	json_bool(&json, "acknowledged", notice->acknowledged);
	json_decimal(&json, "members", (const char *)buf_peek(&notice->members));
	json_object_end(&json);
	r = json_end(&json);
	return r;
}

static int sign(const struct webhook *webhook, const struct buf *body, const char *timestamp,
	char ret_header[HEADER_BYTES])
{
	uint8_t digest[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];
	struct buf signed_bytes;
	int r;

	buf_init(&signed_bytes, BODY_BYTES_MAX + HEADER_BYTES);
	r = buf_append(&signed_bytes, timestamp, strlen(timestamp));
	if (r == 0)
		r = buf_append(&signed_bytes, ".", 1);
	if (r == 0)
		r = buf_append(&signed_bytes, buf_peek(body), buf_length(body));
	if (r == 0)
		r = crypto_hmac((const uint8_t *)webhook->secret, strlen(webhook->secret),
			buf_peek(&signed_bytes), buf_length(&signed_bytes), digest);
	if (r == 0) {
		hex_format(digest, sizeof(digest), hex);
		snprintf(ret_header, HEADER_BYTES, "X-Pantau-Signature: %s", hex);
	}
	buf_done(&signed_bytes);
	return r;
}

static bool is_refusal(long status)
{
	return status == 400 || status == 410 || status == 413 || status == 422;
}

static int post(
	struct webhook *webhook, const struct buf *body, struct delivery *delivery, struct err *err)
{
	char timestamp[32], stamp_header[HEADER_BYTES], signature_header[HEADER_BYTES];
	const char *const headers[] = {stamp_header, signature_header, NULL};
	const struct http_request request = {
		.url = webhook->url,
		.body = buf_peek(body),
		.length = buf_length(body),
		.kind = HTTP_JSON,
		.headers = headers,
	};
	struct http_answer answer;
	int r;

	snprintf(timestamp, sizeof(timestamp), "%" PRId64, clock_utc_us() / 1000000);
	snprintf(stamp_header, sizeof(stamp_header), "X-Pantau-Timestamp: %s", timestamp);
	r = sign(webhook, body, timestamp, signature_header);
	if (r < 0)
		return err_errno(err, r, "webhook");
	r = http_ask(webhook->http, &request, &answer, err);
	if (r < 0 || (answer.status >= 200 && answer.status < 300))
		return r;
	delivery->retry_after_s = answer.retry_after_s;
	return err_set(err, is_refusal(answer.status) ? -EBADMSG : -EAGAIN, "%s: answer %ld",
		webhook->url, answer.status);
}

static int send(
	void *channel, const struct notice *notice, struct delivery *delivery, struct err *err)
{
	struct webhook *webhook = channel;
	struct buf body;
	int r;

	buf_init(&body, BODY_BYTES_MAX);
	r = write_body(notice, notice_lines(notice), &body);
	if (r < 0)
		err_errno(err, r, "webhook");
	else
		r = post(webhook, &body, delivery, err);
	buf_done(&body);
	return r;
}

const struct channel_kind channel_webhook = {
	.name = "webhook",
	.is_wanted = is_wanted,
	.open = open_webhook,
	.send = send,
	.close = close_webhook,
};
