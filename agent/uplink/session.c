/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/uplink/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "proto/limits.h"

#define WELCOME_MS 10000 /* as long as the other steps of setting up */
#define CHECK_MS 5000 /* how often an open session looks at what it waits for */
#define PROBE_MS 15000 /* no byte for this long while an answer is due: ask if it lives */
#define SILENCE_MS 30000 /* and for this long: it is dead */
#define ACK_MS 300000 /* it lives, but does not acknowledge (its disk is full): try anew */
#define PING_MS (900 * 1000) /* now and then, for the time and for what stands between */
#define OUT_BYTES (2 * UNACKED_MAX_BYTES) /* frames to encrypt: a window and its envelopes */

enum state { STATE_SETUP, STATE_GREETING, STATE_OPEN };

struct session {
	struct session_settings settings;
	struct session_events events;
	enum state state;
	struct stream *stream; /* NULL once it has ended */
	uv_timer_t timer;
	bool by_us; /* the end is */
	struct session_end end;
	char reason[ERR_TEXT_BYTES]; /* of the end */
	struct buf out; /* frames to encrypt */
	uint64_t heard_ms; /* the last byte from the collector */
	uint64_t asked_ms; /* since when an answer is due; 0: none is */
	uint64_t idle_ms; /* nobody had said anything for so long before that was asked */
	uint64_t acked_ms; /* the last progress while records were in flight */
	uint64_t sent_ms; /* the first record left since nothing was in flight */
	uint64_t pinged_ms;
	uint64_t said_ms; /* the last record or ping */
	size_t acked; /* since nothing was in flight */
};

static uint64_t now_ms(const struct session *session)
{
	return uv_now(session->settings.loop);
}

static size_t unacked(const struct session *session)
{
	return sender_unacked(session->settings.sender);
}

/* ---- ending: first the stream, then the timer, then the session */

static void on_timer_closed(uv_handle_t *handle)
{
	struct session *session = handle->data;

	session->events.ended(session->events.arg, &session->end);
	buf_done(&session->out);
	free(session);
}

/* Since when nobody has said anything. */
static uint64_t quiet_since_ms(const struct session *session)
{
	return session->said_ms > session->heard_ms ? session->said_ms : session->heard_ms;
}

static void on_ended(void *arg, const struct stream_end *end)
{
	struct session *session = arg;

	session->stream = NULL;
	snprintf(session->reason, sizeof(session->reason), "%s", end->reason);
	session->end.stream = *end;
	session->end.stream.reason = session->reason;
	session->end.opened = session->state == STATE_OPEN;
	if (!session->by_us)
		session->end.idle_ms = session->asked_ms
			? session->idle_ms
			: now_ms(session) - quiet_since_ms(session);
	uv_close((uv_handle_t *)&session->timer, on_timer_closed);
}

static void give_up(struct session *session, int error, const char *reason)
{
	if (session->stream)
		stream_end(session->stream, error, reason);
}

void session_end(struct session *session, const char *reason)
{
	session->by_us = true;
	give_up(session, 0, reason);
}

static bool is_ending(const struct session *session)
{
	return !session->stream || stream_is_ending(session->stream);
}

bool session_is_open(const struct session *session)
{
	return session->state == STATE_OPEN && !is_ending(session);
}

/* ---- speaking */

static void note_asked(struct session *session)
{
	if (session->asked_ms)
		return;
	session->asked_ms = now_ms(session);
	session->idle_ms = session->asked_ms - quiet_since_ms(session);
}

void session_pump(struct session *session)
{
	size_t before = unacked(session);
	int status;

	if (!session_is_open(session))
		return;
	status = sender_pump(session->settings.sender, &session->out);
	if (before == 0 && unacked(session)) {
		session->acked_ms = now_ms(session);
		if (!session->acked)
			session->sent_ms = session->acked_ms;
	}
	if (unacked(session))
		note_asked(session);
	if (unacked(session) != before)
		session->said_ms = now_ms(session);
	stream_send(session->stream, &session->out);
	if (status == -ESTALE)
		session_end(session, "a new run began");
	else if (status < 0)
		session_end(session, "a report could not be built");
}

static void on_writable(void *arg)
{
	session_pump(arg);
}

void session_ping(struct session *session)
{
	if (!session_is_open(session))
		return;
	if (sender_ping(session->settings.sender, clock_boot_us(), &session->out) < 0)
		return;
	note_asked(session);
	session->pinged_ms = session->said_ms = now_ms(session);
	stream_send(session->stream, &session->out);
}

/* No answer is due: a collector that knows no leases gives none. */
int session_lease_request(struct session *session, uint32_t number, const char *wan)
{
	int status = -ENOTCONN;

	if (session_is_open(session))
		status = sender_lease_request(session->settings.sender, number, wan, &session->out);
	if (status == 0)
		stream_send(session->stream, &session->out);
	return status;
}

int session_lease_return(struct session *session, uint32_t number)
{
	int status = -ENOTCONN;

	if (session_is_open(session))
		status = sender_lease_return(session->settings.sender, number, &session->out);
	if (status == 0)
		stream_send(session->stream, &session->out);
	return status;
}

void session_tell_following(struct session *session)
{
	const struct session_following *now = session->settings.following;
	const struct sender_following following = {now->version, now->refused, now->trouble};

	if (session_is_open(session) &&
		sender_following(session->settings.sender, &following, &session->out) == 0)
		stream_send(session->stream, &session->out);
}

static void on_ready(void *arg, const struct sockaddr *own)
{
	struct session *session = arg;
	const struct session_settings *settings = &session->settings;
	const struct sender_greeting greeting = {
		.software = settings->software,
		.wan = session->events.wan_of(session->events.arg, own),
		.boot = settings->boot,
		.now_us = clock_boot_us(),
		.configuration = settings->following->version,
		.configuration_refused = settings->following->refused,
		.configuration_trouble = settings->following->trouble,
	};

	if (sender_begin(settings->sender, &greeting, &session->out) < 0) {
		session_end(session, "the greeting could not be built");
		return;
	}
	session->state = STATE_GREETING;
	uv_timer_again(&session->timer);
	stream_send(session->stream, &session->out);
}

/* ---- listening */

static void open_session(struct session *session)
{
	session->state = STATE_OPEN;
	session->pinged_ms = session->said_ms = session->heard_ms = now_ms(session);
	session->asked_ms = 0;
	uv_timer_set_repeat(&session->timer, CHECK_MS);
	uv_timer_again(&session->timer);
	session->events.opened(session->events.arg);
	session_pump(session);
}

/* Bytes came: what is still due is due from now on. */
static void note_heard(struct session *session, size_t unacked_before)
{
	size_t left = unacked(session);

	if (session->asked_ms && session_is_open(session))
		keepalive_survived(session->settings.keepalive, session->idle_ms);
	session->heard_ms = now_ms(session);
	if (session_is_open(session))
		session->events.heard(session->events.arg);
	session->idle_ms = 0;
	session->asked_ms = left ? session->heard_ms : 0;
	if (left >= unacked_before)
		return;
	session->acked_ms = session->heard_ms;
	session->acked += unacked_before - left;
	session_pump(session); /* there is room in the window */
	if (unacked(session))
		return; /* more followed: told of when all of it is safe */
	session->events.acked(
		session->events.arg, session->acked, session->heard_ms - session->sent_ms);
	session->acked = 0;
}

static void on_plain(void *arg, const uint8_t *bytes, size_t length)
{
	struct session *session = arg;
	size_t before = unacked(session);
	struct err err;

	if (sender_feed(session->settings.sender, bytes, length, clock_boot_us(), &err) < 0) {
		session_end(session, err.text);
		return;
	}
	if (session->state == STATE_GREETING && sender_welcomed(session->settings.sender))
		open_session(session);
	note_heard(session, before);
}

/* Looks at what is due: called every CHECK_MS while the session is open. */
static void check(struct session *session)
{
	uint64_t now = now_ms(session);
	uint64_t asked = session->asked_ms, heard = session->heard_ms;
	uint64_t silent = asked ? now - (asked > heard ? asked : heard) : 0;
	uint64_t since_ping = now - session->pinged_ms;
	uint64_t idle_ms = keepalive_idle_ms(session->settings.keepalive);

	if (silent >= SILENCE_MS)
		give_up(session, -ETIMEDOUT, "the collector has not answered for 30 s");
	else if (unacked(session) && now - session->acked_ms >= ACK_MS)
		session_end(session, "the collector has not acknowledged anything for 300 s");
	else if (since_ping >= PING_MS || now - quiet_since_ms(session) >= idle_ms ||
		(silent >= PROBE_MS && since_ping >= PROBE_MS))
		session_ping(session);
}

static void on_timer(uv_timer_t *timer)
{
	struct session *session = timer->data;

	if (session->state == STATE_OPEN)
		check(session);
	else if (session->state == STATE_GREETING)
		give_up(session, -ETIMEDOUT, "no WELCOME for 10 s");
}

/* ---- life */

int session_new(const struct session_settings *settings, const struct session_events *events,
	struct session **ret_session)
{
	struct session *session = calloc(1, sizeof(*session));
	const struct stream_settings stream_settings = {
		.loop = settings->loop,
		.tls = settings->tls,
		.to = settings->to,
		.connect_ms = settings->connect_ms,
		.segment_bytes = settings->segment_bytes,
	};
	struct stream_events stream = {
		.ready = on_ready, .plain = on_plain, .writable = on_writable, .ended = on_ended};
	int status;

	if (!session)
		return -ENOMEM;
	session->settings = *settings;
	session->events = *events;
	buf_init(&session->out, OUT_BYTES);
	stream.arg = session;
	status = stream_new(&stream_settings, &stream, &session->stream);
	if (status < 0) {
		free(session);
		return status;
	}
	uv_timer_init(settings->loop, &session->timer);
	session->timer.data = session;
	uv_timer_start(&session->timer, on_timer, WELCOME_MS, WELCOME_MS);
	*ret_session = session;
	return 0;
}
