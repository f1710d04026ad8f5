/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/export/tiny_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUEST_MAX (4 * 1024 * 1024)

struct tiny_http {
	int listener, port;
	pthread_t thread;
	tiny_answer answer;
	void *arg;
	char *request;
};

/* One request; its head ends at *ret_body. False: the connection is over. */
static int read_request(struct tiny_http *http, int fd, char **ret_body)
{
	size_t length = 0, wanted = SIZE_MAX;
	char *body = NULL, *field;

	while (length < wanted) {
		ssize_t got = read(fd, http->request + length, REQUEST_MAX - length);
		if (got <= 0)
			return 0;
		length += (size_t)got;
		http->request[length] = '\0';
		if (body)
			continue;
		body = strstr(http->request, "\r\n\r\n");
		if (!body)
			continue;
		*body = '\0';
		body += 4;
		field = strcasestr(http->request, "content-length:");
		wanted = (size_t)(body - http->request) +
			(field ? strtoul(field + strlen("content-length:"), NULL, 10) : 0);
	}
	*ret_body = body;
	return 1;
}

static void serve(struct tiny_http *http, int fd)
{
	struct tiny_request request = {.head = http->request};
	char head[256], *body;

	while (read_request(http, fd, &body)) {
		const char *answer = "";
		request.body = body;
		int status = http->answer(http->arg, &request, &answer);
		int length = snprintf(head, sizeof(head),
			"HTTP/1.1 %d Word\r\nContent-Length: %zu\r\n\r\n", status, strlen(answer));
		if (write(fd, head, (size_t)length) < 0 || write(fd, answer, strlen(answer)) < 0)
			return;
	}
}

static void *run(void *arg)
{
	struct tiny_http *http = arg;
	int fd;

	while ((fd = accept(http->listener, NULL, NULL)) >= 0) {
		serve(http, fd);
		close(fd);
	}
	return NULL;
}

struct tiny_http *tiny_http_start(tiny_answer answer, void *arg)
{
	struct tiny_http *http = calloc(1, sizeof(*http));
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	http->answer = answer;
	http->arg = arg;
	http->request = malloc(REQUEST_MAX + 1);
	http->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(http->listener, (struct sockaddr *)&address, size) < 0 ||
		listen(http->listener, 4) < 0 ||
		getsockname(http->listener, (struct sockaddr *)&address, &size) < 0)
		abort();
	http->port = ntohs(address.sin_port);
	if (pthread_create(&http->thread, NULL, run, http))
		abort();
	return http;
}

int tiny_http_port(const struct tiny_http *http)
{
	return http->port;
}

/* The client must have closed its connection: the thread reads it to its end. */
void tiny_http_stop(struct tiny_http *http)
{
	shutdown(http->listener, SHUT_RDWR);
	pthread_join(http->thread, NULL);
	close(http->listener);
	free(http->request);
	free(http);
}
