/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One question and its answer. Bodies are collected first; what has a lane waits there while its
 * connection is out of its thread's hands:
 *
 *      NEW -> [READING body] -> answered at once ------------------> sent
 *                            -> WAITING in a lane -> READY (resumed) -> sent
 */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "web/server_headers.h"
#include "web/server_pack.h"
#include "web/server_private.h"

#define ZERO_ESCAPED "%00" /* in a path: it would end a text of ours too early */

enum phase { PHASE_NEW, PHASE_READING, PHASE_WAITING, PHASE_READY };

struct exchange {
	struct server *server;
	struct MHD_Connection *connection;
	enum phase phase;
	bool url_too_long, url_holds_zero;
	struct buf body;
	uint64_t uploaded; /* bytes; more than the body holds: it was too long */
	bool no_memory;
	struct request request; /* borrows from the connection and the body */
	struct response response;
	struct lane_job job;
};

static const struct {
	const char *name, *value;
} common_headers[] = {
	{"X-Content-Type-Options", "nosniff"},
	{"X-Frame-Options", "DENY"},
	{"Referrer-Policy", "no-referrer"},
	{"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
};

static const struct {
	const char *name;
	enum http_method method;
} methods[] = {
	{MHD_HTTP_METHOD_GET, METHOD_GET},
	{MHD_HTTP_METHOD_HEAD, METHOD_HEAD},
	{MHD_HTTP_METHOD_POST, METHOD_POST},
	{MHD_HTTP_METHOD_DELETE, METHOD_DELETE},
};

/* ---- the question */

static enum MHD_Result take_param(void *arg, enum MHD_ValueKind kind, const char *name,
	size_t name_length, const char *value, size_t value_length)
{
	struct request *request = arg;

	if (strlen(name) != name_length || (value && strlen(value) != value_length)) {
		request->fault = "the query holds a zero byte";
		return MHD_NO;
	}
	if (request->param_count == HTTP_PARAMS_MAX) {
		request->fault = "the query has too many parameters";
		return MHD_NO;
	}
	request->params[request->param_count++] = (struct http_param){
		.name = name, .value = value ? value : ""};
	return MHD_YES;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static void name_peer(struct MHD_Connection *connection, char ret_address[HTTP_ADDRESS_BYTES])
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	socklen_t length;

	if (!info)
		return;
	length = info->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
							  : sizeof(struct sockaddr_in);
	getnameinfo(info->client_addr, length, ret_address, HTTP_ADDRESS_BYTES, NULL, 0,
		NI_NUMERICHOST);
}

static void read_request(struct MHD_Connection *connection, const char *method, const char *path,
	struct request *request)
{
	*request = (struct request){
		.path = path,
		.method = METHOD_OTHER,
		.if_none_match = header(connection, "If-None-Match"),
		.if_modified_since = header(connection, "If-Modified-Since"),
		.last_event_id = header(connection, "Last-Event-ID"),
		.cookie = header(connection, "Cookie"),
		.authorization = header(connection, "Authorization"),
		.csrf = header(connection, "X-Pantau-CSRF"),
		.accept_encoding = header(connection, "Accept-Encoding"),
		.host = header(connection, "Host"),
		.origin = header(connection, "Origin"),
		.fetch_site = header(connection, "Sec-Fetch-Site"),
		.content_type = header(connection, "Content-Type"),
		.forwarded_for = header(connection, "X-Forwarded-For"),
		.forwarded_proto = header(connection, "X-Forwarded-Proto"),
	};
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (strcmp(method, methods[i].name) == 0)
			request->method = methods[i].method;
	}
	MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, take_param, request);
	name_peer(connection, request->address);
}

static bool says_too_much(struct MHD_Connection *connection)
{
	const char *length = header(connection, "Content-Length");

	return length && strtoull(length, NULL, 10) > HTTP_UPLOAD_MAX;
}

/* A body that is longer than it may be is read on for a while, so that the peer hears why. */
static enum MHD_Result take_body(struct exchange *exchange, const char *bytes, size_t *length)
{
	exchange->uploaded += *length;
	if (exchange->uploaded > HTTP_UPLOAD_WASTE_MAX)
		return MHD_NO;
	if (exchange->uploaded <= HTTP_UPLOAD_MAX &&
		buf_append(&exchange->body, bytes, *length) < 0)
		exchange->no_memory = true;
	*length = 0;
	return MHD_YES;
}

/* ---- the answer */

static void drop_blob(void *arg)
{
	blob_drop(arg);
}

static struct MHD_Response *blob_response(struct blob *blob)
{
	struct MHD_Response *answer = MHD_create_response_from_buffer_with_free_callback_cls(
		blob->length, (void *)blob->bytes, drop_blob, blob);

	if (answer)
		blob_take(blob);
	return answer;
}

/* Whether this answer says it in its own way. */
static bool says(const struct response *response, const char *name)
{
	for (size_t i = 0; i < response->extra_count; i++) {
		if (strcasecmp(response->extras[i].name, name) == 0)
			return true;
	}
	return false;
}

static void add_headers(
	struct MHD_Response *answer, const struct server *server, const struct response *response)
{
	for (size_t i = 0; i < sizeof(common_headers) / sizeof(common_headers[0]); i++) {
		if (!says(response, common_headers[i].name))
			MHD_add_response_header(
				answer, common_headers[i].name, common_headers[i].value);
	}
	if (!says(response, "Content-Security-Policy"))
		MHD_add_response_header(answer, "Content-Security-Policy", server->policy);
	if (response->type)
		MHD_add_response_header(answer, "Content-Type", response->type);
	MHD_add_response_header(
		answer, "Cache-Control", response->cache ? response->cache : "no-store");
	if (response->etag)
		MHD_add_response_header(answer, "ETag", response->etag);
	for (size_t i = 0; i < response->extra_count; i++)
		MHD_add_response_header(
			answer, response->extras[i].name, response->extras[i].value);
}

static enum MHD_Result send_response(struct exchange *exchange)
{
	struct response *response = &exchange->response;
	struct MHD_Response *answer;
	enum MHD_Result queued;

	exchange->server->owner.answered(exchange->server->owner.arg, response->status);
	if (response->stream.read)
		answer = server_stream_response(exchange->server, exchange->connection, response);
	else if (response->blob)
		answer = blob_response(response->blob);
	else if (response->fixed)
		answer = MHD_create_response_from_buffer(
			response->fixed_length, (void *)response->fixed, MHD_RESPMEM_PERSISTENT);
	else
		answer = MHD_create_response_from_buffer(buf_length(&response->body),
			(void *)buf_peek(&response->body), MHD_RESPMEM_MUST_COPY);
	if (!answer)
		return MHD_NO; /* no memory: the connection is closed */
	add_headers(answer, exchange->server, response);
	queued = MHD_queue_response(exchange->connection, response->status, answer);
	MHD_destroy_response(answer);
	response_done(response);
	response_init(response);
	return queued;
}

static void make_answer(struct exchange *exchange)
{
	const struct server_owner *owner = &exchange->server->owner;

	owner->answer(owner->arg, &exchange->request, &exchange->response);
	server_pack(&exchange->request, &exchange->response);
}

/* In a thread of the lane. */
static void answer_in_lane(void *arg, bool cancelled)
{
	struct exchange *exchange = arg;

	if (cancelled)
		response_later(&exchange->response, 503, LANE_RETRY_S, "the server stops");
	else
		make_answer(exchange);
	exchange->phase = PHASE_READY;
	MHD_resume_connection(exchange->connection);
}

/* Parks the connection until the lane has its answer. */
static enum MHD_Result wait_for_answer(struct exchange *exchange, enum http_lane lane)
{
	struct server *server = exchange->server;

	if (!lanes_enter(server->lanes, lane)) {
		response_later(&exchange->response, 503, LANE_RETRY_S,
			"too many wait for this already: come again");
		return send_response(exchange);
	}
	exchange->phase = PHASE_WAITING;
	exchange->job = (struct lane_job){.run = answer_in_lane, .arg = exchange};
	MHD_suspend_connection(exchange->connection);
	lanes_run(server->lanes, lane, &exchange->job);
	return MHD_YES;
}

static enum MHD_Result answer(struct exchange *exchange)
{
	struct server *server = exchange->server;
	struct request *request = &exchange->request;
	enum http_lane lane;

	request->body = buf_peek(&exchange->body);
	request->body_length = buf_length(&exchange->body);
	lane = server->owner.lane(server->owner.arg, request);
	if (lane != LANE_NONE)
		return wait_for_answer(exchange, lane);
	make_answer(exchange);
	return send_response(exchange);
}

static enum MHD_Result refuse(struct exchange *exchange, unsigned status, const char *words)
{
	response_error(&exchange->response, status, words);
	return send_response(exchange);
}

/* What follows on this connection may be anything: it ends here. */
static enum MHD_Result cut_off(struct exchange *exchange)
{
	response_header(&exchange->response, "Connection", "close");
	return send_response(exchange);
}

static enum MHD_Result first_look(struct exchange *exchange, const char *version)
{
	if (!server_headers_check(exchange->connection, version, &exchange->response))
		return cut_off(exchange);
	if (exchange->url_too_long)
		return refuse(exchange, 414, "the URL is too long");
	if (exchange->url_holds_zero)
		return refuse(exchange, 400, "the path holds a zero byte");
	if (says_too_much(exchange->connection))
		return refuse(exchange, 413, "the body is too long");
	/* Answered when all of it was read, so that the connection can be used again. */
	exchange->phase = PHASE_READING;
	return MHD_YES;
}

enum MHD_Result server_exchange_handle(void *arg, struct MHD_Connection *connection,
	const char *path, const char *method, const char *version, const char *upload,
	size_t *upload_length, void **mark)
{
	struct exchange *exchange = *mark;

	if (!exchange)
		return MHD_NO; /* there was no memory for it */
	switch (exchange->phase) {
	case PHASE_NEW:
		exchange->connection = connection;
		read_request(connection, method, path, &exchange->request);
		return first_look(exchange, version);
	case PHASE_READING:
		if (*upload_length > 0)
			return take_body(exchange, upload, upload_length);
		if (exchange->uploaded > HTTP_UPLOAD_MAX)
			return refuse(exchange, 413, "the body is too long");
		if (exchange->no_memory)
			return refuse(exchange, 503, "no memory for the body");
		return answer(exchange);
	case PHASE_WAITING: return MHD_YES; /* not before it is resumed */
	case PHASE_READY: return send_response(exchange);
	}
	return MHD_NO;
}

/* ---- life */

static bool path_holds_zero(const char *url)
{
	const char *zero = strstr(url, ZERO_ESCAPED);

	return zero && zero < url + strcspn(url, "?");
}

void *server_exchange_begin(void *arg, const char *url, struct MHD_Connection *connection)
{
	struct exchange *exchange = calloc(1, sizeof(*exchange));

	if (!exchange)
		return NULL;
	exchange->server = arg;
	exchange->url_too_long = strlen(url) > HTTP_TARGET_MAX;
	exchange->url_holds_zero = path_holds_zero(url);
	buf_init(&exchange->body, HTTP_UPLOAD_MAX);
	response_init(&exchange->response);
	return exchange;
}

void server_exchange_end(void *arg, struct MHD_Connection *connection, void **mark,
	enum MHD_RequestTerminationCode code)
{
	struct exchange *exchange = *mark;

	if (!exchange)
		return;
	response_done(&exchange->response);
	buf_done(&exchange->body);
	free(exchange);
	*mark = NULL;
}
