/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the rooms of the web speak: a request that was read, a response to be sent. The library that
 * carries them is known to server.c alone.
 */
#ifndef PANTAU_WEB_HTTP_H
#define PANTAU_WEB_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/buf.h"
#include "common/json.h"
#include "web/limits.h"

enum http_method { METHOD_GET, METHOD_HEAD, METHOD_OTHER };

struct http_param { /* decoded; value is "" when the URL gives none */
	const char *name, *value;
};

struct request { /* borrows all its texts for as long as it is answered */
	enum http_method method;
	const char *path;
	size_t param_count;
	struct http_param params[HTTP_PARAMS_MAX];
	const char *fault; /* NULL, or why the query could not be read */
	const char *if_none_match, *last_event_id; /* NULL when the header is absent */
};

/* How a stream says that it has something to say. May be called from any thread. */
struct stream_wake {
	void (*wake)(void *arg);
	void *arg;
};

/* A body without end. read() and close() may run in different threads, never at once. */
struct stream {
	void *arg;
	/* Once, before the first read. The wake may be used until close() returns. */
	void (*begin)(void *arg, struct stream_wake wake);
	/* > 0 bytes written; 0 nothing now, wake when there is; -1 the stream ends. */
	ssize_t (*read)(void *arg, char *room, size_t size);
	/* Frees what `arg` is. */
	void (*close)(void *arg);
};

struct response {
	unsigned status;
	const char *type; /* borrowed for ever */
	const char *cache; /* Cache-Control; borrowed for ever; NULL: no-store */
	const char *etag; /* quoted; borrowed for ever; NULL: none */
	struct buf body;
	const void *fixed; /* borrowed for ever; instead of body when not NULL */
	size_t fixed_length;
	struct stream stream; /* instead of either when read is not NULL */
};

void response_init(struct response *response);
/* Frees the body, and closes a stream that was never handed to the server. */
void response_done(struct response *response);

/* The value, or NULL when the URL does not have it. */
const char *request_param(const struct request *request, const char *name);

/* Begins a JSON body with status 200; end it with response_json_end(). */
void response_json(struct response *response, struct json *json);
void response_json_end(struct response *response, struct json *json);
/* {"error": words, "parameter": ..., "value": ...}; the last two are left out when NULL. */
void response_error(struct response *response, unsigned status, const char *words);
void response_bad_param(
	struct response *response, const char *name, const char *value, const char *words);

#endif
