/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probe/reach.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/net/address.h"
#include "common/clock.h"
#include "proto/public.h"

#define ADDRESSES_MAX 8 /* of one name; more than two are hardly ever asked */
#define ADDRESS_US 3000000 /* for each but the last: RFC 8305 is kinder, and two sockets dearer */

/* ---- the name */

static struct address address_of(const struct sockaddr *socket)
{
	struct address address = {0};

	if (socket->sa_family == AF_INET) {
		address.length = 4;
		memcpy(address.bytes, &((const struct sockaddr_in *)socket)->sin_addr, 4);
	} else if (socket->sa_family == AF_INET6) {
		address.length = 16;
		memcpy(address.bytes, &((const struct sockaddr_in6 *)socket)->sin6_addr, 16);
	}
	return address;
}

static size_t resolve(const struct reach_way *way, const char *host,
	struct address ret_found[ADDRESSES_MAX], struct err *err)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
	struct addrinfo *list = NULL;
	int status = getaddrinfo(host, NULL, &hints, &list);
	size_t count = 0;

	if (status != 0) {
		err_set(err, -ENOENT, "%s: %s", host, gai_strerror(status));
		return 0;
	}
	for (const struct addrinfo *one = list; one && count < ADDRESSES_MAX; one = one->ai_next) {
		struct address address = address_of(one->ai_addr);

		if (address.length && (!way->public_only || public_address(&address)))
			ret_found[count++] = address;
	}
	freeaddrinfo(list);
	if (!count)
		err_set(err, -ENOENT, "%s: has no public address", host);
	return count;
}

/* ---- the connection */

static int open_socket(const struct reach_way *way, const struct address *address, struct err *err)
{
	int on = 1,
	    fd = socket(address->length == 4 ? AF_INET : AF_INET6,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return err_errno(err, -errno, "socket");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (way->received_bytes) /* before it is connected: the window's scale follows from it */
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &way->received_bytes,
			sizeof(way->received_bytes));
	/* Since Linux 5.7 everybody may, once. */
	if (*way->interface &&
		setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, way->interface,
			(socklen_t)strlen(way->interface)) < 0) {
		int status = err_errno(err, -errno, "%s", way->interface);

		close(fd);
		return status;
	}
	return fd;
}

static int wait_connected(int fd, uint64_t end_us)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};
	socklen_t size = sizeof(int);
	int fault = 0, ready;

	do {
		uint64_t now_us = clock_boot_us();

		ready = poll(
			&poll_fd, 1, now_us < end_us ? (int)((end_us - now_us + 999) / 1000) : 0);
	} while (ready < 0 && errno == EINTR);
	if (ready == 0)
		return -ETIMEDOUT;
	if (ready < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &fault, &size) < 0)
		return -errno;
	return -fault;
}

/* The connected descriptor, or a negative errno with words. */
static int connect_to(const struct reach_way *way, const struct address *address, uint16_t port,
	uint64_t end_us, struct err *err)
{
	union socket_address to;
	socklen_t length = socket_address_of(
		address, port, *way->interface ? if_nametoindex(way->interface) : 0, &to);
	int status, fd = open_socket(way, address, err);
	char text[ADDRESS_TEXT_BYTES];

	if (fd < 0)
		return fd;
	status = connect(fd, &to.any, length) == 0 ? 0 : -errno;
	if (status == -EINPROGRESS)
		status = wait_connected(fd, end_us);
	if (status == 0)
		return fd;
	close(fd);
	address_format(address, text);
	return err_errno(err, status, "%s port %u", text, port);
}

static enum reach_end connect_one(
	const struct reach_way *way, bool last, struct reach *reach, struct err *err)
{
	uint64_t begin_us = clock_boot_us(), end_us = way->end_us;

	if (!last && begin_us + ADDRESS_US < end_us)
		end_us = begin_us + ADDRESS_US;
	reach->fd = connect_to(way, &reach->address, reach->port, end_us, err);
	if (reach->fd >= 0) {
		reach->connect_us = (uint32_t)(clock_boot_us() - begin_us);
		return REACH_DONE;
	}
	return reach->fd == -ETIMEDOUT ? REACH_TIMEOUT : REACH_CONNECT;
}

enum reach_end reach_again(const struct reach_way *way, struct reach *reach, struct err *err)
{
	return connect_one(way, true, reach, err);
}

enum reach_end reach_host(const struct reach_way *way, const char *host, uint16_t port,
	struct reach *ret_reach, struct err *err)
{
	uint64_t begin_us = clock_boot_us();
	struct address found[ADDRESSES_MAX];
	enum reach_end end = REACH_NAME;
	size_t count = resolve(way, host, found, err);

	*ret_reach = (struct reach){.fd = -1, .port = port};
	if (count)
		ret_reach->name_us = (uint32_t)(clock_boot_us() - begin_us);
	for (size_t i = 0; i < count && end != REACH_DONE; i++) {
		ret_reach->address = found[i];
		end = connect_one(way, i + 1 == count, ret_reach, err);
	}
	return end;
}
