/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what a browser sends, through the library that takes requests apart: path, query,
 * headers, body. What reaches the resources is within the limits; every request has one answer. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "web/server_private.h"

#define TURNS_MAX 64

static unsigned asked, answered;

static enum http_lane no_lane(void *arg, const struct request *request)
{
	return LANE_NONE;
}

static void check_text(const char *text)
{
	FUZZ_CHECK(!text || strlen(text) < HTTP_MEMORY_MAX);
}

static void answer(void *arg, const struct request *request, struct response *ret)
{
	asked++;
	FUZZ_CHECK(strlen(request->path) <= HTTP_TARGET_MAX);
	FUZZ_CHECK(request->param_count <= HTTP_PARAMS_MAX);
	FUZZ_CHECK(request->body_length <= HTTP_UPLOAD_MAX);
	for (size_t i = 0; i < request->param_count; i++) {
		FUZZ_CHECK(request->params[i].name && request->params[i].value);
		check_text(request->params[i].value);
	}
	check_text(request->cookie);
	check_text(request->authorization);
	request_knows(request, "\"tag\"");
	request_unpacks(request);
	response_error(ret, 404, "nothing is here");
}

static void count_answer(void *arg, unsigned status)
{
	FUZZ_CHECK(status >= 200 && status <= 503);
	answered++;
}

static struct MHD_Daemon *start(struct server *server)
{
	server->owner = (struct server_owner){
		.lane = no_lane, .answer = answer, .answered = count_answer};
	return MHD_start_daemon(MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, server_exchange_handle,
		server, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_MEMORY_MAX,
		MHD_OPTION_URI_LOG_CALLBACK, server_exchange_begin, server,
		MHD_OPTION_NOTIFY_COMPLETED, server_exchange_end, server, MHD_OPTION_END);
}

/* The peer sends all, and no more; what it would read stays in the socket. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct sockaddr nobody = {.sa_family = AF_INET};
	static struct server server;
	static struct MHD_Daemon *daemon;
	char head[9] = "";
	int ends[2];

	if (!daemon)
		daemon = start(&server);
	FUZZ_CHECK(daemon && socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
	if (send(ends[0], bytes, size, MSG_NOSIGNAL) != (ssize_t)size)
		size = 0; /* longer than a socket takes at once */
	shutdown(ends[0], SHUT_WR);
	asked = answered = 0;
	FUZZ_CHECK(MHD_add_connection(daemon, ends[1], &nobody, sizeof(struct sockaddr_in)) ==
		MHD_YES);
	for (int i = 0; i < TURNS_MAX; i++)
		MHD_run(daemon);
	FUZZ_CHECK(asked <= answered);
	if (recv(ends[0], head, sizeof(head) - 1, 0) > 0)
		FUZZ_CHECK(strncmp(head, "HTTP/1.", 7) == 0);
	close(ends[0]);
	for (int i = 0; i < TURNS_MAX && size; i++)
		MHD_run(daemon);
	return 0;
}
