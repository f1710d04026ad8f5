/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Bytes that the socket did not take at once, on their way. */
struct departure {
	uv_write_t request;
	uint8_t bytes[];
};

/* ---- the end */

static void on_closed(uv_handle_t *handle)
{
	struct stream *stream = handle->data;

	stream->shared->held -= stream->counted;
	tls_free(stream->tls);
	stream->tls = NULL;
	stream->shared->events->closed(stream);
}

static void leave_queue(struct stream *stream)
{
	if (!stream->queue)
		return;
	TAILQ_REMOVE(stream->queue, stream, place);
	stream->queue = NULL;
	stream->shared->queued--;
}

void stream_close(struct stream *stream)
{
	if (stream->state == STREAM_CLOSING)
		return;
	stream->state = STREAM_CLOSING;
	leave_queue(stream);
	uv_close((uv_handle_t *)&stream->tcp, on_closed);
}

static void on_shutdown(uv_shutdown_t *request, int status)
{
	free(request);
}

/* FIN behind everything that was sent; the peer's own FIN then closes. */
static void shut(struct stream *stream)
{
	uv_shutdown_t *request;

	if (stream->shut)
		return;
	stream->shut = true;
	request = malloc(sizeof(*request));
	if (request && uv_shutdown(request, (uv_stream_t *)&stream->tcp, on_shutdown) == 0)
		return;
	free(request);
	stream_close(stream);
}

static void fail(struct stream *stream, bool orderly, const struct err *err)
{
	if (stream->state != STREAM_ENDING && stream->state != STREAM_CLOSING)
		stream->shared->events->failed(stream, orderly, err);
}

static void lose(struct stream *stream, int code, const char *words)
{
	struct err err;

	err_set(&err, code, "%s", words);
	fail(stream, false, &err);
	stream_close(stream);
}

/* ---- what it holds */

static void count_held(struct stream *stream)
{
	size_t held = tls_held(stream->tls) + stream->departing +
		stream->shared->events->held(stream);

	stream->shared->held += held - stream->counted;
	stream->counted = held;
}

/* All together hold as much as they may, and this one is among those who do: it may come again. */
static void let_go_if_too_much(struct stream *stream)
{
	const struct stream_shared *shared = stream->shared;

	if (stream->state >= STREAM_ENDING)
		return;
	count_held(stream);
	if (shared->held > shared->held_max && stream->counted > STREAM_HELD_FEW)
		lose(stream, -ENOBUFS, "all connections hold as much memory as they may");
}

/* ---- out */

static void on_written(uv_write_t *request, int status)
{
	struct stream *stream = request->data;

	free(request); /* first in its departure */
	stream->writing = false;
	stream->departing = 0;
	if (stream->state == STREAM_CLOSING)
		return;
	if (status < 0) {
		stream_close(stream);
		return;
	}
	stream_flush(stream);
}

/* Hands the rest of the output to libuv, in a copy: the engine's buffer moves. */
static int depart(struct stream *stream, struct buf *out)
{
	size_t length = buf_length(out);
	struct departure *departure = malloc(sizeof(*departure) + length);
	uv_buf_t bytes;
	int r;

	if (!departure)
		return -ENOMEM;
	memcpy(departure->bytes, buf_peek(out), length);
	bytes = uv_buf_init((char *)departure->bytes, (unsigned)length);
	departure->request.data = stream;
	r = uv_write(&departure->request, (uv_stream_t *)&stream->tcp, &bytes, 1, on_written);
	if (r < 0) {
		free(departure);
		return r;
	}
	buf_consume(out, length);
	stream->writing = true;
	stream->departing = length;
	return 0;
}

void stream_flush(struct stream *stream)
{
	struct buf *out;
	uv_buf_t bytes;
	int n = 0;

	if (stream->state == STREAM_CLOSING || stream->writing)
		return;
	out = tls_output(stream->tls);
	if (buf_length(out) > 0) {
		bytes = uv_buf_init((char *)(uintptr_t)buf_peek(out), (unsigned)buf_length(out));
		n = uv_try_write((uv_stream_t *)&stream->tcp, &bytes, 1);
		if (n > 0)
			buf_consume(out, (size_t)n);
	}
	if ((n < 0 && n != UV_EAGAIN) || (buf_length(out) > 0 && depart(stream, out) < 0)) {
		stream_close(stream);
		return;
	}
	buf_release(out);
	count_held(stream);
	if (stream->state == STREAM_ENDING && !stream->writing)
		shut(stream);
}

int stream_write(struct stream *stream, const void *bytes, size_t length)
{
	if (stream->state != STREAM_OPEN)
		return -ENOTCONN;
	return tls_write(stream->tls, bytes, length);
}

/* ---- in */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_room)
{
	struct stream *stream = handle->data;
	bool wanted = stream->state != STREAM_OPEN ||
		(!stream->held && stream->shared->events->wanted(stream));

	*ret_room = uv_buf_init((char *)stream->shared->read_bytes, wanted ? STREAM_READ_BYTES : 0);
}

/* Everything plain that the engine has. */
static void take_plain(struct stream *stream)
{
	struct stream_shared *shared = stream->shared;
	struct err err;
	int n = 0;

	while (stream->state == STREAM_OPEN) {
		stream->held = !shared->events->wanted(stream);
		if (stream->held)
			return;
		n = tls_read(stream->tls, shared->plain, sizeof(shared->plain), &err);
		if (n <= 0)
			break;
		shared->events->bytes(stream, shared->plain, (size_t)n);
	}
	if (stream->state == STREAM_OPEN && n < 0) {
		fail(stream, n == -ENOTCONN, &err);
		stream_end(stream);
	}
}

static void shake(struct stream *stream)
{
	struct err err;
	int r;

	stream->shared->steps++;
	stream->begun = true;
	r = tls_handshake(stream->tls, &err);
	if (r < 0) {
		fail(stream, false, &err);
		stream_end(stream);
	} else if (r == 1) {
		stream->state = STREAM_OPEN;
		stream->shared->events->ready(stream);
	}
}

/* Its turn: with what has been fed. */
static void advance(struct stream *stream)
{
	if (stream->state == STREAM_SHAKING)
		shake(stream);
	take_plain(stream);
	stream_flush(stream);
}

/* Who gave up meanwhile is not worth a signature. */
static bool has_left(const struct stream *stream)
{
	uv_os_fd_t fd;
	char byte;
	ssize_t n;

	if (uv_fileno((const uv_handle_t *)&stream->tcp, &fd) < 0)
		return true;
	n = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

static void take_turn(struct stream *stream)
{
	if (stream->state == STREAM_SHAKING && has_left(stream)) {
		lose(stream, -ECONNRESET, "it left while it waited for its turn");
		return;
	}
	advance(stream);
	stream_resume(stream);
}

static struct stream *first_queued(const struct stream_shared *shared)
{
	struct stream *begun = TAILQ_FIRST(&shared->begun);

	return begun ? begun : TAILQ_FIRST(&shared->line);
}

static void on_turn(uv_idle_t *turn)
{
	struct stream_shared *shared = turn->data;
	struct stream *stream;

	for (unsigned i = 0; i < STREAM_STEPS_A_TURN; i++) {
		stream = first_queued(shared);
		if (!stream)
			break;
		leave_queue(stream);
		take_turn(stream);
	}
	if (!first_queued(shared))
		uv_idle_stop(turn);
}

bool stream_is_crowded(const struct stream_shared *shared)
{
	const struct stream *first = TAILQ_FIRST(&shared->line);

	return shared->queued >= STREAM_LINE_MAX ||
		(first && uv_now(shared->loop) - first->queued_ms >= STREAM_LINE_MS);
}

/* Whether a step must wait; then nothing is read meanwhile. */
static bool must_queue(struct stream *stream)
{
	struct stream_shared *shared = stream->shared;

	if (shared->turn_ms != uv_now(shared->loop)) {
		shared->turn_ms = uv_now(shared->loop);
		shared->steps = 0;
	}
	if (shared->queued == 0 && shared->steps < STREAM_STEPS_A_TURN)
		return false;
	uv_read_stop((uv_stream_t *)&stream->tcp);
	stream->queue = stream->begun ? &shared->begun : &shared->line;
	stream->queued_ms = shared->turn_ms;
	TAILQ_INSERT_TAIL(stream->queue, stream, place);
	shared->queued++;
	uv_idle_start(&shared->turn, on_turn);
	return true;
}

static void take_cipher(struct stream *stream, const void *bytes, size_t length)
{
	struct err err;
	int r;

	r = tls_feed(stream->tls, bytes, length);
	if (r < 0) {
		err_errno(&err, r, "%zu bytes cannot be taken", length);
		fail(stream, false, &err);
		stream_close(stream);
	} else if (stream->state != STREAM_SHAKING || !must_queue(stream)) {
		advance(stream);
	}
	let_go_if_too_much(stream);
}

static void on_read(uv_stream_t *handle, ssize_t n, const uv_buf_t *room)
{
	struct stream *stream = handle->data;

	if (n == UV_ENOBUFS) {
		uv_read_stop(handle);
		return;
	}
	if (n < 0) {
		lose(stream, (int)n, n == UV_EOF ? "the connection was cut" : uv_strerror((int)n));
		return;
	}
	if (n > 0 && stream->state < STREAM_ENDING)
		take_cipher(stream, room->base, (size_t)n);
}

void stream_resume(struct stream *stream)
{
	if (stream->held && stream->state == STREAM_OPEN) {
		take_plain(stream);
		stream_flush(stream);
	}
	if (stream->state == STREAM_CLOSING || stream->queue)
		return;
	if (stream->state != STREAM_OPEN || !stream->held)
		uv_read_start((uv_stream_t *)&stream->tcp, on_alloc, on_read);
}

void stream_end(struct stream *stream)
{
	if (stream->state >= STREAM_ENDING)
		return;
	leave_queue(stream);
	tls_shutdown(stream->tls);
	stream->state = STREAM_ENDING;
	stream_resume(stream);
	stream_flush(stream);
}

/* ---- the beginning */

void stream_shared_init(struct stream_shared *shared, uv_loop_t *loop)
{
	shared->loop = loop;
	TAILQ_INIT(&shared->line);
	TAILQ_INIT(&shared->begun);
	uv_idle_init(loop, &shared->turn);
	shared->turn.data = shared;
}

void stream_shared_close(struct stream_shared *shared)
{
	uv_close((uv_handle_t *)&shared->turn, NULL);
}

int stream_accept(struct stream *stream, struct stream_shared *shared, uv_stream_t *server)
{
	int r;

	memset(stream, 0, sizeof(*stream));
	stream->shared = shared;
	if (tls_new(shared->tls, &stream->tls) < 0)
		return -ENOMEM;
	uv_tcp_init(shared->loop, &stream->tcp);
	stream->tcp.data = stream;
	r = uv_accept(server, (uv_stream_t *)&stream->tcp);
	if (r == 0) {
		uv_tcp_nodelay(&stream->tcp, 1);
		r = uv_read_start((uv_stream_t *)&stream->tcp, on_alloc, on_read);
	}
	if (r < 0)
		lose(stream, r, uv_strerror(r));
	return 0;
}
