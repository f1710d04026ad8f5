/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the server share: the server, and one exchange of a question and its answer. */
#ifndef PANTAU_WEB_SERVER_PRIVATE_H
#define PANTAU_WEB_SERVER_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include <microhttpd.h>

#include "web/lanes.h"
#include "web/server.h"

struct server_stream;

struct server {
	struct server_owner owner;
	struct MHD_Daemon *daemon;
	int handed; /* its listening socket, if another process opened it, or -1 */
	struct lanes *lanes;
	pthread_mutex_t lock;
	struct server_stream *streams; /* under `lock` */
	atomic_bool stopping;
	char address[HTTP_ADDRESS_BYTES + 16]; /* with brackets and port */
	char policy[HTTP_POLICY_BYTES]; /* Content-Security-Policy */
};

/* ---- server_stream.c */

/* Takes the response's stream. NULL without memory; then the stream is still the response's. */
struct MHD_Response *server_stream_response(
	struct server *server, struct MHD_Connection *connection, struct response *response);
/* So that each finds that the server stops. */
void server_streams_wake(struct server *server);

/* ---- server_exchange.c: callbacks of the library, whose `arg` is the server */

/* Before the headers are read: the exchange that goes with the request from here on. */
void *server_exchange_begin(void *arg, const char *url, struct MHD_Connection *connection);
enum MHD_Result server_exchange_handle(void *arg, struct MHD_Connection *connection,
	const char *path, const char *method, const char *version, const char *upload,
	size_t *upload_length, void **mark);
void server_exchange_end(void *arg, struct MHD_Connection *connection, void **mark,
	enum MHD_RequestTerminationCode code);

#endif
