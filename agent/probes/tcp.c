/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probes/tcp.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/net/address.h"
#include "agent/net/leave.h"
#include "common/clock.h"

#define US_PER_MS 1000

struct tcp { /* the prober: freed when it is closed and its last connection is */
	uv_loop_t *loop;
	struct connection *first;
	bool closing;
};

struct connection { /* one question */
	struct tcp *tcp;
	struct connection *next;
	struct probe_request request;
	int fd;
	uint64_t sent_us;
	uv_poll_t poll;
	uv_timer_t timer;
	unsigned handles; /* that are not closed yet */
};

static void free_when_done(struct tcp *tcp)
{
	if (tcp->closing && !tcp->first)
		free(tcp);
}

/* ---- one connection */

static void unlink_connection(struct connection *connection)
{
	struct connection **at = &connection->tcp->first;

	while (*at != connection)
		at = &(*at)->next;
	*at = connection->next;
}

static void on_closed(uv_handle_t *handle)
{
	struct connection *connection = handle->data;
	struct tcp *tcp = connection->tcp;

	if (--connection->handles)
		return;
	close(connection->fd);
	unlink_connection(connection);
	free(connection);
	free_when_done(tcp);
}

static void close_connection(struct connection *connection)
{
	if (uv_is_closing((uv_handle_t *)&connection->poll))
		return;
	uv_close((uv_handle_t *)&connection->poll, on_closed);
	uv_close((uv_handle_t *)&connection->timer, on_closed);
}

static void finish(struct connection *connection, enum outcome outcome, uint64_t rtt_us)
{
	const struct probe_request request = connection->request;
	const struct answer answer = {
		.sent_us = connection->sent_us,
		.outcome = outcome,
		.rtt_us = outcome == OUTCOME_ANSWERED ? (uint32_t)rtt_us : 0,
	};

	close_connection(connection);
	request.done(request.arg, &answer);
}

/* The kernel measures the handshake itself, from packet to packet; not when the first one was
 * lost. */
static uint64_t kernel_rtt_us(const struct connection *connection)
{
	struct tcp_info info = {0};
	socklen_t length = sizeof(info);

	if (getsockopt(connection->fd, IPPROTO_TCP, TCP_INFO, &info, &length) < 0 ||
		info.tcpi_total_retrans)
		return 0;
	return info.tcpi_rtt;
}

static void take_result(struct connection *connection)
{
	uint64_t passed_us = clock_boot_us() - connection->sent_us, rtt_us = 0;
	socklen_t length = sizeof(int);
	int error = 0;

	if (getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0)
		error = errno;
	if (error == 0)
		rtt_us = kernel_rtt_us(connection);
	if (rtt_us == 0 || rtt_us > passed_us)
		rtt_us = passed_us;
	if (error == 0 && rtt_us <= PROBE_TIMEOUT_US)
		finish(connection, OUTCOME_ANSWERED, rtt_us);
	else
		finish(connection, OUTCOME_LOST, 0);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	take_result(poll->data);
}

static bool has_result(const struct connection *connection)
{
	struct tcp_info info = {0};
	socklen_t length = sizeof(info);

	return getsockopt(connection->fd, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 &&
		info.tcpi_state != TCP_SYN_SENT;
}

/* Timers run before sockets: a result that is there already came in time, as its own time says. */
static void on_timer(uv_timer_t *timer)
{
	struct connection *connection = timer->data;

	if (has_result(connection))
		take_result(connection);
	else
		finish(connection, OUTCOME_LOST, 0);
}

/* ---- asking */

/* Leaves without lingering, by the interface and no other. */
static int prepare(int fd, const struct probe_request *request)
{
	const struct linger none = {.l_onoff = 1, .l_linger = 0};

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none)) < 0)
		return -errno;
	return leave_by(fd, request->interface, &request->source);
}

static int start_connect(const struct probe_request *request, int *ret_fd)
{
	union socket_address to;
	socklen_t length = socket_address_of(
		&request->target.address, request->target.port, request->interface, &to);
	int fd = socket(to.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int status;

	if (fd < 0)
		return -errno;
	status = prepare(fd, request);
	/* A reset by this machine itself comes at once; the closed socket wakes the loop like any
	 * other. */
	if (status == 0 && connect(fd, &to.any, length) < 0 && errno != EINPROGRESS &&
		errno != ECONNREFUSED)
		status = -errno;
	if (status < 0) {
		close(fd);
		return status;
	}
	*ret_fd = fd;
	return 0;
}

static int watch(struct tcp *tcp, struct connection *connection)
{
	int status = uv_poll_init(tcp->loop, &connection->poll, connection->fd);

	if (status < 0)
		return status;
	uv_timer_init(tcp->loop, &connection->timer);
	connection->poll.data = connection->timer.data = connection;
	connection->handles = 2;
	connection->tcp = tcp;
	connection->next = tcp->first;
	tcp->first = connection;
	uv_poll_start(&connection->poll, UV_WRITABLE, on_poll);
	/* The loop's idea of now may be old. */
	uv_update_time(tcp->loop);
	uv_timer_start(&connection->timer, on_timer, PROBE_TIMEOUT_US / US_PER_MS, 0);
	return 0;
}

static enum refusal tcp_ask(void *prober, const struct probe_request *request)
{
	struct tcp *tcp = prober;
	struct connection *connection = calloc(1, sizeof(*connection));
	int status = -ENOMEM;

	if (!connection)
		return probe_refusal(-status);
	connection->request = *request;
	connection->sent_us = clock_boot_us();
	status = start_connect(request, &connection->fd);
	if (status < 0)
		goto free_connection;
	status = watch(tcp, connection);
	if (status < 0)
		goto close_fd;
	return REFUSAL_NONE;
close_fd:
	close(connection->fd);
free_connection:
	free(connection);
	return probe_refusal(-status);
}

/* ---- the type's functions */

static int tcp_open(uv_loop_t *loop, void **ret_prober, struct err *err)
{
	struct tcp *tcp = calloc(1, sizeof(*tcp));

	if (!tcp)
		return err_errno(err, -ENOMEM, "TCP");
	tcp->loop = loop;
	*ret_prober = tcp;
	return 0;
}

static void tcp_forget(void *prober, const void *arg)
{
	struct tcp *tcp = prober;

	for (struct connection *at = tcp->first; at; at = at->next)
		if (at->request.arg == arg)
			close_connection(at);
}

static void tcp_close(void *prober)
{
	struct tcp *tcp = prober;

	if (!tcp)
		return;
	tcp->closing = true;
	for (struct connection *at = tcp->first; at; at = at->next)
		close_connection(at);
	free_when_done(tcp);
}

const struct probe_type probe_tcp = {
	.kind = PROBE_TCP,
	.name = "tcp",
	.has_port = true,
	.open = tcp_open,
	.ask = tcp_ask,
	.forget = tcp_forget,
	.close = tcp_close,
};
