/* SPDX-License-Identifier: Apache-2.0 */
/* A blocking client over loopback for the tests: sends text, reads until it sees some. */
#ifndef PANTAU_TESTS_HTTP_CLIENT_H
#define PANTAU_TESTS_HTTP_CLIENT_H

#include <stddef.h>

struct http_client {
	int fd;
	char text[256 * 1024]; /* all that was received, with a 0 after it */
	size_t length;
};

/* Connects to "127.0.0.1:PORT". The test fails when it cannot. */
void http_client_open(struct http_client *client, const char *address);
void http_client_send(struct http_client *client, const char *text);
/* Reads until `wanted` was received (1), or the server closed (0); fails after five seconds. */
int http_client_until(struct http_client *client, const char *wanted);
/* Reads until the server closes. */
void http_client_rest(struct http_client *client);
void http_client_close(struct http_client *client);
/* One request with "Connection: close", the whole answer in client->text. */
void http_client_ask(
	struct http_client *client, const char *address, const char *method, const char *path);

#endif
