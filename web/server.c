/* SPDX-License-Identifier: Apache-2.0 */
#include "web/server.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <microhttpd.h>

#include "common/log.h"
#include "web/listen.h"

#define STREAM_BLOCK 4096 /* bytes asked of a stream at a time */
#define ADDRESS_BYTES 64 /* the longest IPv6 address with its scope */

struct server_stream {
	struct server *server;
	struct stream stream;
	struct MHD_Connection *connection;
	pthread_mutex_t lock;
	bool woken; /* since the last read began; under `lock` */
	bool parked; /* the connection is suspended; under `lock` */
	struct server_stream *next, **link; /* under the server's lock */
};

struct server {
	struct server_owner owner;
	struct MHD_Daemon *daemon;
	pthread_mutex_t lock;
	struct server_stream *streams; /* under `lock` */
	atomic_bool stopping;
	char address[ADDRESS_BYTES + 16]; /* with brackets and port */
};

static char url_too_long; /* its address marks a request whose URL is over the limit */

static const struct {
	const char *name, *value;
} common_headers[] = {
	{"X-Content-Type-Options", "nosniff"},
	{"Content-Security-Policy",
		"default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
	{"Referrer-Policy", "no-referrer"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
};

/* ---- streams */

static void stream_wake(void *arg)
{
	struct server_stream *stream = arg;

	pthread_mutex_lock(&stream->lock);
	stream->woken = true;
	if (stream->parked) {
		stream->parked = false;
		MHD_resume_connection(stream->connection);
	}
	pthread_mutex_unlock(&stream->lock);
}

/* True when the connection was parked; false when there was a wake since the last read began. */
static bool stream_park(struct server_stream *stream)
{
	bool park;

	pthread_mutex_lock(&stream->lock);
	park = !stream->woken && !atomic_load(&stream->server->stopping);
	if (park) {
		MHD_suspend_connection(stream->connection);
		stream->parked = true;
	}
	stream->woken = false;
	pthread_mutex_unlock(&stream->lock);
	return park;
}

static ssize_t stream_read(void *arg, uint64_t position, char *room, size_t size)
{
	struct server_stream *stream = arg;

	for (;;) {
		ssize_t length;

		if (atomic_load(&stream->server->stopping))
			return MHD_CONTENT_READER_END_OF_STREAM;
		length = stream->stream.read(stream->stream.arg, room, size);
		if (length > 0)
			return length;
		if (length < 0)
			return MHD_CONTENT_READER_END_OF_STREAM;
		if (stream_park(stream))
			return 0;
	}
}

static void stream_close(void *arg)
{
	struct server_stream *stream = arg;
	struct server *server = stream->server;

	/* First the source, so that nobody wakes what is about to be freed. */
	stream->stream.close(stream->stream.arg);
	pthread_mutex_lock(&server->lock);
	*stream->link = stream->next;
	if (stream->next)
		stream->next->link = stream->link;
	pthread_mutex_unlock(&server->lock);
	pthread_mutex_destroy(&stream->lock);
	free(stream);
}

/* Takes the response's stream. NULL without memory; then the stream is still the response's. */
static struct MHD_Response *stream_response(
	struct server *server, struct MHD_Connection *connection, struct response *response)
{
	struct server_stream *stream = calloc(1, sizeof(*stream));
	struct MHD_Response *answer;

	if (!stream)
		return NULL;
	*stream = (struct server_stream){
		.server = server, .stream = response->stream, .connection = connection};
	answer = MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, STREAM_BLOCK, stream_read, stream, stream_close);
	if (!answer) {
		free(stream);
		return NULL;
	}
	MHD_add_response_header(answer, "X-Accel-Buffering", "no"); /* nginx: send at once */
	response->stream = (struct stream){0}; /* it is the answer's from here on */
	pthread_mutex_init(&stream->lock, NULL);
	pthread_mutex_lock(&server->lock);
	stream->next = server->streams;
	stream->link = &server->streams;
	if (stream->next)
		stream->next->link = &stream->next;
	server->streams = stream;
	pthread_mutex_unlock(&server->lock);
	stream->stream.begin(
		stream->stream.arg, (struct stream_wake){.wake = stream_wake, .arg = stream});
	return answer;
}

/* ---- one request */

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

static void read_request(struct MHD_Connection *connection, const char *method, const char *path,
	struct request *ret_request)
{
	*ret_request = (struct request){.path = path, .method = METHOD_OTHER};
	if (strcmp(method, MHD_HTTP_METHOD_GET) == 0)
		ret_request->method = METHOD_GET;
	else if (strcmp(method, MHD_HTTP_METHOD_HEAD) == 0)
		ret_request->method = METHOD_HEAD;
	MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, take_param, ret_request);
	ret_request->if_none_match = MHD_lookup_connection_value(
		connection, MHD_HEADER_KIND, "If-None-Match");
	ret_request->last_event_id = MHD_lookup_connection_value(
		connection, MHD_HEADER_KIND, "Last-Event-ID");
}

static void add_headers(struct MHD_Response *answer, const struct response *response)
{
	for (size_t i = 0; i < sizeof(common_headers) / sizeof(common_headers[0]); i++)
		MHD_add_response_header(answer, common_headers[i].name, common_headers[i].value);
	if (response->type)
		MHD_add_response_header(answer, "Content-Type", response->type);
	MHD_add_response_header(
		answer, "Cache-Control", response->cache ? response->cache : "no-store");
	if (response->etag)
		MHD_add_response_header(answer, "ETag", response->etag);
	if (response->status == 405)
		MHD_add_response_header(answer, "Allow", "GET, HEAD");
}

static enum MHD_Result send_response(
	struct server *server, struct MHD_Connection *connection, struct response *response)
{
	struct MHD_Response *answer;
	enum MHD_Result queued;

	if (response->stream.read)
		answer = stream_response(server, connection, response);
	else if (response->fixed)
		answer = MHD_create_response_from_buffer(
			response->fixed_length, (void *)response->fixed, MHD_RESPMEM_PERSISTENT);
	else
		answer = MHD_create_response_from_buffer(buf_length(&response->body),
			(void *)buf_peek(&response->body), MHD_RESPMEM_MUST_COPY);
	if (!answer)
		return MHD_NO; /* no memory: the connection is closed */
	add_headers(answer, response);
	queued = MHD_queue_response(connection, response->status, answer);
	MHD_destroy_response(answer);
	return queued;
}

static enum MHD_Result handle_request(void *arg, struct MHD_Connection *connection,
	const char *path, const char *method, const char *version, const char *upload,
	size_t *upload_length, void **mark)
{
	struct server *server = arg;
	struct request request;
	struct response response;
	enum MHD_Result result;

	read_request(connection, method, path, &request);
	response_init(&response);
	if (*mark == &url_too_long)
		response_error(&response, 414, "the URL is too long");
	else if (request.method == METHOD_OTHER)
		response_error(&response, 405, "only GET and HEAD are served here");
	else
		server->owner.answer(server->owner.arg, &request, &response);
	server->owner.answered(server->owner.arg, response.status);
	result = send_response(server, connection, &response);
	response_done(&response);
	return result;
}

static void *mark_url(void *arg, const char *url, struct MHD_Connection *connection)
{
	return strlen(url) > HTTP_TARGET_MAX ? &url_too_long : NULL;
}

static void log_line(void *arg, const char *format, va_list values)
	__attribute__((format(printf, 2, 0)));

static void log_line(void *arg, const char *format, va_list values)
{
	char line[256];

	vsnprintf(line, sizeof(line), format, values);
	line[strcspn(line, "\n")] = '\0';
	log_debug("http: %s", line);
}

/* ---- life */

static void name_address(struct server *server, const struct addrinfo *at)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(
		server->daemon, MHD_DAEMON_INFO_BIND_PORT);
	bool six = at->ai_family == AF_INET6;
	char host[ADDRESS_BYTES] = "?";

	getnameinfo(at->ai_addr, at->ai_addrlen, host, sizeof(host), NULL, 0, NI_NUMERICHOST);
	snprintf(server->address, sizeof(server->address), "%s%s%s:%u", six ? "[" : "", host,
		six ? "]" : "", info ? info->port : 0);
}

static int start_daemon(struct server *server, const struct addrinfo *at)
{
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
		MHD_USE_ERROR_LOG;

	if (at->ai_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	errno = 0;
	server->daemon = MHD_start_daemon(flags, 0, NULL, NULL, handle_request, server,
		MHD_OPTION_EXTERNAL_LOGGER, log_line, NULL, MHD_OPTION_SOCK_ADDR, at->ai_addr,
		MHD_OPTION_THREAD_POOL_SIZE, (unsigned)HTTP_THREADS, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)HTTP_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
		(unsigned)HTTP_TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)HTTP_MEMORY_MAX, MHD_OPTION_URI_LOG_CALLBACK, mark_url, NULL,
		MHD_OPTION_END);
	if (!server->daemon)
		return errno ? -errno : -EIO;
	return 0;
}

int server_start(const char *listen, const struct server_owner *owner, struct server **ret_server,
	struct err *err)
{
	struct addrinfo *at = NULL;
	struct server *server;
	int r;

	r = listen_find("listen", listen, &at, err);
	if (r < 0)
		return r;
	server = calloc(1, sizeof(*server));
	if (!server) {
		r = err_errno(err, -ENOMEM, "web server");
		goto free_address;
	}
	server->owner = *owner;
	pthread_mutex_init(&server->lock, NULL);
	r = start_daemon(server, at);
	if (r < 0) {
		err_errno(err, r, "cannot listen on %s", listen);
		goto free_server;
	}
	name_address(server, at);
	freeaddrinfo(at);
	*ret_server = server;
	return 0;

free_server:
	pthread_mutex_destroy(&server->lock);
	free(server);
free_address:
	freeaddrinfo(at);
	return r;
}

const char *server_address(const struct server *server)
{
	return server->address;
}

void server_stop(struct server *server)
{
	if (!server)
		return;
	/* From here on no stream parks; those that did are woken to find that they end. */
	atomic_store(&server->stopping, true);
	pthread_mutex_lock(&server->lock);
	for (struct server_stream *stream = server->streams; stream; stream = stream->next)
		stream_wake(stream);
	pthread_mutex_unlock(&server->lock);
	MHD_stop_daemon(server->daemon);
	pthread_mutex_destroy(&server->lock);
	free(server);
}
