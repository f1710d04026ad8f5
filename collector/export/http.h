/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection to one server, one request at a time: begun, moved on while its owner does other
 * things, ended. For a thread of its own.
 *
 *	http_begin -> http_turn ... -> http_end
 */
#ifndef PANTAU_EXPORT_HTTP_H
#define PANTAU_EXPORT_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

#define HTTP_WORDS_MAX 200 /* bytes of an answer in a message */

struct http_settings { /* texts are copied; "": none */
	const char *server; /* names it in messages */
	const char *user, *password;
	const char *token; /* sent as "Authorization: Token ..." */
	uint32_t timeout_s; /* of a request; 0: 30 */
	bool (*stop)(void *arg); /* asked while a request runs; true ends it. May be NULL */
	void *stop_arg;
};

enum http_body { HTTP_FORM, HTTP_JSON, HTTP_TEXT, HTTP_GZIP, HTTP_BODIES }; /* GZIP: of text */

struct http_request {
	const char *url;
	const void *body; /* borrowed until the request is over; NULL: it is a GET */
	size_t length;
	enum http_body kind;
	const char *const *headers; /* lines besides, NULL at the end; NULL: none */
};

struct http_answer { /* borrowed until the next request */
	long status;
	uint32_t retry_after_s; /* 0: it did not say */
	const char *text; /* with a 0 after it; long ones are cut */
	size_t length;
};

struct http;

int http_open(const struct http_settings *settings, struct http **ret_http, struct err *err);
void http_close(struct http *http);

int http_begin(struct http *http, const struct http_request *request, struct err *err);
/* Moves it on without waiting. True: it is over. */
bool http_turn(struct http *http);
/* Waits for its end. -EAGAIN with words: there was no answer. */
int http_end(struct http *http, struct http_answer *ret_answer, struct err *err);
/* All three. */
int http_ask(struct http *http, const struct http_request *request, struct http_answer *ret_answer,
	struct err *err);

/* A part of a URL. Caller frees; NULL: out of memory. */
char *http_escape(struct http *http, const char *text);
/* The answer without control characters, short enough for a line of the log. */
void http_words(const struct http_answer *answer, char ret_words[HTTP_WORDS_MAX + 1]);

#endif
