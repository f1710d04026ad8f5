/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/web_probe.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define ANSWER_BYTES 1024 /* the status line and what it says first */

static const char question[] = "GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n";

/* The numeric address in "127.0.0.1:8080" or "[::1]:8080". */
static int find_address(const char *listen, struct addrinfo **ret_address)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
	const char *colon = strrchr(listen, ':');
	char host[64];
	size_t length = colon ? (size_t)(colon - listen) : 0;

	if (length < 1 || length >= sizeof(host))
		return -EINVAL;
	if (listen[0] == '[' && length > 2) {
		listen++;
		length -= 2;
	}
	memcpy(host, listen, length);
	host[length] = '\0';
	return getaddrinfo(host, colon + 1, &hints, ret_address) ? -EINVAL : 0;
}

static int connect_to(const struct addrinfo *address)
{
	const struct timeval limit = {.tv_sec = WEB_PROBE_TIMEOUT_MS / 1000,
		.tv_usec = WEB_PROBE_TIMEOUT_MS % 1000 * 1000};
	int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), code;

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (!connect(fd, address->ai_addr, address->ai_addrlen))
		return fd;
	code = errno;
	close(fd);
	return -code;
}

/* The answer's beginning, up to its end or a full buffer. */
static int ask(int fd, char *ret_answer, size_t size)
{
	size_t length = 0;
	ssize_t got;

	if (send(fd, question, sizeof(question) - 1, MSG_NOSIGNAL) < 0)
		return -errno;
	while (length < size - 1 &&
		(got = recv(fd, ret_answer + length, size - 1 - length, 0)) != 0) {
		if (got < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		length += (size_t)got;
	}
	ret_answer[length] = '\0';
	return 0;
}

static int judge(const char *listen, const char *answer, bool *ret_noted, struct err *err)
{
	const char *body = strstr(answer, "\r\n\r\n");
	unsigned status;

	if (sscanf(answer, "HTTP/1.%*u %u", &status) != 1)
		return err_set(err, -EPROTO, "%.100s: something else listens there", listen);
	if (status != 200)
		return err_set(err, -EIO, "%.100s: answers %u: %.150s", listen, status,
			body ? body + 4 : "");
	*ret_noted = !body || !strstr(body, "\"noted\":false");
	return 0;
}

int web_probe(const char *listen, bool *ret_noted, struct err *err)
{
	struct addrinfo *address;
	char answer[ANSWER_BYTES];
	int fd, rc = find_address(listen, &address);

	if (rc)
		return err_set(err, rc, "[web] listen = %.100s: is no ADDRESS:PORT", listen);
	fd = connect_to(address);
	freeaddrinfo(address);
	if (fd < 0)
		return err_errno(err, fd, "%.100s: does not answer", listen);
	rc = ask(fd, answer, sizeof(answer));
	close(fd);
	return rc ? err_errno(err, rc, "%.100s: does not answer", listen)
		  : judge(listen, answer, ret_noted, err);
}
