/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probes/dns_lookup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "agent/net/address.h"
#include "agent/net/leave.h"
#include "agent/probes/arrival.h"
#include "agent/probes/rtt.h"

#define TIMEOUT_MS (RTT_MAX_US / 1000)
#define NS_PER_US 1000

struct dns_lookup {
	struct dns_lookup_request request; /* its name is the query's */
	struct dns_query query;
	struct rtt_moment sent;
	int fd;
	uv_poll_t poll;
	uv_timer_t timer;
	unsigned handles; /* that are not closed yet */
};

static void on_closed(uv_handle_t *handle)
{
	struct dns_lookup *lookup = handle->data;

	if (--lookup->handles)
		return;
	close(lookup->fd);
	free(lookup);
}

void dns_lookup_close(struct dns_lookup *lookup)
{
	if (!lookup)
		return;
	uv_close((uv_handle_t *)&lookup->poll, on_closed);
	uv_close((uv_handle_t *)&lookup->timer, on_closed);
}

static void finish(struct dns_lookup *lookup, struct dns_lookup_result *result)
{
	result->sent_us = (uint64_t)lookup->sent.mono_ns / NS_PER_US;
	dns_lookup_close(lookup);
	lookup->request.done(lookup->request.arg, result);
}

/* true: that was the reply, or came too late to be one. */
static bool take(struct dns_lookup *lookup, const struct arrival *arrival)
{
	const struct rtt_times times = {
		.sent = lookup->sent, .seen = rtt_now(), .arrived_ns = arrival->utc_ns};
	struct dns_lookup_result result = {0};
	int64_t rtt_us = rtt_ns(&times) / NS_PER_US;

	if (dns_reply_read(&lookup->query, arrival->bytes, arrival->length, &result.reply) < 0)
		return false;
	if (rtt_us > RTT_MAX_US)
		result.reply = (struct dns_reply){.outcome = DNS_TIMEOUT};
	else
		result.rtt_us = (uint32_t)rtt_us;
	finish(lookup, &result);
	return true;
}

/* The socket is connected: only the resolver's own datagrams come here. */
static bool read_socket(struct dns_lookup *lookup)
{
	struct arrival arrival;

	while (arrival_read(lookup->fd, &arrival))
		if (take(lookup, &arrival))
			return true;
	return false;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	if (!read_socket(poll->data) && status < 0)
		uv_poll_start(poll, UV_READABLE, on_poll); /* "unreachable" ends no waiting */
}

static void on_timer(uv_timer_t *timer)
{
	struct dns_lookup_result result = {.reply = {.outcome = DNS_TIMEOUT}};
	struct dns_lookup *lookup = timer->data;

	if (!read_socket(lookup))
		finish(lookup, &result);
}

/* ---- asking */

static int open_socket(struct dns_lookup *lookup)
{
	const struct dns_lookup_request *request = &lookup->request;
	uint16_t port = request->port ? request->port : DNS_PORT;
	union socket_address to;
	socklen_t length = socket_address_of(&request->resolver, port, request->interface, &to);
	int status;

	lookup->fd = socket(to.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (lookup->fd < 0)
		return -errno;
	arrival_timestamps(lookup->fd);
	status = leave_by(lookup->fd, request->interface, &request->source);
	if (status == 0 && connect(lookup->fd, &to.any, length) < 0)
		status = -errno;
	if (status < 0)
		close(lookup->fd);
	return status;
}

static int send_question(struct dns_lookup *lookup)
{
	uint8_t packet[DNS_QUESTION_MAX];
	int length;

	if (getrandom(&lookup->query.id, sizeof(lookup->query.id), 0) < 0)
		return -errno;
	length = dns_query_write(&lookup->query, packet);
	if (length < 0)
		return length;
	lookup->sent = rtt_now();
	return send(lookup->fd, packet, (size_t)length, 0) < 0 ? -errno : 0;
}

static int start(uv_loop_t *loop, struct dns_lookup *lookup)
{
	int status = open_socket(lookup);

	if (status < 0)
		return status;
	status = send_question(lookup);
	if (status == 0)
		status = uv_poll_init(loop, &lookup->poll, lookup->fd);
	if (status < 0) {
		close(lookup->fd);
		return status;
	}
	uv_timer_init(loop, &lookup->timer);
	lookup->poll.data = lookup->timer.data = lookup;
	lookup->handles = 2;
	uv_poll_start(&lookup->poll, UV_READABLE, on_poll);
	uv_update_time(loop);
	uv_timer_start(&lookup->timer, on_timer, TIMEOUT_MS, 0);
	return 0;
}

int dns_lookup_start(
	uv_loop_t *loop, const struct dns_lookup_request *request, struct dns_lookup **ret_lookup)
{
	struct dns_lookup *lookup = calloc(1, sizeof(*lookup));
	int status;

	if (!lookup)
		return -ENOMEM;
	lookup->request = *request;
	lookup->request.name = NULL;
	lookup->query.type = request->type;
	snprintf(lookup->query.name, sizeof(lookup->query.name), "%s", request->name);
	status = start(loop, lookup);
	if (status < 0) {
		free(lookup);
		return status;
	}
	*ret_lookup = lookup;
	return 0;
}
