/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/net/netlink.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "common/clock.h"

#define ANSWER_BYTES 16384 /* the kernel fills at most a page or two at a time */
#define ANSWER_WAIT_S 1 /* it answers at once; this is for a kernel in distress */

void netlink_prepare(struct netlink_request *request, uint16_t type, uint16_t flags, size_t size)
{
	memset(request, 0, sizeof(*request));
	request->header.nlmsg_len = (uint32_t)NLMSG_LENGTH(size);
	request->header.nlmsg_type = type;
	request->header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
}

void netlink_attribute(
	struct netlink_request *request, uint16_t type, const void *value, size_t length)
{
	size_t at = NLMSG_ALIGN(request->header.nlmsg_len);
	struct rtattr attribute = {.rta_type = type, .rta_len = (uint16_t)RTA_LENGTH(length)};

	if (at + RTA_SPACE(length) > sizeof(*request))
		return; /* our own requests have few and small ones */
	memcpy((uint8_t *)request + at, &attribute, sizeof(attribute));
	memcpy((uint8_t *)request + at + RTA_LENGTH(0), value, length);
	request->header.nlmsg_len = (uint32_t)(at + RTA_SPACE(length));
}

int netlink_open(uint32_t groups)
{
	struct sockaddr_nl own = {.nl_family = AF_NETLINK, .nl_groups = groups};
	struct timeval wait = {.tv_sec = ANSWER_WAIT_S};
	int type = SOCK_RAW | SOCK_CLOEXEC | (groups ? SOCK_NONBLOCK : 0);
	int fd = socket(AF_NETLINK, type, NETLINK_ROUTE);

	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&own, sizeof(own)) < 0 ||
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) < 0) {
		int status = -errno;

		close(fd);
		return status;
	}
	return fd;
}

/* Takes one datagram's messages. 1: there is more to come; 0 or a negative errno: that was all. */
static int take_messages(const void *bytes, size_t length, uint32_t sequence,
	void (*take)(void *arg, const struct nlmsghdr *message), void *arg)
{
	const struct nlmsghdr *message = bytes;

	for (; NLMSG_OK(message, length); message = NLMSG_NEXT(message, length)) {
		if (message->nlmsg_seq != sequence)
			continue; /* the rest of an answer that was given up */
		if (message->nlmsg_type == NLMSG_DONE)
			return 0;
		if (message->nlmsg_type == NLMSG_ERROR)
			return message->nlmsg_len < NLMSG_LENGTH(sizeof(struct nlmsgerr))
				? -EBADMSG
				: ((const struct nlmsgerr *)NLMSG_DATA(message))->error;
		take(arg, message);
		if (!(message->nlmsg_flags & NLM_F_MULTI))
			return 0;
	}
	return 1;
}

int netlink_ask(int fd, struct netlink_request *request,
	void (*take)(void *arg, const struct nlmsghdr *message), void *arg)
{
	uint8_t answer[ANSWER_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
	int status = 1;

	request->header.nlmsg_seq = (uint32_t)clock_boot_us(); /* not that of an answer given up */
	if (send(fd, request, request->header.nlmsg_len, 0) < 0)
		return -errno;
	while (status > 0) {
		ssize_t length = recv(fd, answer, sizeof(answer), 0);

		if (length < 0)
			return -errno;
		status = take_messages(
			answer, (size_t)length, request->header.nlmsg_seq, take, arg);
	}
	return status;
}

void netlink_parse(
	const struct nlmsghdr *message, size_t size, struct netlink_attributes *ret_attributes)
{
	const uint8_t *bytes = (const uint8_t *)message;
	size_t at = NLMSG_ALIGN(NLMSG_LENGTH(size));

	memset(ret_attributes, 0, sizeof(*ret_attributes));
	while (at + sizeof(struct rtattr) <= message->nlmsg_len) {
		const struct rtattr *attribute = (const struct rtattr *)(bytes + at);
		unsigned type = attribute->rta_type & NLA_TYPE_MASK;

		if (attribute->rta_len < sizeof(*attribute) ||
			attribute->rta_len > message->nlmsg_len - at)
			return;
		if (type < NETLINK_ATTRIBUTES_MAX)
			ret_attributes->at[type] = attribute;
		at += RTA_ALIGN(attribute->rta_len);
	}
}

uint32_t netlink_u32(const struct netlink_attributes *attributes, unsigned type, uint32_t fallback)
{
	const struct rtattr *attribute = attributes->at[type];

	if (attribute && RTA_PAYLOAD(attribute) >= sizeof(fallback))
		memcpy(&fallback, RTA_DATA(attribute), sizeof(fallback));
	return fallback;
}

struct address netlink_address(const struct netlink_attributes *attributes, unsigned type)
{
	const struct rtattr *attribute = attributes->at[type];
	struct address address = {0};
	size_t length = attribute ? RTA_PAYLOAD(attribute) : 0;

	if (length != 4 && length != 16)
		return address;
	address.length = (uint8_t)length;
	memcpy(address.bytes, RTA_DATA(attribute), length);
	return address;
}
