/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/reflector/door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"

#define QUESTION_BYTES 256 /* longer ones are malformed anyway */
#define CONTROL_BYTES 256
#define TURN_MAX 64 /* packets before others get their turn */
#define NS_PER_S 1000000000LL

union place {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

struct door {
	struct reflector *reflector;
	int fd, family;
	char text[DOOR_TEXT_BYTES];
	uv_poll_t poll;
};

struct arrival {
	union place from;
	union { /* by which of our addresses it came: the answer leaves by the same */
		struct in_pktinfo v4;
		struct in6_pktinfo v6;
	} own;
	int64_t utc_ns; /* by the kernel; 0: it gave none */
	uint8_t ttl;
	size_t length;
	uint8_t bytes[QUESTION_BYTES];
};

/* ---- time */

static int64_t utc_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static struct reflect_clock read_clock(void)
{
	uint64_t error_us = 0;
	int synchronised = clock_utc_synchronised(&error_us);

	return (struct reflect_clock){.error = stamp_error(synchronised, error_us),
		.mono_us = clock_boot_us(),
		.sent = stamp_time(utc_now_ns())};
}

/* ---- in */

static void take_control(const struct cmsghdr *control, struct arrival *arrival)
{
	const void *data = CMSG_DATA(control);
	struct timespec at;
	int ttl;

	if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SCM_TIMESTAMPNS) {
		memcpy(&at, data, sizeof(at));
		arrival->utc_ns = at.tv_sec * NS_PER_S + at.tv_nsec;
	} else if ((control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_TTL) ||
		(control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_HOPLIMIT)) {
		memcpy(&ttl, data, sizeof(ttl));
		arrival->ttl = (uint8_t)ttl;
	} else if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
		memcpy(&arrival->own.v4, data, sizeof(arrival->own.v4));
	} else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
		memcpy(&arrival->own.v6, data, sizeof(arrival->own.v6));
	}
}

static bool read_question(int fd, struct arrival *arrival)
{
	char control[CONTROL_BYTES] __attribute__((aligned(sizeof(size_t))));
	struct iovec part = {.iov_base = arrival->bytes, .iov_len = QUESTION_BYTES};
	struct msghdr message = {.msg_name = &arrival->from,
		.msg_namelen = sizeof(arrival->from),
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control)};
	ssize_t length;

	memset(arrival, 0, offsetof(struct arrival, bytes));
	length = recvmsg(fd, &message, MSG_DONTWAIT);
	if (length < 0)
		return false;
	arrival->length = (size_t)length;
	for (struct cmsghdr *at = CMSG_FIRSTHDR(&message); at; at = CMSG_NXTHDR(&message, at))
		take_control(at, arrival);
	return true;
}

/* ---- out */

static void send_answer(int fd, struct arrival *arrival, uint8_t packet[STAMP_PACKET_BYTES])
{
	char control[CONTROL_BYTES] __attribute__((aligned(sizeof(size_t)))) = {0};
	bool is_v4 = arrival->from.any.sa_family == AF_INET;
	size_t own = is_v4 ? sizeof(arrival->own.v4) : sizeof(arrival->own.v6);
	struct iovec part = {.iov_base = packet, .iov_len = STAMP_PACKET_BYTES};
	struct msghdr message = {.msg_name = &arrival->from,
		.msg_namelen = is_v4 ? sizeof(arrival->from.v4) : sizeof(arrival->from.v6),
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = CMSG_SPACE(own)};
	struct cmsghdr *head = (struct cmsghdr *)(void *)control;

	head->cmsg_level = is_v4 ? IPPROTO_IP : IPPROTO_IPV6;
	head->cmsg_type = is_v4 ? IP_PKTINFO : IPV6_PKTINFO;
	head->cmsg_len = CMSG_LEN(own);
	/* The routing table says by which link; the address is the one that was asked. */
	arrival->own.v4.ipi_ifindex = is_v4 ? 0 : arrival->own.v4.ipi_ifindex;
	memcpy(CMSG_DATA(head), &arrival->own, own);
	/* What cannot be sent now is lost on its way, and will show as that. */
	(void)!sendmsg(fd, &message, MSG_DONTWAIT);
}

static struct reflect_source source_of(const union place *from)
{
	struct reflect_source source = {.address = {[10] = 0xff, [11] = 0xff}};

	if (from->any.sa_family == AF_INET) {
		memcpy(source.address + 12, &from->v4.sin_addr, 4);
		source.port = ntohs(from->v4.sin_port);
	} else {
		memcpy(source.address, &from->v6.sin6_addr, 16);
		source.port = ntohs(from->v6.sin6_port);
	}
	return source;
}

static void take_question(struct door *door, struct arrival *arrival)
{
	const struct reflect_question question = {
		.bytes = arrival->bytes,
		.length = arrival->length,
		.source = source_of(&arrival->from),
		.received = stamp_time(arrival->utc_ns ? arrival->utc_ns : utc_now_ns()),
		.ttl = arrival->ttl,
	};
	struct reflect_clock clock = read_clock();
	uint8_t packet[STAMP_PACKET_BYTES];

	if (question.source.port && /* 0: nobody is there to be answered */
		reflector_answer(door->reflector, &question, &clock, packet) == REFLECT_ANSWERED)
		send_answer(door->fd, arrival, packet);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct door *door = poll->data;
	struct arrival arrival;

	for (int i = 0; i < TURN_MAX && read_question(door->fd, &arrival); i++)
		take_question(door, &arrival);
	if (status < 0 && !uv_is_closing((uv_handle_t *)poll))
		uv_poll_start(poll, UV_READABLE, on_poll);
}

/* ---- life */

/* The part before the last colon, without brackets; and the number after it, which may be 0. */
static bool split(const char *text, char ret_host[INET6_ADDRSTRLEN], uint16_t *ret_port)
{
	const char *colon = strrchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : 0;
	unsigned long port;
	char *end;

	if (length > 2 && text[0] == '[' && text[length - 1] == ']') {
		text++;
		length -= 2;
	}
	if (!length || length >= INET6_ADDRSTRLEN || colon[1] < '0' || colon[1] > '9')
		return false;
	port = strtoul(colon + 1, &end, 10);
	if (*end || port > UINT16_MAX)
		return false;
	memcpy(ret_host, text, length);
	ret_host[length] = '\0';
	*ret_port = (uint16_t)port;
	return true;
}

static int read_place(const char *text, union place *ret_place, struct err *err)
{
	char host[INET6_ADDRSTRLEN];
	union place place = {0};
	uint16_t port = 0;
	bool sound = split(text, host, &port);

	if (sound && text[0] != '[' && inet_pton(AF_INET, host, &place.v4.sin_addr) == 1)
		place.v4 = (struct sockaddr_in){.sin_family = AF_INET,
			.sin_addr = place.v4.sin_addr,
			.sin_port = htons(port)};
	else if (sound && text[0] == '[' && inet_pton(AF_INET6, host, &place.v6.sin6_addr) == 1)
		place.v6 = (struct sockaddr_in6){.sin6_family = AF_INET6,
			.sin6_addr = place.v6.sin6_addr,
			.sin6_port = htons(port)};
	else
		return err_set(err, -EINVAL,
			"[reflector] listen: \"%.80s\": must be like 0.0.0.0:%d or [::]:%d", text,
			STAMP_PORT, STAMP_PORT);
	*ret_place = place;
	return 0;
}

static void set_options(int fd, int family)
{
	const int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	if (family == AF_INET) {
		setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
		setsockopt(fd, IPPROTO_IP, IP_RECVTTL, &on, sizeof(on));
		return;
	}
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on));
}

static int bind_place(const union place *place)
{
	int family = place->any.sa_family, r = 0;
	int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	set_options(fd, family);
	if (bind(fd, &place->any, family == AF_INET ? sizeof(place->v4) : sizeof(place->v6)) < 0)
		r = -errno;
	if (r == 0)
		return fd;
	close(fd);
	return r;
}

/* With the port that the kernel chose, where it did. */
static void note_text(struct door *door)
{
	char host[INET6_ADDRSTRLEN] = "?";
	union place own;
	socklen_t length = sizeof(own);

	if (getsockname(door->fd, &own.any, &length) < 0)
		return;
	if (own.any.sa_family == AF_INET)
		inet_ntop(AF_INET, &own.v4.sin_addr, host, sizeof(host));
	else
		inet_ntop(AF_INET6, &own.v6.sin6_addr, host, sizeof(host));
	snprintf(door->text, sizeof(door->text), own.any.sa_family == AF_INET ? "%s:%u" : "[%s]:%u",
		host, ntohs(own.v6.sin6_port));
}

int door_open(uv_loop_t *loop, const char *text, struct reflector *reflector,
	struct door **ret_door, struct err *err)
{
	union place place;
	struct door *door;
	int r = read_place(text, &place, err);

	if (r < 0)
		return r;
	door = calloc(1, sizeof(*door));
	if (!door)
		return err_set(err, -ENOMEM, "out of memory");
	door->reflector = reflector;
	r = door->fd = bind_place(&place);
	if (r < 0)
		goto free_door;
	note_text(door);
	r = uv_poll_init(loop, &door->poll, door->fd);
	if (r < 0)
		goto close_fd;
	door->poll.data = door;
	uv_poll_start(&door->poll, UV_READABLE, on_poll);
	*ret_door = door;
	return 0;
close_fd:
	close(door->fd);
free_door:
	free(door);
	return err_errno(err, r, "[reflector] listen: %.80s", text);
}

const char *door_text(const struct door *door)
{
	return door->text;
}

static void on_closed(uv_handle_t *handle)
{
	struct door *door = handle->data;

	close(door->fd);
	free(door);
}

void door_close(struct door *door)
{
	if (door)
		uv_close((uv_handle_t *)&door->poll, on_closed);
}
