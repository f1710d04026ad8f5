/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/fail.h"
#include "tests/sim/router_private.h"

#define S 1000000ULL
#define PROVEN_US (60 * S) /* a session that lasts so long ends the waiting between sessions */
#define PING_US (17 * 60 * S)
#define BACKOFF_MIN_MS 1000
#define BACKOFF_MAX_MS 300000

void router_end_session(struct router *router, uint64_t now_us)
{
	if (router->connected)
		wire_cut(router->wire);
	if (now_us >= router->proven_us)
		backoff_reset(&router->backoff);
	router->proven_us = ROUTER_NEVER;
	router->connected = false;
	router->dial_us = now_us +
		1000ULL * backoff_next(&router->backoff, (uint32_t)draw_bits(router->draw));
}

static void speak(struct router *router, uint64_t now_us)
{
	wire_send(router->wire, WIRE_TO_COLLECTOR, &router->out, now_us);
}

static void pump(struct router *router, uint64_t now_us)
{
	router->has_news = false;
	router->report_us = now_us + router->settings.report_every_us;
	if (sender_pump(router->sender, &router->out) < 0)
		router_end_session(router, now_us);
	else
		speak(router, now_us);
}

static void dial(struct router *router, uint64_t now_us)
{
	const struct sender_greeting greeting = {
		.software = "sim 1",
		.wan = "wan",
		.boot = router->boot,
		.now_us = router_mono(router, now_us),
	};

	if (!router->events.dial(router->events.arg)) {
		router_end_session(router, now_us);
		return;
	}
	router->connected = true;
	router->dial_us = ROUTER_NEVER;
	router->ping_us = now_us + PING_US;
	buf_clear(&router->out);
	if (sender_begin(router->sender, &greeting, &router->out) < 0)
		sim_fail(router->draw->seed, "sender_begin");
	speak(router, now_us);
}

static void listen(struct router *router, uint64_t now_us)
{
	const uint8_t *bytes;
	size_t length;
	struct err err;

	while (router->connected &&
		(length = wire_take(router->wire, WIRE_TO_AGENT, now_us, &bytes)) > 0) {
		bool welcomed = sender_welcomed(router->sender);

		if (sender_feed(router->sender, bytes, length, router_mono(router, now_us), &err) <
			0) {
			router_end_session(router, now_us);
			return;
		}
		if (!welcomed && sender_welcomed(router->sender))
			router->proven_us = now_us + PROVEN_US;
		/* there may be more to send than there was room for */
		if (sender_unacked(router->sender) < spool_figures(router->spool).waiting)
			router->has_news = true;
	}
}

static void ping(struct router *router, uint64_t now_us)
{
	router->ping_us = now_us + PING_US;
	if (sender_welcomed(router->sender) &&
		sender_ping(router->sender, router_mono(router, now_us), &router->out) == 0)
		speak(router, now_us);
}

void router_talk(struct router *router, uint64_t now_us)
{
	if (!router->connected && now_us >= router->dial_us)
		dial(router, now_us);
	if (router->connected && now_us >= router->ping_us)
		ping(router, now_us);
	listen(router, now_us);
	if (router->connected && router->has_news && now_us >= router->report_us)
		pump(router, now_us);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t router_talk_due(const struct router *router)
{
	uint64_t due_us = router->dial_us;

	if (!router->connected)
		return due_us;
	due_us = earlier(router->ping_us, wire_due(router->wire, WIRE_TO_AGENT));
	return router->has_news && sender_welcomed(router->sender)
		? earlier(due_us, router->report_us)
		: due_us;
}

/* ---- what the sender tells and asks */

static void take_time(void *arg, const struct time_answer *answer, uint64_t now_mono_us)
{
	struct router *router = arg;
	struct anchor anchor;

	if (anchor_from_answer(answer, now_mono_us, router->boot, &anchor) == 0)
		router_offer_anchor(router, &anchor);
}

static void take_rejected(void *arg, struct record_key key, int code, const char *text)
{
	struct router *router = arg;

	sim_fail(router->draw->seed, "run %u, %u was rejected: %s", key.run, key.sequence, text);
}

static void take_refused(void *arg, int code, const char *text)
{
	struct router *router = arg;

	if (code != REFUSE_BUSY && code != REFUSE_REPLACED)
		sim_fail(router->draw->seed, "the agent was refused: %s", text);
}

/* The spool, with an ear on what it is told. */
static void hear_acked(void *arg, uint32_t run, uint32_t up_to)
{
	struct router *router = arg;

	router->source.acked(router->source.arg, run, up_to);
	router->events.acked(router->events.arg, run, up_to);
}

static size_t hear_runs(void *arg, struct held_run *ret_runs)
{
	struct router *router = arg;

	return router->source.runs(router->source.arg, ret_runs);
}

static void hear_rewind(void *arg)
{
	struct router *router = arg;

	router->source.rewind(router->source.arg);
}

static int hear_next(void *arg, struct entry *ret_entry)
{
	struct router *router = arg;

	return router->source.next(router->source.arg, ret_entry);
}

void router_talk_begin(struct router *router, uint64_t now_us)
{
	struct sender_source source = {router, hear_runs, hear_rewind, hear_next, hear_acked};
	struct sender_events events = {router, take_time, take_rejected, take_refused};

	router->source = spool_source(router->spool);
	if (sender_new(&source, &events, &router->sender) < 0)
		sim_fail(router->draw->seed, "no memory");
	backoff_init(&router->backoff, BACKOFF_MIN_MS, BACKOFF_MAX_MS);
	router->connected = false;
	router->dial_us = router->report_us = now_us;
	router->proven_us = ROUTER_NEVER;
}
