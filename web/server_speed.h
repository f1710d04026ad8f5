/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The endpoint of speed tests (docs/SPEED.md): a server of its own, at an address of its own, with
 * threads of its own, so that neither a page nor an agent ever waits for a test.
 *
 *   GET  /speed/v1/down?nonce=N&bytes=B   B bytes that follow from N
 *   POST /speed/v1/up?nonce=N             what is sent is counted and forgotten
 *   GET  /speed/v1/count?nonce=N          what this end has counted of either
 */
#ifndef PANTAU_WEB_SERVER_SPEED_H
#define PANTAU_WEB_SERVER_SPEED_H

#include <stddef.h>

#include "common/err.h"
#include "web/speed_notes.h"

struct server_speed;

struct server_speed_at { /* borrowed for life */
	const char *listen;
	size_t streams; /* at once */
	struct speed_notes_owner notes; /* where each stream is noted, and who hears if not */
};

int server_speed_start(
	const struct server_speed_at *where, struct server_speed **ret_server, struct err *err);
/* Ends all streams, and frees. Accepts NULL. */
void server_speed_stop(struct server_speed *server);

#endif
