/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTTP server: threads, sockets, limits, bodies, and the headers that every answer carries.
 * Only the files server*.c know libmicrohttpd. A few threads serve all connections; who waits, for
 * something to say (a stream) or for a place in a lane, waits outside of their hands.
 */
#ifndef PANTAU_WEB_SERVER_H
#define PANTAU_WEB_SERVER_H

#include "common/err.h"
#include "web/http.h"

struct server;

struct server_owner {
	void *arg;
	const char *policy; /* Content-Security-Policy; copied */
	/* Where the answer is computed. Called from several threads at once. */
	enum http_lane (*lane)(void *arg, const struct request *request);
	/* Fills in the response (initialised). Called from several threads at once. */
	void (*answer)(void *arg, const struct request *request, struct response *ret_response);
	/* An answer is on its way. */
	void (*answered)(void *arg, unsigned status);
};

/* Starts to serve on "127.0.0.1:8080" or "[::1]:8080"; port 0 lets the kernel choose. Copies. */
int server_start(const char *listen, const struct server_owner *owner, struct server **ret_server,
	struct err *err);
/* Address and port as they are, in the form of `listen`. Borrowed. */
const char *server_address(const struct server *server);
/* Ends all streams, then all connections, and frees. */
void server_stop(struct server *server);

#endif
