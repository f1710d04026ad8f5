/* SPDX-License-Identifier: Apache-2.0 */
#include "web/server_speed.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <microhttpd.h>

#include "common/clock.h"
#include "common/digits.h"
#include "common/keyed.h"
#include "common/log.h"
#include "web/listen.h"
#include "web/speed_count.h"

#define US_PER_S 1000000ULL
#define IDLE_S 10 /* a stream that moves nothing for so long is over */
#define CONNECTIONS_MAX 256 /* also those that are refused, and those that ask for a count */
#define WAIT_S "60" /* told to who comes when all streams are taken */
#define COUNT_BYTES 160

struct server_speed {
	struct MHD_Daemon *daemon;
	struct speed_notes *notes;
	pthread_mutex_t lock;
	struct speed_count count; /* under `lock` */
};

/* One request that moves content. */
struct flow {
	struct server_speed *server;
	struct speed_stream *stream; /* under the server's lock, but for its nonce */
	struct MHD_Connection *connection;
	uint64_t nonce, end_us;
	bool down;
};

/* ---- answers */

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *text)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(
		strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result queued;

	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, "Content-Type", "text/plain");
	MHD_add_response_header(response, "Cache-Control", "no-store");
	if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
		MHD_add_response_header(response, "Retry-After", WAIT_S);
	queued = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return queued;
}

static bool read_nonce(struct MHD_Connection *connection, uint64_t *ret_nonce)
{
	const char *text = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "nonce");

	return text && keyed_nonce_parse(text, ret_nonce) == 0;
}

/* ---- who asks */

/* False: this machine's own proxy, which knows better who asks. */
static bool address_of(const struct sockaddr *socket, struct speed_address *ret_address)
{
	struct speed_address address = {0};

	if (socket->sa_family == AF_INET) {
		const struct sockaddr_in *v4 = (const struct sockaddr_in *)socket;

		memcpy(address.bytes, &v4->sin_addr, 4);
		*ret_address = address;
		return ntohl(v4->sin_addr.s_addr) >> 24 != 127;
	}
	if (socket->sa_family == AF_INET6) {
		const struct in6_addr *v6 = &((const struct sockaddr_in6 *)socket)->sin6_addr;

		if (IN6_IS_ADDR_V4MAPPED(v6)) {
			memcpy(address.bytes, v6->s6_addr + 12, 4);
			*ret_address = address;
			return address.bytes[0] != 127;
		}
		memcpy(address.bytes, v6->s6_addr, 8);
		*ret_address = address;
		return !IN6_IS_ADDR_LOOPBACK(v6);
	}
	return false;
}

static struct flow *begin(struct server_speed *server, struct MHD_Connection *connection, bool down)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct flow *flow = calloc(1, sizeof(*flow));
	struct speed_address address;
	uint64_t now_us = clock_boot_us();
	bool known;

	if (!flow)
		return NULL;
	*flow = (struct flow){.server = server,
		.connection = connection,
		.end_us = now_us + SPEED_SECONDS_MAX * US_PER_S,
		.down = down};
	read_nonce(connection, &flow->nonce);
	known = info && address_of(info->client_addr, &address);
	pthread_mutex_lock(&server->lock);
	flow->stream = speed_count_begin(
		&server->count, flow->nonce, known ? &address : NULL, now_us);
	pthread_mutex_unlock(&server->lock);
	if (flow->stream)
		return flow;
	free(flow);
	return NULL;
}

static void move(struct flow *flow, size_t bytes, uint64_t now_us)
{
	pthread_mutex_lock(&flow->server->lock);
	speed_count_move(flow->stream, bytes, now_us);
	pthread_mutex_unlock(&flow->server->lock);
}

/* What TCP says of what was sent. Of a stream that was cut only that counts which arrived there,
 * not what waited here. Returns how much can have arrived: behind a lost segment nothing is
 * acknowledged, and the agent counts it all the same. */
static uint64_t take_tcp(struct flow *flow, bool cut)
{
	uint64_t left = flow->stream->bytes, once;
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		flow->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct tcp_info tcp = {0};
	socklen_t size = sizeof(tcp);

	if (!info || getsockopt(info->connect_fd, IPPROTO_TCP, TCP_INFO, &tcp, &size) < 0)
		return left;
	flow->stream->rtt_us = tcp.tcpi_rtt;
	flow->stream->retransmissions = tcp.tcpi_total_retrans;
	if (cut && tcp.tcpi_bytes_acked && tcp.tcpi_bytes_acked < flow->stream->bytes)
		flow->stream->bytes = tcp.tcpi_bytes_acked;
	once = tcp.tcpi_bytes_sent - tcp.tcpi_bytes_retrans; /* 0: an older kernel tells neither */
	return cut && once && once < left ? once : left;
}

/* For the ledger, against which an agent's word is held. */
static void note(const struct flow *flow, uint64_t bytes)
{
	const struct served served = {.nonce = flow->nonce,
		.down = flow->down,
		.ended_s = clock_utc_us() / (int64_t)US_PER_S,
		.bytes = (int64_t)bytes};

	speed_notes_add(flow->server->notes, &served);
}

static void on_completed(void *arg, struct MHD_Connection *connection, void **mark,
	enum MHD_RequestTerminationCode code)
{
	struct flow *flow = *mark;
	uint64_t bytes;

	if (!flow)
		return;
	pthread_mutex_lock(&flow->server->lock);
	bytes = flow->stream->bytes;
	if (flow->down)
		bytes = take_tcp(flow, code != MHD_REQUEST_TERMINATED_COMPLETED_OK);
	speed_count_end(flow->stream);
	pthread_mutex_unlock(&flow->server->lock);
	if (bytes)
		note(flow, bytes);
	free(flow);
	*mark = NULL;
}

/* ---- GET down */

static ssize_t on_read(void *arg, uint64_t position, char *room, size_t size)
{
	struct flow *flow = arg;
	uint64_t now_us = clock_boot_us();

	if (now_us >= flow->end_us)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	keyed_fill(flow->nonce, position, room, size);
	move(flow, size, now_us);
	return (ssize_t)size;
}

static enum MHD_Result send_content(
	struct server_speed *server, struct MHD_Connection *connection, void **mark)
{
	const char *text = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "bytes");
	struct MHD_Response *response;
	enum MHD_Result queued;
	struct flow *flow;
	int64_t bytes;

	if (!text || digits_parse(text, SPEED_BYTES_MAX_A_STREAM, &bytes) < 0)
		return answer(
			connection, MHD_HTTP_BAD_REQUEST, "bytes: not a number, or too many\n");
	flow = begin(server, connection, true);
	if (!flow)
		return answer(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "too many streams\n");
	*mark = flow;
	response = MHD_create_response_from_callback(
		(uint64_t)bytes, SPEED_BLOCK_BYTES, on_read, flow, NULL);
	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, "Pantau-Speed", "keyed");
	MHD_add_response_header(response, "Content-Type", "application/octet-stream");
	MHD_add_response_header(response, "Cache-Control", "no-store");
	MHD_add_response_header(response, "X-Accel-Buffering", "no"); /* nginx: send at once */
	queued = MHD_queue_response(connection, MHD_HTTP_OK, response);
	MHD_destroy_response(response);
	return queued;
}

/* ---- POST up */

static enum MHD_Result take_content(
	struct server_speed *server, struct MHD_Connection *connection, size_t *length, void **mark)
{
	struct flow *flow = *mark;
	uint64_t now_us = clock_boot_us();

	if (!flow) {
		*mark = begin(server, connection, false);
		return *mark
			? MHD_YES
			: answer(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "too many streams\n");
	}
	if (*length == 0)
		return answer(connection, MHD_HTTP_OK, "taken\n");
	if (now_us >= flow->end_us ||
		flow->stream->bytes + *length > (uint64_t)SPEED_BYTES_MAX_A_STREAM)
		return MHD_NO;
	move(flow, *length, now_us);
	*length = 0;
	return MHD_YES;
}

/* ---- GET count */

static enum MHD_Result tell_count(struct server_speed *server, struct MHD_Connection *connection)
{
	const struct speed_stream *found;
	struct speed_stream stream = {0};
	char text[COUNT_BYTES];
	uint64_t nonce;

	if (!read_nonce(connection, &nonce))
		return answer(connection, MHD_HTTP_BAD_REQUEST, "nonce: not 16 digits\n");
	pthread_mutex_lock(&server->lock);
	found = speed_count_find(&server->count, nonce, clock_boot_us());
	if (found)
		stream = *found;
	pthread_mutex_unlock(&server->lock);
	if (!found)
		return answer(connection, MHD_HTTP_NOT_FOUND, "no such stream\n");
	snprintf(text, sizeof(text),
		"bytes=%" PRIu64 "\nduration_us=%" PRIu64 "\nrtt_us=%u\nretransmissions=%u\n",
		stream.bytes, stream.last_us - stream.first_us, stream.rtt_us,
		stream.retransmissions);
	return answer(connection, MHD_HTTP_OK, text);
}

static enum MHD_Result handle_request(void *arg, struct MHD_Connection *connection,
	const char *path, const char *method, const char *version, const char *upload,
	size_t *upload_length, void **mark)
{
	struct server_speed *server = arg;
	bool get = strcmp(method, MHD_HTTP_METHOD_GET) == 0;
	uint64_t nonce;

	if (get && strcmp(path, "/speed/v1/count") == 0)
		return tell_count(server, connection);
	if (!*mark && !read_nonce(connection, &nonce) && strncmp(path, "/speed/v1/", 10) == 0)
		return answer(connection, MHD_HTTP_BAD_REQUEST, "nonce: not 16 digits\n");
	if (get && strcmp(path, "/speed/v1/down") == 0)
		return send_content(server, connection, mark);
	if (strcmp(method, MHD_HTTP_METHOD_POST) == 0 && strcmp(path, "/speed/v1/up") == 0)
		return take_content(server, connection, upload_length, mark);
	return answer(connection, MHD_HTTP_NOT_FOUND, "there is nothing at this path\n");
}

/* ---- life */

static int start_daemon(struct server_speed *server, const struct addrinfo *at)
{
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD;

	if (at->ai_family == AF_INET6)
		flags |= MHD_USE_DUAL_STACK;
	errno = 0;
	server->daemon = MHD_start_daemon(flags, 0, NULL, NULL, handle_request, server,
		MHD_OPTION_SOCK_ADDR, at->ai_addr, MHD_OPTION_THREAD_POOL_SIZE,
		(unsigned)SPEED_THREADS, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)HTTP_MEMORY_MAX, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
		MHD_OPTION_END);
	if (!server->daemon)
		return errno ? -errno : -EIO;
	return 0;
}

int server_speed_start(
	const struct server_speed_at *where, struct server_speed **ret_server, struct err *err)
{
	struct server_speed *server;
	struct addrinfo *at = NULL;
	int status = listen_find("speed_listen", where->listen, &at, err);

	if (status < 0)
		return status;
	server = calloc(1, sizeof(*server));
	if (!server) {
		freeaddrinfo(at);
		return err_errno(err, -ENOMEM, "speed tests");
	}
	server->count.most = where->streams;
	pthread_mutex_init(&server->lock, NULL);
	status = speed_notes_start(&where->notes, &server->notes, err);
	if (status == 0) {
		status = start_daemon(server, at);
		if (status < 0)
			err_errno(err, status, "speed tests: cannot listen on %s", where->listen);
	}
	freeaddrinfo(at);
	if (status < 0) {
		server_speed_stop(server);
		return status;
	}
	log_info("speed tests at http://%s/speed/v1", where->listen);
	*ret_server = server;
	return 0;
}

void server_speed_stop(struct server_speed *server)
{
	if (!server)
		return;
	if (server->daemon)
		MHD_stop_daemon(server->daemon);
	speed_notes_stop(server->notes);
	pthread_mutex_destroy(&server->lock);
	free(server);
}
