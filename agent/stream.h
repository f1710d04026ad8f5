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

struct stream_events {
	void *arg;
	void (*ready)(void *arg, const struct sockaddr *own); /* the handshake is done */
	void (*plain)(void *arg, const uint8_t *bytes, size_t length);
	void (*writable)(void *arg); /* what was sent has left: there is room again */
	/* It is over: it frees itself after this. Called once, never from within a call. */
	void (*ended)(void *arg, const char *reason);
};

struct stream;

/* Connects. Borrows loop and context, copies the rest. */
int stream_new(uv_loop_t *loop, struct tls_context *tls, const struct sockaddr *to,
	const struct stream_events *events, struct stream **ret_stream);
/* Encrypts and sends, once it is ready; takes all of the bytes or, for now, none. */
void stream_send(struct stream *stream, struct buf *plain);
/* Ends it from this side, in order if it is ready. */
void stream_end(struct stream *stream, const char *reason);
bool stream_is_ending(const struct stream *stream);

#endif
