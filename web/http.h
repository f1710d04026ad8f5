/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the rooms of the web speak: a request that was read, a response to be sent. The library that
 * carries them is known to server.c alone.
 */
#ifndef PANTAU_WEB_HTTP_H
#define PANTAU_WEB_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/buf.h"
#include "common/json.h"
#include "web/blob.h"
#include "web/limits.h"

enum http_method { METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_DELETE, METHOD_OTHER };

/* Who computes the answer: the thread that serves the connection, or one of the few of a lane,
 * where what takes long or much memory waits its turn (lanes.h). */
enum http_lane { LANE_NONE, LANE_PASSWORD, LANE_REPORT, LANE_OPEN, LANE_COUNT };

struct principal; /* web/account/principal.h */

struct http_param { /* decoded; value is "" when the URL gives none */
	const char *name, *value;
};

struct request { /* borrows all its texts for as long as it is answered */
	enum http_method method;
	const char *path;
	size_t param_count;
	struct http_param params[HTTP_PARAMS_MAX];
	const char *fault; /* NULL, or why the query could not be read */
	/* headers; NULL when absent */
	const char *if_none_match, *if_modified_since, *last_event_id, *cookie, *authorization,
		*csrf;
	const char *accept_encoding, *host, *origin, *fetch_site, *content_type, *forwarded_for,
		*forwarded_proto;
	const void *body; /* of a change */
	size_t body_length;
	char address[HTTP_ADDRESS_BYTES]; /* who asks: routes.c looks behind the proxy */
	bool secure; /* it came by HTTPS */
	/* filled in by routes.c */
	size_t segment_count;
	char segments[HTTP_SEGMENTS_MAX][HTTP_SEGMENT_BYTES]; /* what stood for each {} */
	const struct principal *who; /* never NULL for who answers */
};

/* How a stream says that it has something to say. May be called from any thread. */
struct stream_wake {
	void (*wake)(void *arg);
	void *arg;
};

/* A body without end, or one that is made while it is sent. read() and close() may run in different
 * threads, never at once. */
struct stream {
	void *arg;
	uint64_t length; /* in all; 0: it has no end */
	/* Once, before the first read. The wake may be used until close() returns. */
	void (*begin)(void *arg, struct stream_wake wake);
	/* > 0 bytes written; 0 nothing now, wake when there is; -1 the stream ends. */
	ssize_t (*read)(void *arg, char *room, size_t size);
	/* Frees what `arg` is. */
	void (*close)(void *arg);
};

struct http_extra {
	const char *name; /* borrowed for ever */
	char value[HTTP_EXTRA_BYTES];
};

struct response {
	unsigned status;
	const char *type; /* borrowed for ever */
	const char *cache; /* Cache-Control; borrowed for ever; NULL: no-store */
	const char *etag; /* quoted; borrowed for ever; NULL: none */
	struct buf body;
	const void *fixed; /* borrowed for ever; instead of body when not NULL */
	size_t fixed_length;
	/* The body may be packed for who reads that. Never where a secret stands in it: beside what
	 * a stranger chose, its length would tell the secret (BREACH). */
	bool packs;
	struct blob *blob; /* a reference, taken; instead of either when not NULL */
	struct stream stream; /* instead of all of them when read is not NULL */
	size_t extra_count;
	struct http_extra extras[HTTP_EXTRAS_MAX]; /* headers of this answer alone */
};

void response_init(struct response *response);
/* Frees the body, and closes a stream that was never handed to the server. */
void response_done(struct response *response);

/* The value, or NULL when the URL does not have it. */
const char *request_param(const struct request *request, const char *name);

/* Whether the asker says that it has this version: one tag or a list, `*`; a weak mark does not
 * matter for what is only read. `etag` is quoted. */
bool request_knows(const struct request *request, const char *etag);
/* Whether the asker says that it reads gzip: by its name, or else by `*`; no weight of 0. */
bool request_unpacks(const struct request *request);

/* One more header, or another value for one that every answer has. A value that is too long, or of
 * two lines, is an error of ours. */
void response_header(struct response *response, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Begins a JSON body with status 200; end it with response_json_end(). */
void response_json(struct response *response, struct json *json);
void response_json_end(struct response *response, struct json *json);
/* 204: it was done, and there is nothing to say. */
void response_done_well(struct response *response);
/* 303: look there. */
void response_redirect(struct response *response, const char *path);
/* 429 or 503 with Retry-After. */
void response_later(struct response *response, unsigned status, int64_t wait_s, const char *words);
/*
 * {"error": words, "code": ..., "parameter": ..., "value": ...}; the last two where one parameter
 * is at fault. The words are for who reads a log; the code is an ErrorCode of
 * web/openapi/common.json, for which the page has people's words. response_error() takes it from
 * the status.
 */
void response_error(struct response *response, unsigned status, const char *words);
void response_refuse(
	struct response *response, unsigned status, const char *code, const char *words);
/* 400, of the code "value". */
void response_bad_param(
	struct response *response, const char *name, const char *value, const char *words);
/* 400, with another code. */
void response_bad_as(struct response *response, const char *code, const struct http_param *param,
	const char *words);
/* 400: it must be there. */
void response_missing(struct response *response, const char *name);
/* The code of an error of this status of which no more is known. */
const char *response_code(unsigned status);

#endif
