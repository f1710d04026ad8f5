/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which router a packet dies at when it may go so many hops: an empty UDP datagram is sent with
 * that TTL, and the kernel keeps the ICMP error that comes back to it. Needs no privilege.
 */
#ifndef PANTAU_AGENT_PROBES_HOP_H
#define PANTAU_AGENT_PROBES_HOP_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/model.h"

#define HOP_TTL_MAX 30

struct hop_way {
	struct address to;
	uint32_t interface; /* 0: as the routing table says */
	struct address source; /* length 0: the kernel chooses */
};

struct hop {
	uint8_t ttl; /* that the packet had */
	bool expired; /* Time Exceeded; otherwise it came to its end, or was refused */
	struct address from;
};

/* The socket's descriptor or a negative errno. It becomes readable when an error came. */
int hop_open(const struct hop_way *way);
int hop_send(int fd, const struct hop_way *way, uint8_t ttl);
/* Does not wait. false: nothing there. */
bool hop_read(int fd, struct hop *ret_hop);

#endif
