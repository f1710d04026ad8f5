/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One ICMP socket of one family: a datagram socket where the kernel allows it to everybody
 * (net.ipv4.ping_group_range), else a raw one. Sends echo requests and reads echo replies, with the
 * kernel's own timestamps of leaving and arriving where it gives them.
 */
#ifndef PANTAU_AGENT_PROBES_ICMP_SOCKET_H
#define PANTAU_AGENT_PROBES_ICMP_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/net/address.h"
#include "common/err.h"

struct icmp_socket {
	int fd; /* -1: this family cannot be used here */
	int family;
	bool raw;
	uint16_t id; /* of our echo requests; a datagram socket's is given by the kernel */
};

struct icmp_echo { /* what is in a request and comes back in its reply */
	uint16_t sequence;
	uint32_t cookie; /* random: the whole payload */
};

/* -EPERM, -EACCES, -EAFNOSUPPORT ... */
int icmp_socket_open(struct icmp_socket *icmp, int family);
void icmp_socket_close(struct icmp_socket *icmp);

struct icmp_way {
	struct address to;
	uint32_t interface; /* 0: as the routing table says */
	struct address source; /* length 0: the kernel chooses */
};
/* 0 or a negative errno. */
int icmp_socket_send(
	const struct icmp_socket *icmp, const struct icmp_way *way, const struct icmp_echo *echo);

struct icmp_arrival {
	union socket_address from;
	struct icmp_echo echo;
	int64_t utc_ns; /* by the kernel; 0: it gave none */
};
/* 1: a reply to a request of this socket. 0: nothing there. */
int icmp_socket_receive(const struct icmp_socket *icmp, struct icmp_arrival *ret_arrival);

struct icmp_departure {
	uint32_t cookie;
	int64_t utc_ns;
};
/* 1: the kernel says when a request left. 0: nothing there. */
int icmp_socket_departed(const struct icmp_socket *icmp, struct icmp_departure *ret_departure);

#endif
