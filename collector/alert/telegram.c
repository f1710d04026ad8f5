/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Telegram's Bot API: sendMessage, then editMessageText. A message's number is the ref, with that
 * of the message to those above behind a slash: "1234/77".
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/alert/channel.h"
#include "collector/alert/telegram_answer.h"
#include "collector/export/http.h"
#include "collector/export/secret.h"
#include "common/json.h"

#define PACE_MS 1100 /* Telegram takes a message a second in a chat */
#define URL_BYTES 512
#define BODY_BYTES_MAX (32 * 1024)

struct telegram {
	const struct settings *settings;
	char *token;
	struct http *http;
};

struct letter {
	const char *chat;
	int64_t message; /* to be edited; 0: a new one */
	const struct notice *notice;
};

static bool is_wanted(const struct settings *settings)
{
	return settings->alert_telegram_chat[0] != '\0';
}

static void close_telegram(void *channel)
{
	struct telegram *telegram = channel;

	if (!telegram)
		return;
	http_close(telegram->http);
	if (telegram->token)
		explicit_bzero(telegram->token, strlen(telegram->token));
	free(telegram->token);
	free(telegram);
}

static int open_telegram(const struct settings *settings, const struct channel_stop *stop,
	void **ret_channel, struct err *err)
{
	const struct http_settings http = {
		.server = settings->alert_telegram_url,
		.user = "",
		.password = "",
		.token = "",
		.stop = stop->asked,
		.stop_arg = stop->arg,
	};
	struct telegram *telegram = calloc(1, sizeof(*telegram));
	int r;

	if (!telegram)
		return err_errno(err, -ENOMEM, "telegram");
	telegram->settings = settings;
	r = secret_read(settings->alert_telegram_token_file, &telegram->token, err);
	if (r == 0 && !telegram->token[0])
		r = err_set(err, -EINVAL,
			"[alert] telegram_token_file: there is no token for telegram_chat");
	if (r == 0)
		r = http_open(&http, &telegram->http, err);
	if (r < 0) {
		close_telegram(telegram);
		return r;
	}
	*ret_channel = telegram;
	return 0;
}

/* ---- one call */

static int write_body(const struct letter *letter, struct buf *out)
{
	char text[NOTICE_SUBJECT_BYTES + NOTICE_TEXT_MAX];
	struct json json;

	snprintf(text, sizeof(text), "%s\n%s", letter->notice->subject,
		notice_lines(letter->notice));
	json_init(&json, out);
	json_object(&json, NULL);
	json_text(&json, "chat_id", letter->chat);
	if (letter->message)
		json_number(&json, "message_id", letter->message);
	json_text(&json, "text", text);
	json_bool(&json, "disable_web_page_preview", true);
	json_object_end(&json);
	return json_end(&json);
}

static int call(struct telegram *telegram, const struct letter *letter, struct delivery *delivery,
	int64_t *ret_message, struct err *err)
{
	struct http_request request = {.kind = HTTP_JSON};
	struct http_answer answer;
	char url[URL_BYTES];
	struct buf body;
	int r;

	if (snprintf(url, sizeof(url), "%s/bot%s/%s", telegram->settings->alert_telegram_url,
		    telegram->token,
		    letter->message ? "editMessageText" : "sendMessage") >= (int)sizeof(url))
		return err_set(err, -EINVAL, "telegram: the token is too long");
	buf_init(&body, BODY_BYTES_MAX);
	r = write_body(letter, &body);
	if (r < 0) {
		err_errno(err, r, "telegram");
	} else {
		request.url = url;
		request.body = buf_peek(&body);
		request.length = buf_length(&body);
		r = http_ask(telegram->http, &request, &answer, err);
	}
	if (r == 0)
		r = telegram_answer(&answer, delivery, ret_message, err);
	buf_done(&body);
	return r;
}

/* Edits the message, or sends one if there is none, or none any more. */
static int tell(struct telegram *telegram, struct letter *letter, struct delivery *delivery,
	int64_t *ret_message, struct err *err)
{
	int r = call(telegram, letter, delivery, ret_message, err);

	if (r == -ENOENT && letter->message) {
		letter->message = 0;
		r = call(telegram, letter, delivery, ret_message, err);
	}
	return r;
}

static int send(
	void *channel, const struct notice *notice, struct delivery *delivery, struct err *err)
{
	struct telegram *telegram = channel;
	const struct settings *settings = telegram->settings;
	struct letter letter = {.chat = settings->alert_telegram_chat, .notice = notice};
	int64_t message = 0, above = 0;
	int r;

	sscanf(delivery->ref, "%" SCNd64 "/%" SCNd64, &message, &above);
	letter.message = message;
	r = tell(telegram, &letter, delivery, &message, err);
	if (r == 0 && (above || (notice->escalated && settings->alert_telegram_above[0]))) {
		letter.chat = settings->alert_telegram_above;
		letter.message = above;
		r = tell(telegram, &letter, delivery, &above, err);
	}
	snprintf(delivery->ref, sizeof(delivery->ref), "%" PRId64 "/%" PRId64, message, above);
	return r;
}

const struct channel_kind channel_telegram = {
	.name = "telegram",
	.pace_ms = PACE_MS,
	.is_wanted = is_wanted,
	.open = open_telegram,
	.send = send,
	.close = close_telegram,
};
