/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probes/icmp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "agent/probes/icmp_socket.h"
#include "agent/probes/rtt.h"

#define FLIGHTS_MAX 128 /* three seconds of follow-ups a second on two WANs, with room to spare */
#define GRACE_MS 20 /* a reply of the last moment is on its way through the kernel */
#define NS_PER_US 1000
#define US_PER_MS 1000

struct flight { /* an echo request on its way; free while `request.done` is NULL */
	struct probe_request request;
	struct icmp_echo echo;
	struct rtt_moment sent;
	int64_t departed_ns; /* by the kernel; 0: it has not said */
};

struct icmp {
	uv_loop_t *loop;
	struct icmp_socket v4, v6;
	uv_poll_t poll_v4, poll_v6;
	uv_timer_t timer; /* fires when the oldest flight is lost */
	unsigned handles; /* that are not closed yet */
	uint16_t sequence;
	struct flight flights[FLIGHTS_MAX];
};

/* ---- flights */

static struct flight *find_free(struct icmp *icmp)
{
	for (size_t i = 0; i < FLIGHTS_MAX; i++)
		if (!icmp->flights[i].request.done)
			return &icmp->flights[i];
	return NULL;
}

static struct flight *find_cookie(struct icmp *icmp, uint32_t cookie)
{
	for (size_t i = 0; i < FLIGHTS_MAX; i++)
		if (icmp->flights[i].request.done && icmp->flights[i].echo.cookie == cookie)
			return &icmp->flights[i];
	return NULL;
}

static void land(struct flight *flight, enum outcome outcome, uint32_t rtt_us)
{
	const struct probe_request request = flight->request;
	const struct answer answer = {
		.sent_us = (uint64_t)flight->sent.mono_ns / NS_PER_US,
		.outcome = outcome,
		.rtt_us = rtt_us,
	};

	flight->request.done = NULL;
	request.done(request.arg, &answer);
}

/* ---- arriving */

static void take_departures(struct icmp *icmp, const struct icmp_socket *from)
{
	struct icmp_departure departure;

	while (icmp_socket_departed(from, &departure) > 0) {
		struct flight *flight = find_cookie(icmp, departure.cookie);

		if (flight)
			flight->departed_ns = departure.utc_ns;
	}
}

static void take_arrival(struct icmp *icmp, const struct icmp_arrival *arrival)
{
	struct flight *flight = find_cookie(icmp, arrival->echo.cookie);
	struct rtt_times times;
	int64_t rtt_us;

	if (!flight || arrival->echo.sequence != flight->echo.sequence ||
		!socket_address_is(&arrival->from, &flight->request.target.address))
		return;
	times = (struct rtt_times){
		.sent = flight->sent,
		.seen = rtt_now(),
		.departed_ns = flight->departed_ns,
		.arrived_ns = arrival->utc_ns,
	};
	rtt_us = rtt_ns(&times) / NS_PER_US;
	if (rtt_us > PROBE_TIMEOUT_US)
		land(flight, OUTCOME_LOST, 0);
	else
		land(flight, OUTCOME_ANSWERED, (uint32_t)rtt_us);
}

static void read_socket(struct icmp *icmp, const struct icmp_socket *from)
{
	struct icmp_arrival arrival;

	if (from->fd < 0)
		return;
	take_departures(icmp, from);
	while (icmp_socket_receive(from, &arrival) > 0)
		take_arrival(icmp, &arrival);
}

static void set_timer(struct icmp *icmp);
static void on_poll(uv_poll_t *poll, int status, int events);

static void watch(uv_poll_t *poll)
{
	uv_poll_start(poll, UV_READABLE | UV_PRIORITIZED, on_poll);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct icmp *icmp = poll->data;

	read_socket(icmp, poll == &icmp->poll_v4 ? &icmp->v4 : &icmp->v6);
	set_timer(icmp);
	/* The loop takes a socket's pending error for the end of it; reading has cleared it. */
	if (status < 0 && !uv_is_closing((uv_handle_t *)poll))
		watch(poll);
}

/* ---- timing out */

static void on_timer(uv_timer_t *timer);

/* Sets the timer for the flight that left first: while nothing is awaited nobody wakes. */
static void set_timer(struct icmp *icmp)
{
	int64_t now_ns = rtt_now().mono_ns, wait_ns, first_ns = INT64_MAX;

	for (size_t i = 0; i < FLIGHTS_MAX; i++)
		if (icmp->flights[i].request.done && icmp->flights[i].sent.mono_ns < first_ns)
			first_ns = icmp->flights[i].sent.mono_ns;
	uv_timer_stop(&icmp->timer);
	if (first_ns == INT64_MAX || uv_is_closing((uv_handle_t *)&icmp->timer))
		return;
	wait_ns = first_ns + (int64_t)PROBE_TIMEOUT_US * NS_PER_US - now_ns;
	uv_timer_start(&icmp->timer, on_timer,
		GRACE_MS + (wait_ns > 0 ? (uint64_t)wait_ns / NS_PER_US / US_PER_MS : 0), 0);
}

/* Replies that wait in the socket came first, whatever kept this process from reading them. */
static void on_timer(uv_timer_t *timer)
{
	struct icmp *icmp = timer->data;
	int64_t limit_ns;

	read_socket(icmp, &icmp->v4);
	read_socket(icmp, &icmp->v6);
	limit_ns = rtt_now().mono_ns - (int64_t)PROBE_TIMEOUT_US * NS_PER_US;
	for (size_t i = 0; i < FLIGHTS_MAX; i++)
		if (icmp->flights[i].request.done && icmp->flights[i].sent.mono_ns <= limit_ns)
			land(&icmp->flights[i], OUTCOME_LOST, 0);
	set_timer(icmp);
}

/* ---- the type's functions */

static int open_family(struct icmp *icmp, int family)
{
	struct icmp_socket *own = family == AF_INET ? &icmp->v4 : &icmp->v6;
	uv_poll_t *poll = family == AF_INET ? &icmp->poll_v4 : &icmp->poll_v6;
	int status = icmp_socket_open(own, family);

	if (status < 0)
		return status;
	status = uv_poll_init(icmp->loop, poll, own->fd);
	if (status < 0) {
		icmp_socket_close(own);
		return status;
	}
	poll->data = icmp;
	icmp->handles++;
	watch(poll);
	return 0;
}

static int icmp_open(uv_loop_t *loop, void **ret_prober, struct err *err)
{
	struct icmp *icmp = calloc(1, sizeof(*icmp));
	int v4, v6;

	if (!icmp)
		return err_errno(err, -ENOMEM, "ICMP");
	icmp->loop = loop;
	v4 = open_family(icmp, AF_INET);
	v6 = open_family(icmp, AF_INET6);
	if (v4 < 0 && v6 < 0) {
		free(icmp);
		return err_errno(err, v4,
			"no ICMP socket: give CAP_NET_RAW, or this group in "
			"net.ipv4.ping_group_range");
	}
	uv_timer_init(loop, &icmp->timer);
	icmp->timer.data = icmp;
	icmp->handles++;
	*ret_prober = icmp;
	return 0;
}

static int depart(struct icmp *icmp, struct flight *flight, const struct icmp_socket *by)
{
	const struct icmp_way way = {.to = flight->request.target.address,
		.interface = flight->request.interface,
		.source = flight->request.source};
	int status;

	flight->echo.sequence = icmp->sequence++;
	if (getrandom(&flight->echo.cookie, sizeof(flight->echo.cookie), 0) < 0)
		return -errno;
	flight->departed_ns = 0;
	flight->sent = rtt_now();
	status = icmp_socket_send(by, &way, &flight->echo);
	if (status == 0)
		take_departures(icmp, by); /* most drivers tell at once */
	return status;
}

static enum refusal icmp_ask(void *prober, const struct probe_request *request)
{
	struct icmp *icmp = prober;
	const struct icmp_socket *by = request->target.address.length == 4 ? &icmp->v4 : &icmp->v6;
	struct flight *flight = find_free(icmp);
	int status = -ENOBUFS;

	if (by->fd < 0)
		return REFUSAL_OTHER;
	if (flight) {
		flight->request = *request;
		status = depart(icmp, flight, by);
	}
	if (status < 0) {
		if (flight)
			flight->request.done = NULL;
		return probe_refusal(-status);
	}
	if (!uv_is_active((uv_handle_t *)&icmp->timer))
		set_timer(icmp);
	return REFUSAL_NONE;
}

static void icmp_forget(void *prober, const void *arg)
{
	struct icmp *icmp = prober;

	for (size_t i = 0; i < FLIGHTS_MAX; i++)
		if (icmp->flights[i].request.arg == arg)
			icmp->flights[i].request.done = NULL;
}

static void on_closed(uv_handle_t *handle)
{
	struct icmp *icmp = handle->data;

	if (--icmp->handles)
		return;
	icmp_socket_close(&icmp->v4);
	icmp_socket_close(&icmp->v6);
	free(icmp);
}

static void icmp_close(void *prober)
{
	struct icmp *icmp = prober;

	if (!icmp)
		return;
	uv_close((uv_handle_t *)&icmp->timer, on_closed);
	if (icmp->v4.fd >= 0)
		uv_close((uv_handle_t *)&icmp->poll_v4, on_closed);
	if (icmp->v6.fd >= 0)
		uv_close((uv_handle_t *)&icmp->poll_v6, on_closed);
}

const struct probe_type probe_icmp = {
	.kind = PROBE_ICMP,
	.name = "icmp",
	.open = icmp_open,
	.ask = icmp_ask,
	.forget = icmp_forget,
	.close = icmp_close,
};
