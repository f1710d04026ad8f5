/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "proto/limits.h"

#define SETUP_MS 10000 /* for each of connecting, the handshake and WELCOME: a bad satellite link */
#define CHECK_MS 5000 /* how often an open session looks at what it waits for */
#define SILENCE_MS 30000 /* no byte for this long while an answer is due: it is dead */
#define PROBE_MS 15000 /* no byte for this long: ask whether it lives */
#define ACK_MS 300000 /* it lives, but does not acknowledge (its disk is full): try anew */
#define PING_MS (900 * 1000) /* now and then, for the time and for what stands between */
#define READ_BYTES (16 * 1024) /* a TLS record */
#define OUT_BYTES (2 * UNACKED_MAX_BYTES) /* frames not encrypted yet: a window and its envelopes */

enum state { STATE_CONNECTING, STATE_HANDSHAKE, STATE_GREETING, STATE_OPEN, STATE_ENDING };

struct session {
	uv_loop_t *loop;
	struct sender *sender;
	const char *software;
	const uint8_t *boot;
	struct session_events events;
	enum state state;
	struct tls *tls;
	uv_tcp_t tcp;
	uv_timer_t timer;
	unsigned handles; /* that are not closed yet */
	uv_connect_t connect;
	struct buf out; /* frames to encrypt */
	bool writing; /* a chunk is with the kernel */
	uint64_t heard_ms; /* the last byte from the collector */
	uint64_t asked_ms; /* since when an answer is due; 0: none is */
	uint64_t acked_ms; /* the last progress while records were in flight */
	uint64_t sent_ms; /* the first record in flight left */
	uint64_t pinged_ms;
	size_t acked; /* in flight together, acknowledged so far */
	char reason[ERR_TEXT_BYTES];
};

struct chunk { /* cipher bytes with the kernel */
	uv_write_t write;
	struct session *session;
	char bytes[];
};

/* ---- ending */

static void on_closed(uv_handle_t *handle)
{
	struct session *session = handle->data;

	if (--session->handles)
		return;
	session->events.ended(session->events.arg, session->reason);
	tls_free(session->tls);
	buf_done(&session->out);
	free(session);
}

static void send_cipher(struct session *session);

void session_end(struct session *session, const char *reason)
{
	if (session->state == STATE_ENDING)
		return;
	if (session->state == STATE_OPEN)
		tls_shutdown(session->tls);
	if (session->state >= STATE_HANDSHAKE && !session->writing)
		send_cipher(session); /* the alert that tells the collector why */
	session->state = STATE_ENDING;
	snprintf(session->reason, sizeof(session->reason), "%s", reason);
	uv_close((uv_handle_t *)&session->tcp, on_closed);
	uv_close((uv_handle_t *)&session->timer, on_closed);
}

static void end_errno(struct session *session, const char *what, int status)
{
	char reason[160];

	snprintf(reason, sizeof(reason), "%s: %s", what, uv_strerror(status));
	session_end(session, reason);
}

/* ---- writing */

static void on_written(uv_write_t *write, int status)
{
	struct chunk *chunk = (struct chunk *)write;
	struct session *session = chunk->session;

	free(chunk);
	session->writing = false;
	if (session->state == STATE_ENDING)
		return;
	if (status < 0)
		end_errno(session, "sending", status);
	else
		session_pump(session);
}

/* What the kernel does not take at once waits in a chunk of its own: TLS's buffer may move. */
static void queue_chunk(struct session *session, struct buf *cipher)
{
	size_t length = buf_length(cipher);
	struct chunk *chunk = malloc(sizeof(*chunk) + length);
	uv_buf_t part;

	if (!chunk)
		return; /* the next write tries again */
	chunk->session = session;
	memcpy(chunk->bytes, buf_peek(cipher), length);
	part = uv_buf_init(chunk->bytes, (unsigned)length);
	if (uv_write(&chunk->write, (uv_stream_t *)&session->tcp, &part, 1, on_written) < 0) {
		free(chunk);
		return;
	}
	session->writing = true;
	buf_consume(cipher, length);
}

static void send_cipher(struct session *session)
{
	struct buf *cipher = tls_output(session->tls);
	uv_buf_t part = uv_buf_init((char *)buf_peek(cipher), (unsigned)buf_length(cipher));
	int sent;

	if (session->writing || !part.len)
		return;
	sent = uv_try_write((uv_stream_t *)&session->tcp, &part, 1);
	if (sent > 0)
		buf_consume(cipher, (size_t)sent);
	if (buf_length(cipher) && (sent >= 0 || sent == UV_EAGAIN))
		queue_chunk(session, cipher);
	buf_release(cipher);
}

/* Encrypts and sends what waits; what does not fit waits on. */
static void flush(struct session *session)
{
	size_t length = buf_length(&session->out);

	if (length && tls_write(session->tls, buf_peek(&session->out), length) == 0)
		buf_done(&session->out);
	send_cipher(session);
}

/* ---- the conversation */

static uint64_t now_ms(const struct session *session)
{
	return uv_now(session->loop);
}

static void note_asked(struct session *session)
{
	if (!session->asked_ms)
		session->asked_ms = now_ms(session);
}

void session_pump(struct session *session)
{
	size_t before = sender_unacked(session->sender);
	int status;

	if (session->state != STATE_OPEN) {
		if (session->state != STATE_ENDING && session->state != STATE_CONNECTING)
			flush(session);
		return;
	}
	status = sender_pump(session->sender, &session->out);
	if (before == 0 && sender_unacked(session->sender)) {
		session->sent_ms = session->acked_ms = now_ms(session);
		session->acked = 0;
	}
	if (sender_unacked(session->sender))
		note_asked(session);
	flush(session);
	if (status == -ESTALE)
		session_end(session, "a new run began");
	else if (status < 0)
		end_errno(session, "building a report", status);
}

static void ping(struct session *session)
{
	if (sender_ping(session->sender, clock_boot_us(), &session->out) < 0)
		return;
	session->pinged_ms = now_ms(session);
	note_asked(session);
	flush(session);
}

/* Looks at what is due: called every CHECK_MS while the session is open. */
static void check(struct session *session)
{
	uint64_t now = now_ms(session);
	uint64_t since = session->heard_ms > session->asked_ms ? session->heard_ms
							       : session->asked_ms;
	bool due = session->asked_ms != 0;

	if (due && now - since >= SILENCE_MS)
		session_end(session, "the collector has not answered for 30 s");
	else if (sender_unacked(session->sender) && now - session->acked_ms >= ACK_MS)
		session_end(session, "the collector has not acknowledged anything for 300 s");
	else if (now - session->pinged_ms >= PING_MS ||
		(due && now - since >= PROBE_MS && now - session->pinged_ms >= PROBE_MS))
		ping(session);
}

/* Bytes came: what is still due is due from now on. */
static void note_heard(struct session *session, size_t unacked_before)
{
	size_t unacked = sender_unacked(session->sender);

	session->heard_ms = now_ms(session);
	session->asked_ms = unacked ? session->heard_ms : 0;
	if (unacked >= unacked_before)
		return;
	session->acked_ms = session->heard_ms;
	session->acked += unacked_before - unacked;
	session_pump(session);
	if (session->state == STATE_OPEN && sender_unacked(session->sender) == 0)
		session->events.acked(
			session->events.arg, session->acked, session->heard_ms - session->sent_ms);
}

static void take_plain(struct session *session, const uint8_t *bytes, size_t length)
{
	size_t unacked = sender_unacked(session->sender);
	struct err err;

	if (sender_feed(session->sender, bytes, length, clock_boot_us(), &err) < 0) {
		session_end(session, err.text);
		return;
	}
	if (session->state == STATE_GREETING && sender_welcomed(session->sender)) {
		session->state = STATE_OPEN;
		session->pinged_ms = now_ms(session);
		uv_timer_set_repeat(&session->timer, CHECK_MS);
		uv_timer_again(&session->timer);
		session->events.opened(session->events.arg);
		session_pump(session);
	}
	note_heard(session, unacked);
}

static void read_plain(struct session *session)
{
	uint8_t *bytes = malloc(READ_BYTES);
	struct err err;
	int length = -ENOMEM;

	if (!bytes) {
		session_end(session, "out of memory");
		return;
	}
	while (session->state != STATE_ENDING &&
		(length = tls_read(session->tls, bytes, READ_BYTES, &err)) > 0)
		take_plain(session, bytes, (size_t)length);
	free(bytes);
	if (session->state == STATE_ENDING)
		return;
	if (length == -ENOTCONN)
		session_end(session, "the collector closed the connection");
	else if (length < 0)
		session_end(session, err.text);
}

/* The name of the WAN by which the connection leaves. */
static const char *find_wan(const struct session *session)
{
	struct sockaddr_storage own;
	int length = sizeof(own);

	if (uv_tcp_getsockname(&session->tcp, (struct sockaddr *)&own, &length) < 0)
		return "";
	return session->events.wan_of(session->events.arg, (struct sockaddr *)&own);
}

static void greet(struct session *session)
{
	int status = sender_begin(session->sender, session->software, session->boot,
		find_wan(session), clock_boot_us(), &session->out);

	if (status < 0) {
		end_errno(session, "greeting", status);
		return;
	}
	session->state = STATE_GREETING;
	uv_timer_again(&session->timer);
	flush(session);
}

static void shake_hands(struct session *session)
{
	struct err err;
	int status = tls_handshake(session->tls, &err);

	send_cipher(session);
	if (status < 0)
		session_end(session, err.text);
	else if (status > 0)
		greet(session);
}

/* ---- the connection */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_part)
{
	*ret_part = uv_buf_init(malloc(READ_BYTES), READ_BYTES);
	if (!ret_part->base)
		ret_part->len = 0;
}

static void take_cipher(struct session *session, const char *bytes, size_t length)
{
	if (tls_feed(session->tls, bytes, length) < 0) {
		session_end(session, "the collector sends faster than it can be read");
		return;
	}
	if (session->state == STATE_HANDSHAKE)
		shake_hands(session);
	if (session->state == STATE_GREETING || session->state == STATE_OPEN)
		read_plain(session);
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *part)
{
	struct session *session = stream->data;

	if (session->state != STATE_ENDING) {
		if (length > 0)
			take_cipher(session, part->base, (size_t)length);
		else if (length == UV_EOF)
			session_end(session, "the collector closed the connection");
		else if (length < 0)
			end_errno(session, "connection lost", (int)length);
	}
	free(part->base);
}

static void on_connect(uv_connect_t *connect, int status)
{
	struct session *session = connect->data;

	if (session->state == STATE_ENDING)
		return;
	if (status < 0) {
		end_errno(session, "cannot connect", status);
		return;
	}
	session->state = STATE_HANDSHAKE;
	uv_timer_again(&session->timer);
	uv_tcp_nodelay(&session->tcp, 1);
	uv_read_start((uv_stream_t *)&session->tcp, on_alloc, on_read);
	shake_hands(session);
}

static void on_timer(uv_timer_t *timer)
{
	static const char *const late[] = {
		[STATE_CONNECTING] = "cannot connect: no answer for 10 s",
		[STATE_HANDSHAKE] = "the TLS handshake took more than 10 s",
		[STATE_GREETING] = "no WELCOME for 10 s",
	};
	struct session *session = timer->data;

	if (session->state == STATE_OPEN)
		check(session);
	else if (session->state != STATE_ENDING)
		session_end(session, late[session->state]);
}

int session_new(const struct session_settings *settings, const struct session_events *events,
	const struct sockaddr *to, struct session **ret_session)
{
	struct session *session = calloc(1, sizeof(*session));
	int status = -ENOMEM;

	if (!session)
		return status;
	session->loop = settings->loop;
	session->sender = settings->sender;
	session->software = settings->software;
	session->boot = settings->boot;
	session->events = *events;
	buf_init(&session->out, OUT_BYTES);
	status = tls_new(settings->tls, &session->tls);
	if (status < 0)
		goto free_session;
	uv_tcp_init(session->loop, &session->tcp);
	uv_timer_init(session->loop, &session->timer);
	session->handles = 2;
	session->tcp.data = session->timer.data = session->connect.data = session;
	uv_timer_start(&session->timer, on_timer, SETUP_MS, SETUP_MS);
	status = uv_tcp_connect(&session->connect, &session->tcp, to, on_connect);
	if (status < 0)
		end_errno(session, "cannot connect", status);
	*ret_session = session;
	return 0;
free_session:
	free(session);
	return status;
}

bool session_is_open(const struct session *session)
{
	return session->state == STATE_OPEN;
}
