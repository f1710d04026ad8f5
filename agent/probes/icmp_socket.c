/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probes/icmp_socket.h"

#include <time.h> /* before errqueue.h, which does not bring its struct timespec along */

#include <errno.h>
#include <linux/filter.h>
#include <linux/icmp.h>
#include <linux/net_tstamp.h>
#include <netinet/icmp6.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "agent/probes/arrival.h"

#define PACKET_MAX 256 /* a reply is 12 bytes, 60 more with an IPv4 header and its options */
#define CONTROL_BYTES 512 /* timestamps, an error with its address, the interface */

struct packet { /* the same for both families */
	uint8_t type, code;
	uint16_t checksum, id, sequence;
	uint32_t cookie;
} __attribute__((packed));

/* ---- opening */

/* Raw sockets see all of the machine's ICMP: let only echo replies through. */
static int filter_replies(const struct icmp_socket *icmp)
{
	struct icmp_filter v4 = {.data = ~(1U << ICMP_ECHOREPLY)};
	struct icmp6_filter v6;

	if (icmp->family == AF_INET)
		return setsockopt(icmp->fd, SOL_RAW, ICMP_FILTER, &v4, sizeof(v4));
	ICMP6_FILTER_SETBLOCKALL(&v6);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &v6);
	return setsockopt(icmp->fd, IPPROTO_ICMPV6, ICMP6_FILTER, &v6, sizeof(v6));
}

/* Of those only the answers to this socket, by its id: whoever else pings wakes nobody here. What
 * the program looks at begins with the IP header for IPv4, with the ICMP header for IPv6. */
static int filter_id(const struct icmp_socket *icmp)
{
	const unsigned at = icmp->family == AF_INET ? BPF_IND : BPF_ABS;
	struct sock_filter program[] = {
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), /* X: the IP header's length */
		BPF_STMT(BPF_LD | BPF_H | at, offsetof(struct packet, id)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohs(icmp->id), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog filter = {.len = sizeof(program) / sizeof(program[0]), .filter = program};

	return setsockopt(icmp->fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter));
}

/* Both directions if the kernel can, else arrivals alone. */
static void enable_timestamps(int fd)
{
	const int both = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE |
		SOF_TIMESTAMPING_TX_SOFTWARE;
	const int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &both, sizeof(both)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	/* A departure then wakes the loop as "priority", not as an error of the socket. */
	setsockopt(fd, SOL_SOCKET, SO_SELECT_ERR_QUEUE, &on, sizeof(on));
}

static int open_raw(struct icmp_socket *icmp, int protocol)
{
	icmp->fd = socket(icmp->family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	if (icmp->fd < 0)
		return -errno;
	icmp->raw = true;
	if (filter_replies(icmp) < 0 ||
		getrandom(&icmp->id, sizeof(icmp->id), 0) != sizeof(icmp->id) ||
		filter_id(icmp) < 0) {
		int status = -errno;

		icmp_socket_close(icmp);
		return status;
	}
	return 0;
}

/* A datagram socket gets its id when it is bound; the kernel then writes and checks it. */
static int open_datagram(struct icmp_socket *icmp, int protocol)
{
	union socket_address own = {.any = {.sa_family = (sa_family_t)icmp->family}};
	socklen_t length = icmp->family == AF_INET ? sizeof(own.v4) : sizeof(own.v6);

	icmp->fd = socket(icmp->family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	if (icmp->fd < 0)
		return -errno;
	if (bind(icmp->fd, &own.any, length) < 0 || getsockname(icmp->fd, &own.any, &length) < 0) {
		int status = -errno;

		icmp_socket_close(icmp);
		return status;
	}
	icmp->id = icmp->family == AF_INET ? own.v4.sin_port : own.v6.sin6_port;
	return 0;
}

int icmp_socket_open(struct icmp_socket *icmp, int family)
{
	int protocol = family == AF_INET ? IPPROTO_ICMP : (int)IPPROTO_ICMPV6;
	int status;

	*icmp = (struct icmp_socket){.fd = -1, .family = family};
	status = open_datagram(icmp, protocol);
	if (status == -EACCES || status == -EPERM || status == -EPROTONOSUPPORT)
		status = open_raw(icmp, protocol);
	if (status == 0)
		enable_timestamps(icmp->fd);
	return status;
}

void icmp_socket_close(struct icmp_socket *icmp)
{
	if (icmp->fd >= 0)
		close(icmp->fd);
	icmp->fd = -1;
}

/* ---- sending */

static uint16_t internet_checksum(const void *bytes, size_t length)
{
	const uint8_t *at = bytes;
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < length; i += 2)
		sum += (uint32_t)(at[i] << 8 | at[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/* Names the interface and our own address for this one packet: needs no privilege, and follows a
 * link that comes and goes. */
static void name_way(struct msghdr *message, int family, const struct icmp_way *way)
{
	struct cmsghdr *control = CMSG_FIRSTHDR(message);
	struct in_pktinfo v4 = {.ipi_ifindex = (int)way->interface};
	struct in6_pktinfo v6 = {.ipi6_ifindex = way->interface};
	bool is_v4 = family == AF_INET;
	size_t length = is_v4 ? sizeof(v4) : sizeof(v6);

	memcpy(is_v4 ? (void *)&v4.ipi_spec_dst : (void *)&v6.ipi6_addr, way->source.bytes,
		way->source.length);
	control->cmsg_level = is_v4 ? (int)IPPROTO_IP : (int)IPPROTO_IPV6;
	control->cmsg_type = is_v4 ? IP_PKTINFO : IPV6_PKTINFO;
	control->cmsg_len = CMSG_LEN(length);
	memcpy(CMSG_DATA(control), is_v4 ? (void *)&v4 : (void *)&v6, length);
	message->msg_controllen = CMSG_SPACE(length);
}

int icmp_socket_send(
	const struct icmp_socket *icmp, const struct icmp_way *way, const struct icmp_echo *echo)
{
	struct packet packet = {
		.type = icmp->family == AF_INET ? ICMP_ECHO : ICMP6_ECHO_REQUEST,
		.id = icmp->id,
		.sequence = htons(echo->sequence),
		.cookie = echo->cookie,
	};
	char control[CONTROL_BYTES] __attribute__((aligned(sizeof(size_t)))) = {0};
	struct iovec part = {.iov_base = &packet, .iov_len = sizeof(packet)};
	union socket_address address;
	struct msghdr message = {
		.msg_name = &address,
		.msg_namelen = socket_address_of(&way->to, 0, way->interface, &address),
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};

	/* The kernel does it for datagram sockets and for ICMPv6. */
	if (icmp->raw && icmp->family == AF_INET)
		packet.checksum = internet_checksum(&packet, sizeof(packet));
	if (way->interface)
		name_way(&message, icmp->family, way);
	else
		message.msg_controllen = 0;
	return sendmsg(icmp->fd, &message, 0) < 0 ? -errno : 0;
}

/* ---- receiving */

/* Reads one message; the number of bytes, -1 when there is none. */
static ssize_t read_message(const struct icmp_socket *icmp, int flags, uint8_t bytes[PACKET_MAX],
	union socket_address *ret_from, int64_t *ret_utc_ns)
{
	char control[CONTROL_BYTES] __attribute__((aligned(sizeof(size_t))));
	struct iovec part = {.iov_base = bytes, .iov_len = PACKET_MAX};
	struct msghdr message = {
		.msg_name = ret_from,
		.msg_namelen = sizeof(*ret_from),
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	ssize_t length = recvmsg(icmp->fd, &message, flags | MSG_DONTWAIT);

	if (length >= 0)
		*ret_utc_ns = arrival_time(&message);
	return length;
}

/* The ICMP message within what a raw IPv4 socket gives: that has the IP header in front. */
static const uint8_t *skip_header(
	const struct icmp_socket *icmp, const uint8_t *bytes, size_t *length)
{
	size_t header = icmp->raw && icmp->family == AF_INET && *length ? (bytes[0] & 15) * 4U : 0;

	if (header > *length)
		return NULL;
	*length -= header;
	return bytes + header;
}

static bool read_reply(const struct icmp_socket *icmp, const uint8_t *bytes, size_t length,
	struct icmp_echo *ret_echo)
{
	uint8_t reply = icmp->family == AF_INET ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY;
	struct packet packet;

	bytes = skip_header(icmp, bytes, &length);
	if (!bytes || length != sizeof(packet))
		return false;
	memcpy(&packet, bytes, sizeof(packet));
	if (packet.type != reply || packet.code != 0 || packet.id != icmp->id)
		return false;
	ret_echo->sequence = ntohs(packet.sequence);
	ret_echo->cookie = packet.cookie;
	return true;
}

int icmp_socket_receive(const struct icmp_socket *icmp, struct icmp_arrival *ret_arrival)
{
	uint8_t bytes[PACKET_MAX];
	struct icmp_arrival arrival = {0};
	ssize_t length;

	while ((length = read_message(icmp, 0, bytes, &arrival.from, &arrival.utc_ns)) >= 0) {
		if (!read_reply(icmp, bytes, (size_t)length, &arrival.echo))
			continue;
		*ret_arrival = arrival;
		return 1;
	}
	return 0;
}

/* What comes back with the timestamp is the packet as it left, from its link-layer header on:
 * our cookie is its end. */
int icmp_socket_departed(const struct icmp_socket *icmp, struct icmp_departure *ret_departure)
{
	uint8_t bytes[PACKET_MAX];
	union socket_address nobody;
	int64_t utc_ns = 0;
	ssize_t length;

	while ((length = read_message(icmp, MSG_ERRQUEUE, bytes, &nobody, &utc_ns)) >= 0) {
		if ((size_t)length < sizeof(ret_departure->cookie) || !utc_ns)
			continue;
		memcpy(&ret_departure->cookie, bytes + length - sizeof(ret_departure->cookie),
			sizeof(ret_departure->cookie));
		ret_departure->utc_ns = utc_ns;
		return 1;
	}
	return 0;
}
