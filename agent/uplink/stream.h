/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A TLS connection over TCP: plain bytes in and out. It ends once, with a reason, and never begins
 * again.
 */
#ifndef PANTAU_AGENT_STREAM_H
#define PANTAU_AGENT_STREAM_H

#include <uv.h>

#include "common/buf.h"
#include "common/tls.h"

enum stream_stage { STREAM_CONNECTING, STREAM_HANDSHAKE, STREAM_READY };

struct stream_end { /* borrowed during the call */
	const char *reason; /* in words */
	enum stream_stage reached;
	int error; /* a negative errno; -ETIMEDOUT: nothing came; -EPROTO: TLS failed; or 0 */
	size_t stuck_bytes; /* sent, and not received by the other side's kernel */
	bool turned_away; /* the other side closed before it said a byte: it has no room now */
};

struct stream_events {
	void *arg;
	void (*ready)(void *arg, const struct sockaddr *own); /* the handshake is done */
	void (*plain)(void *arg, const uint8_t *bytes, size_t length);
	void (*writable)(void *arg); /* what was sent has left: there is room again */
	/* It is over: it frees itself after this. Called once, never from within a call. */
	void (*ended)(void *arg, const struct stream_end *end);
};

struct stream_settings {
	uv_loop_t *loop; /* borrowed */
	struct tls_context *tls; /* borrowed */
	const struct sockaddr *to; /* borrowed during stream_new only */
	unsigned connect_ms; /* to wait for the connection itself */
	unsigned segment_bytes; /* most bytes of a TCP segment, both ways; 0: the kernel's choice */
	bool renews; /* it asks for the next certificate instead of reporting */
};

struct stream;

/* Connects. */
int stream_new(const struct stream_settings *settings, const struct stream_events *events,
	struct stream **ret_stream);
/* Encrypts and sends, once it is ready; takes all of the bytes or, for now, none. */
void stream_send(struct stream *stream, struct buf *plain);
/* Ends it from this side, in order if it is ready. `error` as in struct stream_end. */
void stream_end(struct stream *stream, int error, const char *reason);
bool stream_is_ending(const struct stream *stream);

#endif
