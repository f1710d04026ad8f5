/* SPDX-License-Identifier: Apache-2.0 */
/* The sockets on which agents arrive: IPv4 and IPv6, any number of addresses. */
#ifndef PANTAU_COLLECTOR_INGEST_LISTENER_H
#define PANTAU_COLLECTOR_INGEST_LISTENER_H

#include <uv.h>

#include "common/err.h"
#include "common/json.h"

struct listener_events {
	void *arg;
	/* Somebody is there: uv_accept() from the stream. A negative errno: not now, ask again. */
	int (*arrived)(void *arg, uv_stream_t *server);
};

struct listener;

/* Binds and listens on each address of the list (separated by spaces or commas). An address family
 * that this machine lacks is passed over with a warning, as long as one is left. */
int listener_new(uv_loop_t *loop, const char *addresses, const struct listener_events *events,
	struct listener **ret_listener, struct err *err);
/* Only parses. */
int listener_check(const char *addresses, struct err *err);
/* Once a second: asks again for whoever was not accepted. */
void listener_tick(struct listener *listener);
/* Takes the next connection and closes it at once. */
void listener_turn_away(uv_loop_t *loop, uv_stream_t *server);
/* The addresses with their ports, as a list. */
void listener_tell(const struct listener *listener, struct json *json, const char *key);
/* Closes its handles; the loop must run until it is done. Then free. */
void listener_close(struct listener *listener);
void listener_free(struct listener *listener);

#endif
