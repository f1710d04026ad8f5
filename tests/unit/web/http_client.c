/* SPDX-License-Identifier: Apache-2.0 */
#include "http_client.h"

#include <arpa/inet.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#define PATIENCE_MS 5000

void http_client_open(struct http_client *client, const char *address)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)atoi(strrchr(address, ':') + 1)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	client->length = 0;
	client->text[0] = '\0';
	client->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(client->fd >= 0);
	assert_int_equal(connect(client->fd, (struct sockaddr *)&to, sizeof(to)), 0);
}

void http_client_send(struct http_client *client, const char *text)
{
	size_t length = strlen(text);

	assert_int_equal(send(client->fd, text, length, MSG_NOSIGNAL), length);
}

/* False at the end of the stream. */
static int receive(struct http_client *client)
{
	struct pollfd poll_in = {.fd = client->fd, .events = POLLIN};
	ssize_t length;

	if (poll(&poll_in, 1, PATIENCE_MS) != 1)
		fail_msg("nothing came for %d ms after: %s", PATIENCE_MS, client->text);
	length = recv(client->fd, client->text + client->length,
		sizeof(client->text) - 1 - client->length, 0);
	if (length <= 0)
		return 0;
	client->length += (size_t)length;
	client->text[client->length] = '\0';
	return 1;
}

int http_client_until(struct http_client *client, const char *wanted)
{
	while (!strstr(client->text, wanted)) {
		if (!receive(client))
			return 0;
	}
	return 1;
}

void http_client_rest(struct http_client *client)
{
	while (receive(client))
		;
}

void http_client_close(struct http_client *client)
{
	close(client->fd);
}

void http_client_ask(
	struct http_client *client, const char *address, const char *method, const char *path)
{
	char *request = NULL;

	assert_true(asprintf(&request, "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
			    method, path) > 0);
	http_client_open(client, address);
	http_client_send(client, request);
	http_client_rest(client);
	http_client_close(client);
	free(request);
}
