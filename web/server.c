/* SPDX-License-Identifier: Apache-2.0 */
#include "web/server.h"

#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/handed.h"
#include "common/log.h"
#include "web/listen.h"
#include "web/server_private.h"

static void log_line(void *arg, const char *format, va_list values)
	__attribute__((format(printf, 2, 0)));

static void log_line(void *arg, const char *format, va_list values)
{
	char line[256];

	vsnprintf(line, sizeof(line), format, values);
	line[strcspn(line, "\n")] = '\0';
	log_debug("http: %s", line);
}

static void name_address(struct server *server, const struct addrinfo *at)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(
		server->daemon, MHD_DAEMON_INFO_BIND_PORT);
	bool six = at->ai_family == AF_INET6;
	char host[HTTP_ADDRESS_BYTES] = "?";

	getnameinfo(at->ai_addr, at->ai_addrlen, host, sizeof(host), NULL, 0, NI_NUMERICHOST);
	snprintf(server->address, sizeof(server->address), "%s%s%s:%u", six ? "[" : "", host,
		six ? "]" : "", info ? info->port : 0);
}

static int start_daemon(struct server *server, const struct addrinfo *at)
{
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
		MHD_USE_ERROR_LOG;
	struct handed handed;

	if (at->ai_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	handed_find(&handed);
	server->handed = handed_take(&handed, at->ai_addr);
	errno = 0;
	server->daemon = MHD_start_daemon(flags, 0, NULL, NULL, server_exchange_handle, server,
		MHD_OPTION_EXTERNAL_LOGGER, log_line, NULL, MHD_OPTION_SOCK_ADDR, at->ai_addr,
		MHD_OPTION_LISTEN_SOCKET, server->handed, MHD_OPTION_THREAD_POOL_SIZE,
		(unsigned)HTTP_THREADS, MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_TIMEOUT_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_MEMORY_MAX,
		MHD_OPTION_URI_LOG_CALLBACK, server_exchange_begin, server,
		MHD_OPTION_NOTIFY_COMPLETED, server_exchange_end, server, MHD_OPTION_END);
	if (!server->daemon)
		return errno ? -errno : -EIO;
	return 0;
}

int server_start(const char *listen, const struct server_owner *owner, struct server **ret_server,
	struct err *err)
{
	struct addrinfo *at = NULL;
	struct server *server;
	int r;

	r = listen_find("listen", listen, &at, err);
	if (r < 0)
		return r;
	server = calloc(1, sizeof(*server));
	if (!server) {
		r = err_errno(err, -ENOMEM, "web server");
		goto free_address;
	}
	server->owner = *owner;
	snprintf(server->policy, sizeof(server->policy), "%s", owner->policy);
	pthread_mutex_init(&server->lock, NULL);
	r = lanes_start(&server->lanes, err);
	if (r < 0)
		goto free_server;
	r = start_daemon(server, at);
	if (r < 0) {
		err_errno(err, r, "cannot listen on %s", listen);
		goto stop_lanes;
	}
	name_address(server, at);
	freeaddrinfo(at);
	*ret_server = server;
	return 0;

stop_lanes:
	lanes_stop(server->lanes);
	lanes_free(server->lanes);
free_server:
	pthread_mutex_destroy(&server->lock);
	free(server);
free_address:
	freeaddrinfo(at);
	return r;
}

const char *server_address(const struct server *server)
{
	return server->address;
}

void server_stop(struct server *server)
{
	if (!server)
		return;
	/* From here on no stream parks; those that did are woken to find that they end. */
	atomic_store(&server->stopping, true);
	server_streams_wake(server);
	lanes_stop(server->lanes); /* and nobody waits for an answer */
	/* Whoever handed a socket over goes on with it: it is let go, and not shut down. */
	if (server->handed >= 0 && MHD_quiesce_daemon(server->daemon) != MHD_INVALID_SOCKET)
		close(server->handed);
	MHD_stop_daemon(server->daemon);
	lanes_free(server->lanes);
	pthread_mutex_destroy(&server->lock);
	free(server);
}
