/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/http.h"

#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"

#define CONNECT_MS 5000L
#define TIMEOUT_S 30 /* a batch of 5,000 lines takes 50 ms; a server that hangs is left then */
#define TURN_MS 200 /* how soon a stop is heeded */
#define ANSWER_MAX (1024 * 1024) /* of a page of counters; the rest is dropped */
#define SEND_BYTES (512 * 1024) /* handed to the kernel at once: fewer turns of the loop */

struct http {
	CURLM *multi;
	CURL *curl;
	struct curl_slist *headers[HTTP_BODIES];
	struct curl_slist *own; /* the headers of a request that has some besides */
	char *server;
	char words[CURL_ERROR_SIZE];
	struct buf answer;
	bool running, over;
	CURLcode result;
	bool (*stop)(void *arg);
	void *stop_arg;
};

static size_t on_answer(char *bytes, size_t size, size_t count, void *arg)
{
	struct http *http = arg;
	size_t length = size * count, held = buf_length(&http->answer);
	size_t room = ANSWER_MAX - held;

	/* without memory the words of the answer are lost, its status is not */
	(void)buf_append(&http->answer, bytes, length < room ? length : room);
	return length;
}

static int on_progress(
	void *arg, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
	struct http *http = arg;

	return http->stop && http->stop(http->stop_arg);
}

/* ---- life */

static int add_header(struct curl_slist **headers, const char *header)
{
	struct curl_slist *longer = curl_slist_append(*headers, header);

	if (!longer)
		return -ENOMEM;
	*headers = longer;
	return 0;
}

/* "Expect:" alone: the server need not be asked first whether it takes a body of a few MB. */
static int add_kind(struct curl_slist **headers, enum http_body kind, const char *token)
{
	static const char *const types[HTTP_BODIES] = {
		[HTTP_FORM] = "Content-Type: application/x-www-form-urlencoded",
		[HTTP_JSON] = "Content-Type: application/json",
		[HTTP_TEXT] = "Content-Type: text/plain; charset=utf-8",
		[HTTP_GZIP] = "Content-Type: text/plain; charset=utf-8",
	};
	int r = add_header(headers, "Expect:");

	if (r == 0)
		r = add_header(headers, types[kind]);
	if (r == 0 && kind == HTTP_GZIP)
		r = add_header(headers, "Content-Encoding: gzip");
	return r < 0 || !token ? r : add_header(headers, token);
}

static int add_headers(struct http *http, const struct http_settings *settings)
{
	char *token = NULL;
	int r = 0;

	if (settings->token[0] && asprintf(&token, "Authorization: Token %s", settings->token) < 0)
		return -ENOMEM;
	for (int kind = 0; r == 0 && kind < HTTP_BODIES; kind++)
		r = add_kind(&http->headers[kind], (enum http_body)kind, token);
	free(token);
	return r;
}

static void configure(struct http *http, const struct http_settings *settings)
{
	CURL *curl = http->curl;

	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L); /* threads */
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT,
		(long)(settings->timeout_s ? settings->timeout_s : TIMEOUT_S));
	curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, (long)SEND_BYTES);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, http->words);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_answer);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, http);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, http);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "pantau-collector/" PANTAU_VERSION);
	if (settings->user[0]) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, settings->user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, settings->password);
	}
}

int http_open(const struct http_settings *settings, struct http **ret_http, struct err *err)
{
	struct http *http = calloc(1, sizeof(*http));
	int r = http ? 0 : -ENOMEM;

	if (r == 0) {
		http->stop = settings->stop;
		http->stop_arg = settings->stop_arg;
		buf_init(&http->answer, ANSWER_MAX + 1);
		http->server = strdup(settings->server);
		http->multi = curl_multi_init();
		http->curl = curl_easy_init();
		if (!http->server || !http->multi || !http->curl)
			r = -ENOMEM;
	}
	if (r == 0)
		r = add_headers(http, settings);
	if (r < 0) {
		http_close(http);
		return err_errno(err, r, "%s", settings->server);
	}
	configure(http, settings);
	*ret_http = http;
	return 0;
}

static void leave(struct http *http)
{
	if (http->running)
		curl_multi_remove_handle(http->multi, http->curl);
	http->running = false;
	curl_slist_free_all(http->own);
	http->own = NULL;
}

void http_close(struct http *http)
{
	if (!http)
		return;
	leave(http);
	curl_easy_cleanup(http->curl);
	curl_multi_cleanup(http->multi);
	for (int kind = 0; kind < HTTP_BODIES; kind++)
		curl_slist_free_all(http->headers[kind]);
	buf_done(&http->answer);
	free(http->server);
	free(http);
}

/* ---- one request */

/* Those of its kind and its own. */
static int join_headers(struct http *http, const struct http_request *request)
{
	int r = 0;

	for (const struct curl_slist *line = http->headers[request->kind]; r == 0 && line;
		line = line->next)
		r = add_header(&http->own, line->data);
	for (size_t i = 0; r == 0 && request->headers[i]; i++)
		r = add_header(&http->own, request->headers[i]);
	return r;
}

static CURLcode set_body(struct http *http, const struct http_request *request)
{
	CURL *curl = http->curl;

	if (request->headers && join_headers(http, request) < 0)
		return CURLE_OUT_OF_MEMORY;
	curl_easy_setopt(
		curl, CURLOPT_HTTPHEADER, http->own ? http->own : http->headers[request->kind]);
	if (!request->body)
		return curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->length);
	return curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
}

int http_begin(struct http *http, const struct http_request *request, struct err *err)
{
	CURLMcode code;

	leave(http);
	buf_clear(&http->answer);
	http->words[0] = '\0';
	http->over = false;
	if (set_body(http, request) != CURLE_OK ||
		curl_easy_setopt(http->curl, CURLOPT_URL, request->url) != CURLE_OK)
		return err_errno(err, -ENOMEM, "%s", http->server);
	code = curl_multi_add_handle(http->multi, http->curl);
	if (code != CURLM_OK)
		return err_set(err, -EAGAIN, "%s: %s", http->server, curl_multi_strerror(code));
	http->running = true;
	http_turn(http); /* it leaves now, however long its owner does other things */
	return 0;
}

bool http_turn(struct http *http)
{
	const CURLMsg *message;
	int running, left;
	CURLMcode code;

	if (!http->running || http->over)
		return true;
	code = curl_multi_perform(http->multi, &running);
	if (code != CURLM_OK) {
		http->over = true;
		http->result = CURLE_FAILED_INIT;
	}
	while ((message = curl_multi_info_read(http->multi, &left))) {
		if (message->msg != CURLMSG_DONE)
			continue;
		http->over = true;
		http->result = message->data.result;
	}
	return http->over;
}

static void read_answer(struct http *http, struct http_answer *ret_answer)
{
	struct http_answer answer = {.text = ""};
	curl_off_t retry_after_s = 0;

	curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &answer.status);
	curl_easy_getinfo(http->curl, CURLINFO_RETRY_AFTER, &retry_after_s);
	if (retry_after_s > 0)
		answer.retry_after_s = retry_after_s > UINT32_MAX ? UINT32_MAX
								  : (uint32_t)retry_after_s;
	answer.length = buf_length(&http->answer);
	if (answer.length && buf_append(&http->answer, "", 1) == 0)
		answer.text = (const char *)buf_peek(&http->answer);
	else
		answer.length = 0;
	*ret_answer = answer;
}

int http_end(struct http *http, struct http_answer *ret_answer, struct err *err)
{
	while (!http_turn(http))
		curl_multi_poll(http->multi, NULL, 0, TURN_MS, NULL);
	if (!http->running)
		return err_set(err, -EAGAIN, "%s: no request was begun", http->server);
	if (http->result == CURLE_OK)
		read_answer(http, ret_answer);
	leave(http);
	if (http->result == CURLE_OK)
		return 0;
	return err_set(err, -EAGAIN, "%s: %s", http->server,
		http->words[0] ? http->words : curl_easy_strerror(http->result));
}

int http_ask(struct http *http, const struct http_request *request, struct http_answer *ret_answer,
	struct err *err)
{
	int r = http_begin(http, request, err);

	return r < 0 ? r : http_end(http, ret_answer, err);
}

/* ---- words */

char *http_escape(struct http *http, const char *text)
{
	char *escaped = curl_easy_escape(http->curl, text, 0), *copy;

	if (!escaped)
		return NULL;
	copy = strdup(escaped);
	curl_free(escaped);
	return copy;
}

void http_words(const struct http_answer *answer, char ret_words[HTTP_WORDS_MAX + 1])
{
	size_t length = answer->length < HTTP_WORDS_MAX ? answer->length : HTTP_WORDS_MAX;

	while (length && isspace((unsigned char)answer->text[length - 1]))
		length--;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)answer->text[i];
		ret_words[i] = iscntrl(c) ? ' ' : (char)c;
	}
	ret_words[length] = '\0';
}
