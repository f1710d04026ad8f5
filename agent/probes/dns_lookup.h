/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One question to one resolver over UDP, by an interface and from a port of its own: what it said,
 * and how long it took. No resolver library: those wait, and ask whom they like.
 */
#ifndef PANTAU_AGENT_PROBES_DNS_LOOKUP_H
#define PANTAU_AGENT_PROBES_DNS_LOOKUP_H

#include <uv.h>

#include "agent/core/dns_packet.h"

struct dns_lookup_result {
	uint64_t sent_us; /* monotonic */
	uint32_t rtt_us; /* of a reply; at most RTT_MAX_US */
	struct dns_reply reply; /* its outcome may also be DNS_TIMEOUT */
};

struct dns_lookup_request {
	struct address resolver;
	uint16_t port; /* 0: the usual one */
	uint32_t interface; /* 0: as the routing table says */
	struct address source; /* length 0: the kernel chooses */
	enum dns_type type;
	const char *name; /* copied */
	/* Called once, and never from within, unless the lookup is closed before. */
	void (*done)(void *arg, const struct dns_lookup_result *result);
	void *arg;
};

struct dns_lookup;

/* 0, or the errno for which this machine could not send it. */
int dns_lookup_start(
	uv_loop_t *loop, const struct dns_lookup_request *request, struct dns_lookup **ret_lookup);
/* Before it is done: afterwards it frees itself. */
void dns_lookup_close(struct dns_lookup *lookup);

#endif
