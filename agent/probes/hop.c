/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probes/hop.h"

#include <time.h> /* which linux/errqueue.h takes for granted */

#include <errno.h>
#include <netinet/in.h>
#include <linux/errqueue.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/net/address.h"
#include "agent/net/leave.h"

#define PORT 33434 /* and one more a hop: nobody listens there, and it says which packet it was */
#define CONTROL_BYTES 256
#define READS_MAX 8 /* errors passed over at a time */

int hop_open(const struct hop_way *way)
{
	bool is_v4 = way->to.length == 4;
	int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	const int on = 1;
	int status;

	if (fd < 0)
		return -errno;
	status = leave_by(fd, way->interface, &way->source);
	if (status == 0 &&
		setsockopt(fd, is_v4 ? IPPROTO_IP : IPPROTO_IPV6, is_v4 ? IP_RECVERR : IPV6_RECVERR,
			&on, sizeof(on)) < 0)
		status = -errno;
	if (status == 0)
		return fd;
	close(fd);
	return status;
}

int hop_send(int fd, const struct hop_way *way, uint8_t ttl)
{
	bool is_v4 = way->to.length == 4;
	union socket_address to;
	socklen_t length = socket_address_of(&way->to, (uint16_t)(PORT + ttl), way->interface, &to);
	const int hops = ttl;

	if (setsockopt(fd, is_v4 ? IPPROTO_IP : IPPROTO_IPV6, is_v4 ? IP_TTL : IPV6_UNICAST_HOPS,
		    &hops, sizeof(hops)) < 0)
		return -errno;
	return sendto(fd, "", 0, 0, &to.any, length) < 0 ? -errno : 0;
}

static bool take_error(const struct sock_extended_err *error, struct hop *hop)
{
	const struct sockaddr *from = SO_EE_OFFENDER(error);

	hop->expired = error->ee_origin == SO_EE_ORIGIN_ICMP ? error->ee_type == ICMP_TIME_EXCEEDED
							     : error->ee_type == ICMPV6_TIME_EXCEED;
	if (error->ee_origin == SO_EE_ORIGIN_ICMP && from->sa_family == AF_INET) {
		hop->from.length = 4;
		memcpy(hop->from.bytes, &((const struct sockaddr_in *)from)->sin_addr, 4);
	} else if (error->ee_origin == SO_EE_ORIGIN_ICMP6 && from->sa_family == AF_INET6) {
		hop->from.length = 16;
		memcpy(hop->from.bytes, &((const struct sockaddr_in6 *)from)->sin6_addr, 16);
	}
	return hop->from.length;
}

static bool find_error(struct msghdr *message, struct hop *hop)
{
	for (struct cmsghdr *control = CMSG_FIRSTHDR(message); control;
		control = CMSG_NXTHDR(message, control))
		if ((control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_RECVERR) ||
			(control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_RECVERR))
			return take_error((const void *)CMSG_DATA(control), hop);
	return false;
}

bool hop_read(int fd, struct hop *ret_hop)
{
	char control[CONTROL_BYTES] __attribute__((aligned(sizeof(size_t))));
	union socket_address to;
	struct msghdr message = {.msg_name = &to, .msg_control = control};

	for (int i = 0; i < READS_MAX; i++) {
		struct hop hop = {0};

		message.msg_namelen = sizeof(to);
		message.msg_controllen = sizeof(control);
		if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
			return false;
		hop.ttl = (uint8_t)(socket_port(&to) - PORT);
		if (!find_error(&message, &hop))
			continue;
		*ret_hop = hop;
		return true;
	}
	return false;
}
