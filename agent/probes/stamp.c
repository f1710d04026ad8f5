/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probes/stamp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/direction.h"
#include "agent/net/address.h"
#include "agent/net/leave.h"
#include "agent/probes/arrival.h"
#include "agent/probes/rtt.h"
#include "common/clock.h"
#include "proto/stamp_packet.h"

#define FLOWS_MAX 8 /* two WANs, both families, and what they were before the last change */
#define FLIGHTS_MAX 8 /* a question a second for three seconds, and slack */
#define GRACE_MS 20 /* an answer of the last moment is on its way through the kernel */
#define NS_PER_US 1000
#define US_PER_MS 1000

_Static_assert(PROBE_SECRET_BYTES == STAMP_KEY_BYTES, "a secret is a key");

struct flight { /* a question on its way; free while `request.done` is NULL */
	struct probe_request request; /* its secret is the flow's */
	struct stamp_question question;
	struct rtt_moment sent;
};

struct flow { /* questions by one way to one reflector, from one port: it counts them together */
	struct stamper *stamper;
	struct flow *next; /* made earlier */
	uint32_t interface;
	struct address source;
	struct target target;
	struct probe_secret secret;
	int fd;
	uv_poll_t poll;
	uv_timer_t timer; /* fires when the oldest flight is lost */
	unsigned handles; /* that are not closed yet */
	uint32_t sequence; /* of the next question */
	struct direction direction;
	struct stamp counts; /* settled, not yet told with an answer */
	uint32_t forged; /* answers since a flight landed last */
	struct flight flights[FLIGHTS_MAX];
};

struct stamper { /* the prober: freed when it is closed and its last flow is */
	uv_loop_t *loop;
	struct flow *first;
	unsigned count; /* flows that are not freed */
	bool closing;
};

static void free_when_done(struct stamper *stamper)
{
	if (stamper->closing && !stamper->count)
		free(stamper);
}

/* ---- flights */

static struct flight *find_flight(struct flow *flow, const struct stamp_question *question)
{
	for (size_t i = 0; i < FLIGHTS_MAX; i++)
		if (flow->flights[i].request.done &&
			flow->flights[i].question.sequence == question->sequence &&
			flow->flights[i].question.sent == question->sent)
			return &flow->flights[i];
	return NULL;
}

static bool is_flying(const struct flow *flow)
{
	for (size_t i = 0; i < FLIGHTS_MAX; i++)
		if (flow->flights[i].request.done)
			return true;
	return false;
}

static void land(struct flow *flow, struct flight *flight, enum outcome outcome, uint32_t rtt_us)
{
	const struct probe_request request = flight->request;
	struct answer answer = {
		.sent_us = (uint64_t)flight->sent.mono_ns / NS_PER_US,
		.outcome = outcome,
		.rtt_us = rtt_us,
	};

	if (outcome == OUTCOME_ANSWERED)
		flow->counts.forged += flow->forged;
	else if (flow->forged)
		direction_forged(&flow->direction, flow->forged, &flow->counts);
	answer.stamp = flow->counts;
	flow->counts = (struct stamp){0};
	flow->forged = 0;
	flight->request.done = NULL;
	request.done(request.arg, &answer);
}

/* ---- arriving */

/* Without the time that the reflector held it. */
static int64_t round_trip_ns(
	const struct flight *flight, const struct stamp_answer *answer, int64_t arrived_ns)
{
	const struct rtt_times times = {
		.sent = flight->sent, .seen = rtt_now(), .arrived_ns = arrived_ns};
	int64_t whole = rtt_ns(&times), held = stamp_between_ns(answer->received, answer->sent);

	return held >= 0 && held <= whole ? whole - held : whole;
}

static void take_answer(struct flow *flow, const struct stamp_answer *answer, int64_t arrived_ns)
{
	struct flight *flight = find_flight(flow, &answer->question);
	int64_t rtt_us;

	if (answer->question.sequence - flow->sequence < UINT32_MAX / 2)
		return; /* not asked by this flow: an answer of another time, played again */
	direction_answered(
		&flow->direction, answer->question.sequence, answer->sequence, &flow->counts);
	if (!flight)
		return; /* too late */
	rtt_us = round_trip_ns(flight, answer, arrived_ns) / NS_PER_US;
	if (rtt_us <= PROBE_TIMEOUT_US)
		land(flow, flight, OUTCOME_ANSWERED, (uint32_t)rtt_us);
}

static void take_packet(struct flow *flow, const struct arrival *arrival)
{
	struct stamp_answer answer;
	int status;

	if (!socket_address_is(&arrival->from, &flow->target.address) ||
		socket_port(&arrival->from) != flow->target.port)
		return;
	status = stamp_answer_read(arrival->bytes, arrival->length, flow->secret.key, &answer);
	if (status == 0)
		take_answer(flow, &answer, arrival->utc_ns);
	else if (status != -EIO && is_flying(flow))
		flow->forged++;
}

static void read_socket(struct flow *flow)
{
	struct arrival arrival;

	while (!uv_is_closing((uv_handle_t *)&flow->poll) && arrival_read(flow->fd, &arrival))
		take_packet(flow, &arrival);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct flow *flow = poll->data;

	read_socket(flow);
	if (status < 0 && !uv_is_closing((uv_handle_t *)poll))
		uv_poll_start(poll, UV_READABLE, on_poll);
}

/* ---- timing out */

static void on_timer(uv_timer_t *timer);

static void set_timer(struct flow *flow)
{
	int64_t wait_ns, first_ns = INT64_MAX;

	for (size_t i = 0; i < FLIGHTS_MAX; i++)
		if (flow->flights[i].request.done && flow->flights[i].sent.mono_ns < first_ns)
			first_ns = flow->flights[i].sent.mono_ns;
	if (first_ns == INT64_MAX || uv_is_closing((uv_handle_t *)&flow->timer))
		return;
	wait_ns = first_ns + (int64_t)PROBE_TIMEOUT_US * NS_PER_US - rtt_now().mono_ns;
	uv_update_time(flow->stamper->loop);
	uv_timer_start(&flow->timer, on_timer,
		GRACE_MS + (wait_ns > 0 ? (uint64_t)wait_ns / NS_PER_US / US_PER_MS : 0), 0);
}

/* Answers that wait in the socket came first. */
static void on_timer(uv_timer_t *timer)
{
	struct flow *flow = timer->data;
	int64_t limit_ns;

	read_socket(flow);
	limit_ns = rtt_now().mono_ns - (int64_t)PROBE_TIMEOUT_US * NS_PER_US;
	for (size_t i = 0; i < FLIGHTS_MAX && !uv_is_closing((uv_handle_t *)timer); i++)
		if (flow->flights[i].request.done && flow->flights[i].sent.mono_ns <= limit_ns)
			land(flow, &flow->flights[i], OUTCOME_LOST, 0);
	set_timer(flow);
}

/* ---- flows */

static void on_closed(uv_handle_t *handle)
{
	struct flow *flow = handle->data;
	struct stamper *stamper = flow->stamper;

	if (--flow->handles)
		return;
	close(flow->fd);
	free(flow);
	stamper->count--;
	free_when_done(stamper);
}

/* What is under way is forgotten. */
static void close_flow(struct flow *flow)
{
	struct flow **at = &flow->stamper->first;

	while (*at != flow)
		at = &(*at)->next;
	*at = flow->next;
	uv_close((uv_handle_t *)&flow->poll, on_closed);
	uv_close((uv_handle_t *)&flow->timer, on_closed);
}

static bool is_of(const struct flow *flow, const struct probe_request *request)
{
	return flow->interface == request->interface &&
		address_same(&flow->source, &request->source) &&
		target_same(&flow->target, &request->target) &&
		memcmp(&flow->secret, request->secret, sizeof(flow->secret)) == 0;
}

static int open_socket(struct flow *flow)
{
	int family = flow->target.address.length == 4 ? AF_INET : AF_INET6, status;

	flow->fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (flow->fd < 0)
		return -errno;
	arrival_timestamps(flow->fd);
	status = leave_by(flow->fd, flow->interface, &flow->source);
	if (status == 0)
		status = uv_poll_init(flow->stamper->loop, &flow->poll, flow->fd);
	if (status < 0)
		close(flow->fd);
	return status;
}

static int open_flow(
	struct stamper *stamper, const struct probe_request *request, struct flow **ret_flow)
{
	struct flow *flow = calloc(1, sizeof(*flow));
	int status;

	if (!flow)
		return -ENOMEM;
	flow->stamper = stamper;
	flow->interface = request->interface;
	flow->source = request->source;
	flow->target = request->target;
	flow->secret = *request->secret;
	status = open_socket(flow);
	if (status < 0) {
		free(flow);
		return status;
	}
	uv_timer_init(stamper->loop, &flow->timer);
	flow->poll.data = flow->timer.data = flow;
	flow->handles = 2;
	uv_poll_start(&flow->poll, UV_READABLE, on_poll);
	flow->next = stamper->first;
	stamper->first = flow;
	stamper->count++;
	*ret_flow = flow;
	return 0;
}

/* Makes room: the one made first that is not waiting for an answer. -ENOBUFS. */
static int drop_oldest(struct stamper *stamper)
{
	struct flow *oldest = NULL;

	if (stamper->count < FLOWS_MAX)
		return 0;
	for (struct flow *at = stamper->first; at; at = at->next)
		if (!is_flying(at))
			oldest = at;
	if (!oldest)
		return -ENOBUFS;
	close_flow(oldest);
	return 0;
}

static int find_flow(
	struct stamper *stamper, const struct probe_request *request, struct flow **ret_flow)
{
	int status;

	for (struct flow *at = stamper->first; at; at = at->next)
		if (is_of(at, request)) {
			*ret_flow = at;
			return 0;
		}
	status = drop_oldest(stamper);
	return status < 0 ? status : open_flow(stamper, request, ret_flow);
}

/* ---- asking */

static int depart(struct flow *flow, struct flight *flight)
{
	uint8_t packet[STAMP_PACKET_BYTES];
	uint64_t error_us = 0;
	int synchronised = clock_utc_synchronised(&error_us), status;
	union socket_address to;
	socklen_t length = socket_address_of(
		&flow->target.address, flow->target.port, flow->interface, &to);

	flight->sent = rtt_now();
	flight->question = (struct stamp_question){
		.sequence = flow->sequence,
		.sent = stamp_time(flight->sent.utc_ns),
		.error = stamp_error(synchronised, error_us),
		.identifier = flow->secret.identifier,
	};
	status = stamp_question_write(&flight->question, flow->secret.key, packet);
	if (status < 0)
		return status;
	if (sendto(flow->fd, packet, sizeof(packet), 0, &to.any, length) < 0)
		return -errno;
	flow->sequence++;
	return 0;
}

static enum refusal stamp_ask(void *prober, const struct probe_request *request)
{
	struct flight *flight;
	struct flow *flow;
	int status;

	if (!request->secret)
		return REFUSAL_OTHER;
	status = find_flow(prober, request, &flow);
	if (status < 0)
		return probe_refusal(-status);
	flight = &flow->flights[flow->sequence % FLIGHTS_MAX];
	if (flight->request.done)
		return REFUSAL_OTHER; /* more at a time than it can follow */
	status = depart(flow, flight);
	if (status < 0)
		return probe_refusal(-status);
	flight->request = *request;
	if (!uv_is_active((uv_handle_t *)&flow->timer))
		set_timer(flow);
	return REFUSAL_NONE;
}

/* ---- the type's functions */

static int stamp_open(uv_loop_t *loop, void **ret_prober, struct err *err)
{
	struct stamper *stamper = calloc(1, sizeof(*stamper));

	if (!stamper)
		return err_errno(err, -ENOMEM, "STAMP");
	stamper->loop = loop;
	*ret_prober = stamper;
	return 0;
}

static void stamp_forget(void *prober, const void *arg)
{
	struct stamper *stamper = prober;

	for (struct flow *flow = stamper->first; flow; flow = flow->next)
		for (size_t i = 0; i < FLIGHTS_MAX; i++)
			if (flow->flights[i].request.arg == arg)
				flow->flights[i].request.done = NULL;
}

static void stamp_close(void *prober)
{
	struct stamper *stamper = prober;

	if (!stamper)
		return;
	stamper->closing = true;
	while (stamper->first)
		close_flow(stamper->first);
	free_when_done(stamper);
}

const struct probe_type probe_stamp = {
	.kind = PROBE_STAMP,
	.name = "stamp",
	.has_port = true,
	.has_secret = true,
	.open = stamp_open,
	.ask = stamp_ask,
	.forget = stamp_forget,
	.close = stamp_close,
};
