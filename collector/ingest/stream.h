/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One TLS connection on a libuv socket: plain bytes up, plain bytes down. Knows nothing of what
 * they mean.
 *
 *   SHAKING --ready()--> OPEN --stream_end()--> ENDING --> CLOSING --closed()--> freed by the owner
 *       \____________________________\___________________/
 *         stream_close(), the peer, or an error: failed() first
 *
 * The steps of handshakes are what costs: beyond a few in a turn of the loop they queue up, so
 * that after a restart, when everybody comes at once, the answers to those who are in do not wait
 * for the others. Whose handshake has begun goes before those who have just come: what was spent
 * on it is not to be lost.
 *
 * ENDING sends what waits and a FIN, and reads on into nothing: closing with bytes unread would
 * take the last words away from the peer. How long it may last is the owner's care, as every
 * deadline.
 */
#ifndef PANTAU_COLLECTOR_INGEST_STREAM_H
#define PANTAU_COLLECTOR_INGEST_STREAM_H

#include <stdbool.h>
#include <sys/queue.h>
#include <uv.h>

#include "common/tls.h"

#define STREAM_READ_BYTES (64 * 1024) /* one read of a socket: what the TLS engine takes at once */
#define STREAM_PLAIN_BYTES (16 * 1024) /* one TLS record */
#define STREAM_STEPS_A_TURN 16 /* of handshakes, each 0.4 ms: answers wait 7 ms for them */
/* Agents give up after ten seconds. So nobody is to be taken in while the first in line has waited
 * for so long: on a busy machine he would be served when he has just left. */
#define STREAM_LINE_MS 4000
#define STREAM_LINE_MAX 4096 /* and never more: each holds 20 KB */
#define STREAM_HELD_FEW (4 * 1024) /* whoever holds less is never let go for what others hold */

struct stream;
TAILQ_HEAD(stream_queue, stream);

struct stream_events {
	/* The handshake is done. */
	void (*ready)(struct stream *stream);
	/* Borrowed. */
	void (*bytes)(struct stream *stream, const uint8_t *bytes, size_t length);
	/* Asked before anything is read or decrypted while OPEN; after false, stream_resume() must
	 * follow. */
	bool (*wanted)(struct stream *stream);
	/* Once, with words; the stream then ends by itself. `orderly`: the peer said goodbye. */
	void (*failed)(struct stream *stream, bool orderly, const struct err *err);
	/* Bytes that the peer makes the owner hold. */
	size_t (*held)(const struct stream *stream);
	/* The last call: the memory is the owner's again. */
	void (*closed)(struct stream *stream);
};

/* What the streams of one listener share; outlives them. */
struct stream_shared {
	uv_loop_t *loop;
	struct tls_context *tls;
	const struct stream_events *events;
	struct stream_queue line, begun; /* those with their first, with another step to take */
	size_t queued; /* in both */
	size_t held, held_max; /* bytes, of all; who goes beyond is let go */
	uint64_t turn_ms; /* in which `steps` were taken */
	unsigned steps;
	uv_idle_t turn; /* runs while somebody queues */
	uint8_t read_bytes[STREAM_READ_BYTES], plain[STREAM_PLAIN_BYTES];
};

enum stream_state { STREAM_SHAKING, STREAM_OPEN, STREAM_ENDING, STREAM_CLOSING };

struct stream { /* embedded in the owner's object, first */
	uv_tcp_t tcp;
	struct stream_shared *shared;
	struct tls *tls;
	enum stream_state state;
	bool writing, shut;
	bool begun; /* the first step of the handshake is taken */
	struct stream_queue *queue; /* that it stands in; NULL: none */
	TAILQ_ENTRY(stream) place;
	uint64_t queued_ms; /* since when */
	bool held; /* cipher bytes wait in the engine until stream_resume() */
	size_t departing, counted; /* bytes: with libuv; of it in the sum of all */
};

/* `tls`, `events` and `held_max` are the caller's to set. */
void stream_shared_init(struct stream_shared *shared, uv_loop_t *loop);
/* The loop must run until it is done. */
void stream_shared_close(struct stream_shared *shared);
/* The line is too long for one more. */
bool stream_is_crowded(const struct stream_shared *shared);

/* Accepts the server's next connection. A failure comes as failed() and closed(), except -ENOMEM
 * before anything was begun: then the connection still waits. */
int stream_accept(struct stream *stream, struct stream_shared *shared, uv_stream_t *server);
/* Encrypts; stream_flush() sends. -ENOBUFS: the peer does not read. */
int stream_write(struct stream *stream, const void *bytes, size_t length);
void stream_flush(struct stream *stream);
void stream_resume(struct stream *stream);
/* In order: what waits, close_notify, FIN. */
void stream_end(struct stream *stream);
/* At once. */
void stream_close(struct stream *stream);

#endif
