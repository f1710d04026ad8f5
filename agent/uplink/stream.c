/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/uplink/stream.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>

#define HANDSHAKE_MS 10000 /* on a bad satellite link */
#define READ_BYTES (16 * 1024) /* a TLS record */

struct stream {
	struct stream_events events;
	enum stream_stage stage;
	bool ending;
	struct tls *tls;
	uv_tcp_t tcp;
	uv_timer_t timer;
	unsigned handles; /* that are not closed yet */
	uv_connect_t connect;
	unsigned connect_ms;
	bool writing; /* a chunk is with the kernel */
	char reason[ERR_TEXT_BYTES];
	int error;
	size_t stuck_bytes;
	bool heard; /* the other side said something */
	bool turned_away;
};

struct chunk { /* cipher bytes with the kernel */
	uv_write_t write;
	struct stream *stream;
	char bytes[];
};

/* ---- ending */

static void on_closed(uv_handle_t *handle)
{
	struct stream *stream = handle->data;
	const struct stream_end end = {
		.reason = stream->reason,
		.reached = stream->stage,
		.error = stream->error,
		.stuck_bytes = stream->stuck_bytes,
		.turned_away = stream->turned_away,
	};

	if (--stream->handles)
		return;
	stream->events.ended(stream->events.arg, &end);
	tls_free(stream->tls);
	free(stream);
}

static void send_cipher(struct stream *stream);

/* What the kernel still holds because the other side's kernel has not acknowledged it. */
static size_t count_stuck(const struct stream *stream)
{
	int held = 0;
	uv_os_fd_t fd;

	if (uv_fileno((const uv_handle_t *)&stream->tcp, &fd) < 0 ||
		ioctl(fd, SIOCOUTQ, &held) < 0 || held < 0)
		return 0;
	return (size_t)held;
}

void stream_end(struct stream *stream, int error, const char *reason)
{
	if (stream->ending)
		return;
	stream->error = error;
	if (stream->stage >= STREAM_HANDSHAKE)
		stream->stuck_bytes = count_stuck(stream);
	if (stream->stage == STREAM_READY)
		tls_shutdown(stream->tls);
	if (stream->stage >= STREAM_HANDSHAKE)
		send_cipher(stream); /* the alert that tells the collector why */
	stream->ending = true;
	snprintf(stream->reason, sizeof(stream->reason), "%s", reason);
	uv_close((uv_handle_t *)&stream->tcp, on_closed);
	uv_close((uv_handle_t *)&stream->timer, on_closed);
}

static void end_errno(struct stream *stream, const char *what, int status)
{
	char reason[160];

	snprintf(reason, sizeof(reason), "%s: %s", what, uv_strerror(status));
	stream_end(stream, status, reason);
}

bool stream_is_ending(const struct stream *stream)
{
	return stream->ending;
}

/* ---- writing */

static void on_written(uv_write_t *write, int status)
{
	struct chunk *chunk = (struct chunk *)write;
	struct stream *stream = chunk->stream;

	free(chunk);
	stream->writing = false;
	if (stream->ending)
		return;
	if (status < 0) {
		end_errno(stream, "connection lost", status);
		return;
	}
	send_cipher(stream);
	if (!stream->writing && stream->stage == STREAM_READY && !stream->ending)
		stream->events.writable(stream->events.arg);
}

/* What the kernel does not take at once waits in a chunk of its own: TLS's buffer may move. */
static void queue_chunk(struct stream *stream, struct buf *cipher)
{
	size_t length = buf_length(cipher);
	struct chunk *chunk = malloc(sizeof(*chunk) + length);
	uv_buf_t part;

	if (!chunk)
		return; /* the next write tries again */
	chunk->stream = stream;
	memcpy(chunk->bytes, buf_peek(cipher), length);
	part = uv_buf_init(chunk->bytes, (unsigned)length);
	if (uv_write(&chunk->write, (uv_stream_t *)&stream->tcp, &part, 1, on_written) < 0) {
		free(chunk);
		return;
	}
	stream->writing = true;
	buf_consume(cipher, length);
}

static void send_cipher(struct stream *stream)
{
	struct buf *cipher = tls_output(stream->tls);
	uv_buf_t part = uv_buf_init((char *)buf_peek(cipher), (unsigned)buf_length(cipher));
	int sent;

	if (stream->writing || !part.len)
		return;
	sent = uv_try_write((uv_stream_t *)&stream->tcp, &part, 1);
	if (sent > 0)
		buf_consume(cipher, (size_t)sent);
	if (buf_length(cipher) && (sent >= 0 || sent == UV_EAGAIN))
		queue_chunk(stream, cipher);
	buf_release(cipher);
}

void stream_send(struct stream *stream, struct buf *plain)
{
	size_t length = buf_length(plain);

	if (stream->stage != STREAM_READY || stream->ending)
		return;
	if (length && tls_write(stream->tls, buf_peek(plain), length) == 0)
		buf_done(plain);
	send_cipher(stream);
}

/* ---- reading */

static void read_plain(struct stream *stream)
{
	uint8_t *bytes = malloc(READ_BYTES);
	int length = -ENOMEM;
	struct err err;

	if (!bytes) {
		stream_end(stream, -ENOMEM, "out of memory");
		return;
	}
	while (!stream->ending && (length = tls_read(stream->tls, bytes, READ_BYTES, &err)) > 0)
		stream->events.plain(stream->events.arg, bytes, (size_t)length);
	free(bytes);
	if (stream->ending)
		return;
	if (length == -ENOTCONN)
		stream_end(stream, 0, "the collector closed the connection");
	else if (length < 0)
		stream_end(stream, -EPROTO, err.text);
}

static void tell_ready(struct stream *stream)
{
	struct sockaddr_storage own = {0};
	int length = sizeof(own);

	uv_tcp_getsockname(&stream->tcp, (struct sockaddr *)&own, &length);
	stream->stage = STREAM_READY;
	uv_timer_stop(&stream->timer);
	stream->events.ready(stream->events.arg, (struct sockaddr *)&own);
}

static void shake_hands(struct stream *stream)
{
	struct err err;
	int status = tls_handshake(stream->tls, &err);

	send_cipher(stream);
	if (status < 0)
		stream_end(stream, -EPROTO, err.text);
	else if (status > 0)
		tell_ready(stream);
}

static void take_cipher(struct stream *stream, const char *bytes, size_t length)
{
	stream->heard = true;
	if (tls_feed(stream->tls, bytes, length) < 0) {
		stream_end(stream, 0, "the collector sends faster than it can be read");
		return;
	}
	if (stream->stage == STREAM_HANDSHAKE)
		shake_hands(stream);
	if (stream->stage == STREAM_READY && !stream->ending)
		read_plain(stream);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_part)
{
	*ret_part = uv_buf_init(malloc(READ_BYTES), READ_BYTES);
	if (!ret_part->base)
		ret_part->len = 0;
}

static void on_read(uv_stream_t *handle, ssize_t length, const uv_buf_t *part)
{
	struct stream *stream = handle->data;

	if (!stream->ending) {
		stream->turned_away = !stream->heard &&
			(length == UV_EOF || length == UV_ECONNRESET);
		if (length > 0)
			take_cipher(stream, part->base, (size_t)length);
		else if (stream->turned_away)
			stream_end(stream, 0, "the collector has no room now");
		else if (length == UV_EOF)
			stream_end(stream, 0, "the collector closed the connection");
		else if (length < 0)
			end_errno(stream, "connection lost", (int)length);
	}
	free(part->base);
}

/* ---- connecting */

static void on_timer(uv_timer_t *timer)
{
	struct stream *stream = timer->data;
	char reason[64];

	snprintf(reason, sizeof(reason), "cannot connect: no answer for %u s",
		stream->connect_ms / 1000);
	stream_end(stream, -ETIMEDOUT,
		stream->stage == STREAM_CONNECTING ? reason
						   : "the TLS handshake took more than 10 s");
}

static void on_connect(uv_connect_t *connect, int status)
{
	struct stream *stream = connect->data;

	if (stream->ending)
		return;
	if (status < 0) {
		end_errno(stream, "cannot connect", status);
		return;
	}
	stream->stage = STREAM_HANDSHAKE;
	uv_timer_start(&stream->timer, on_timer, HANDSHAKE_MS, 0);
	uv_tcp_nodelay(&stream->tcp, 1);
	uv_read_start((uv_stream_t *)&stream->tcp, on_alloc, on_read);
	shake_hands(stream);
}

/* The socket is there before it connects: what TCP promises the other side is said at first. */
static int open_socket(struct stream *stream, const struct stream_settings *settings)
{
	int segment = (int)settings->segment_bytes, status;
	uv_os_fd_t fd;

	status = uv_tcp_init_ex(settings->loop, &stream->tcp, settings->to->sa_family);
	if (status < 0 || !segment)
		return status;
	if (uv_fileno((uv_handle_t *)&stream->tcp, &fd) == 0)
		setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof(segment));
	return 0;
}

int stream_new(const struct stream_settings *settings, const struct stream_events *events,
	struct stream **ret_stream)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	int status = -ENOMEM;

	if (!stream)
		return status;
	stream->events = *events;
	stream->connect_ms = settings->connect_ms;
	status = settings->renews ? tls_new_renewing(settings->tls, &stream->tls)
				  : tls_new(settings->tls, &stream->tls);
	if (status < 0)
		goto free_stream;
	status = open_socket(stream, settings);
	if (status < 0)
		goto free_stream;
	uv_timer_init(settings->loop, &stream->timer);
	stream->handles = 2;
	stream->tcp.data = stream->timer.data = stream->connect.data = stream;
	uv_timer_start(&stream->timer, on_timer, settings->connect_ms, 0);
	status = uv_tcp_connect(&stream->connect, &stream->tcp, settings->to, on_connect);
	if (status < 0)
		end_errno(stream, "cannot connect", status);
	*ret_stream = stream;
	return 0;
free_stream:
	tls_free(stream->tls);
	free(stream);
	return status;
}
