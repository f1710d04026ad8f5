/* SPDX-License-Identifier: Apache-2.0 */
#include "swarm/link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/backoff.h"
#include "common/log.h"

#define SOFTWARE "pantau-swarm " PANTAU_VERSION
#define READ_BYTES (16 * 1024)

struct link {
	struct link_settings settings;
	struct link_figures figures;
	struct sender *sender;
	struct tls *tls; /* of the connection that is there; NULL between two */
	struct buf out; /* frames to encrypt */
	uv_tcp_t tcp;
	uv_connect_t connect;
	uv_timer_t timer; /* the next try */
	struct backoff backoff;
	bool greeted, closing, writing;
	bool cut; /* on purpose: the next try is at once */
	bool held;
	bool heard; /* the collector said something on this connection */
	bool turned_away; /* it closed before that */
};

struct chunk {
	uv_write_t write;
	char bytes[];
};

static void on_try(uv_timer_t *timer);

static void free_link(uv_handle_t *handle)
{
	struct link *link = handle->data;

	sender_free(link->sender);
	tls_context_free(link->settings.tls);
	buf_done(&link->out);
	free(link);
}

static void on_closed(uv_handle_t *handle)
{
	struct link *link = handle->data;
	uint32_t random = (uint32_t)rand(), within_ms;

	tls_free(link->tls);
	link->tls = NULL;
	if (link->figures.open)
		backoff_widen(&link->backoff, sender_comeback_s(link->sender) * 1000);
	within_ms = link->turned_away ? sender_comeback_s(link->sender) * 1000 : 0;
	link->figures.open = link->writing = false;
	buf_clear(&link->out);
	if (link->closing)
		uv_close((uv_handle_t *)&link->timer, free_link);
	else if (link->held)
		return; /* link_hold() goes on */
	else if (link->cut)
		uv_timer_start(&link->timer, on_try, 0, 0);
	else
		uv_timer_start(&link->timer, on_try,
			backoff_next_within(&link->backoff, within_ms, random), 0);
}

static void end(struct link *link, const char *reason)
{
	if (uv_is_closing((uv_handle_t *)&link->tcp))
		return;
	log_debug("connection ended: %s", reason);
	uv_close((uv_handle_t *)&link->tcp, on_closed);
}

/* ---- writing */

static void flush(struct link *link);

static void on_written(uv_write_t *write, int status)
{
	struct link *link = write->handle->data;

	free(write);
	link->writing = false;
	if (status == 0)
		flush(link);
}

static void flush(struct link *link)
{
	size_t plain = buf_length(&link->out);
	struct chunk *chunk;
	struct buf *cipher;
	uv_buf_t part;

	if (link->writing || uv_is_closing((uv_handle_t *)&link->tcp))
		return;
	if (plain && tls_write(link->tls, buf_peek(&link->out), plain) == 0)
		buf_done(&link->out);
	cipher = tls_output(link->tls);
	chunk = buf_length(cipher) ? malloc(sizeof(*chunk) + buf_length(cipher)) : NULL;
	if (!chunk)
		return;
	memcpy(chunk->bytes, buf_peek(cipher), buf_length(cipher));
	part = uv_buf_init(chunk->bytes, (unsigned)buf_length(cipher));
	buf_done(cipher);
	link->writing = true;
	if (uv_write(&chunk->write, (uv_stream_t *)&link->tcp, &part, 1, on_written) < 0) {
		free(chunk);
		end(link, "cannot write");
	}
}

/* Another run begins with another greeting, when all before it is safe. */
static void begin_anew(struct link *link)
{
	if (sender_unacked(link->sender) == 0)
		link_cut(link);
}

void link_wake(struct link *link)
{
	int status;

	if (!link->figures.open)
		return;
	status = sender_pump(link->sender, &link->out);
	flush(link);
	if (status == -ESTALE)
		begin_anew(link);
	else if (status < 0)
		end(link, "a report could not be built");
}

/* ---- reading */

static int take_plain(struct link *link, struct err *err)
{
	const uint8_t *boot;
	uint64_t now_us = link->settings.clock(link->settings.arg, &boot);
	uint8_t bytes[READ_BYTES];
	int length, status = 0;

	while (status == 0 && (length = tls_read(link->tls, bytes, sizeof(bytes), err)) > 0)
		status = sender_feed(link->sender, bytes, (size_t)length, now_us, err);
	if (status == 0 && length < 0)
		status = length == -ENOTCONN ? err_set(err, length, "closed") : length;
	return status;
}

static void converse(struct link *link)
{
	struct err err;

	if (take_plain(link, &err) < 0) {
		end(link, err.text);
		return;
	}
	if (!link->figures.open && sender_welcomed(link->sender)) {
		link->figures.open = true;
		link->figures.sessions++;
		backoff_reset(&link->backoff);
	}
	link_wake(link);
}

static bool shake_hands(struct link *link)
{
	struct sender_greeting greeting = {.software = SOFTWARE, .wan = "wan"};
	struct err err;
	int status = tls_handshake(link->tls, &err);

	greeting.now_us = link->settings.clock(link->settings.arg, &greeting.boot);
	if (status > 0)
		status = sender_begin(link->sender, &greeting, &link->out) < 0
			? err_set(&err, -ENOMEM, "no greeting")
			: 1;
	flush(link);
	if (status < 0)
		end(link, err.text);
	return status > 0;
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_part)
{
	*ret_part = uv_buf_init(malloc(READ_BYTES), READ_BYTES);
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *part)
{
	struct link *link = stream->data;

	link->turned_away = length < 0 && !link->heard;
	if (length < 0 || (length > 0 && tls_feed(link->tls, part->base, (size_t)length) < 0)) {
		end(link, "connection lost");
	} else if (length > 0) {
		link->heard = true;
		if (!link->greeted)
			link->greeted = shake_hands(link);
		if (link->greeted)
			converse(link);
	}
	free(part->base);
}

/* ---- connecting */

static void on_connect(uv_connect_t *connect, int status)
{
	struct link *link = connect->data;

	if (status < 0) {
		end(link, uv_strerror(status));
		return;
	}
	uv_tcp_nodelay(&link->tcp, 1);
	uv_read_start((uv_stream_t *)&link->tcp, on_alloc, on_read);
	shake_hands(link);
}

static int bind_from(struct link *link)
{
	struct sockaddr_in from = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(link->settings.from)};

	return link->settings.from ? uv_tcp_bind(&link->tcp, (struct sockaddr *)&from, 0) : 0;
}

static void on_try(uv_timer_t *timer)
{
	struct link *link = timer->data;

	uv_tcp_init(link->settings.loop, &link->tcp);
	link->tcp.data = link;
	link->greeted = link->cut = link->heard = link->turned_away = false;
	if (tls_new(link->settings.tls, &link->tls) < 0 || bind_from(link) < 0 ||
		uv_tcp_connect(&link->connect, &link->tcp, (struct sockaddr *)&link->settings.to,
			on_connect) < 0)
		end(link, "cannot connect");
}

/* ---- life */

static void on_time(void *arg, const struct time_answer *answer, uint64_t now_us)
{
	struct link *link = arg;

	link->settings.time(link->settings.arg, answer, now_us);
}

static void on_rejected(void *arg, struct record_key key, int code, const char *text)
{
	struct link *link = arg;

	link->figures.rejected++;
	log_warn("record %u was rejected (%d): %s", key.sequence, code, text);
}

static void on_refused(void *arg, int code, const char *text)
{
	log_warn("refused (%d): %s", code, text);
}

int link_new(const struct link_settings *settings, struct link **ret_link)
{
	struct link *link = calloc(1, sizeof(*link));
	const struct sender_events events = {
		.arg = link, .time = on_time, .rejected = on_rejected, .refused = on_refused};
	int status = -ENOMEM;

	if (link)
		status = sender_new(&settings->source, &events, &link->sender);
	if (status < 0) {
		free(link);
		return status;
	}
	link->settings = *settings;
	buf_init(&link->out, 2 * UNACKED_MAX_BYTES);
	backoff_init(&link->backoff, 1000, 30000);
	uv_timer_init(settings->loop, &link->timer);
	link->timer.data = link->connect.data = link;
	uv_timer_start(&link->timer, on_try, 0, 0);
	*ret_link = link;
	return 0;
}

struct link_figures link_figures(const struct link *link)
{
	return link->figures;
}

void link_cut(struct link *link)
{
	link->cut = true;
	if (link->tls)
		end(link, "cut");
	else if (!link->held)
		uv_timer_start(&link->timer, on_try, 0, 0);
}

void link_hold(struct link *link, bool held)
{
	if (held == link->held)
		return;
	link->held = held;
	if (held)
		uv_timer_stop(&link->timer);
	if (held && link->tls)
		end(link, "held");
	else if (!held && !link->tls)
		uv_timer_start(&link->timer, on_try, 0, 0);
	link->cut = !held; /* an old connection that is just ending */
}

bool link_is_held(const struct link *link)
{
	return link->held;
}

void link_close(struct link *link)
{
	bool connected = link->tls != NULL;

	link->closing = true;
	uv_timer_stop(&link->timer);
	if (connected)
		end(link, "stopping");
	else
		uv_close((uv_handle_t *)&link->timer, free_link);
}
