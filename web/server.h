/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTTP server: threads, sockets, limits and the headers that every answer carries. The only
 * file that knows libmicrohttpd. A few threads serve all connections; a stream that has nothing to
 * say is taken out of its thread's hands until somebody wakes it.
 *
 *      read() > 0 -> sent      read() == 0 -> parked --- wake() ---> read() again
 */
#ifndef PANTAU_WEB_SERVER_H
#define PANTAU_WEB_SERVER_H

#include "common/err.h"
#include "web/http.h"

struct server;

struct server_owner {
	void *arg;
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
