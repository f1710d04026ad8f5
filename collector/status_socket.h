/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A socket in the state folder: whoever connects gets the process's status and the end of the
 * stream; or the answer to a line that they say first (common/ask.h is the other end).
 */
#ifndef PANTAU_COLLECTOR_STATUS_SOCKET_H
#define PANTAU_COLLECTOR_STATUS_SOCKET_H

#include <stddef.h>
#include <uv.h>

#include "common/buf.h"
#include "common/err.h"

#define STATUS_QUESTION_BYTES 64 /* with a 0 for its line's end; a longer one gets nothing */

struct status_socket_options {
	const char *state, *name; /* STATE/NAME; needed only while it is made */
	size_t answer_max; /* bytes */
	/* Writes the whole answer. Negative errno: the client gets nothing. */
	int (*write)(void *arg, struct buf *out);
	/* Instead of it: the answer to a question, without its line's end. */
	int (*reply)(void *arg, const char *question, struct buf *out);
	void *arg;
};

struct status_socket;

/* Replaces a socket that a dead process left: the caller holds a lock that says that it is dead. */
int status_socket_new(uv_loop_t *loop, const struct status_socket_options *options,
	struct status_socket **ret_socket, struct err *err);
/* `write` and `reply` are not called any more. Frees itself when the loop has closed its handle. */
void status_socket_close(struct status_socket *socket);

#endif
