/* SPDX-License-Identifier: Apache-2.0 */
/* A server of one connection at a time on loopback, in a thread: what it is sent, it hands to the
 * test; what it answers, the test says. */
#ifndef TESTS_EXPORT_TINY_HTTP_H
#define TESTS_EXPORT_TINY_HTTP_H

#include <stddef.h>

struct tiny_request { /* texts with a 0 after them, borrowed for the call */
	const char *head; /* "POST /write?db=... HTTP/1.1\r\n..." */
	const char *body;
};

/* Returns the status; *ret_answer (borrowed) is the body of the answer, "" by default. */
typedef int (*tiny_answer)(void *arg, const struct tiny_request *request, const char **ret_answer);

struct tiny_http;

struct tiny_http *tiny_http_start(tiny_answer answer, void *arg);
int tiny_http_port(const struct tiny_http *http);
void tiny_http_stop(struct tiny_http *http);

#endif
