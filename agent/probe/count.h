/* SPDX-License-Identifier: Apache-2.0 */
/* What an endpoint has counted of one stream: the other end's word for it. */
#ifndef PANTAU_AGENT_PROBE_COUNT_H
#define PANTAU_AGENT_PROBE_COUNT_H

#include "agent/probe/reach.h"

struct count_request { /* borrowed */
	const char *url, *ca;
	const struct reach_way *way;
	struct reach *reach; /* whom to ask; its descriptor is not used */
	uint64_t wanted_bytes; /* less is asked again a few times: it may be on its way; 0: once */
};

struct count {
	uint64_t bytes, duration_us;
	uint32_t rtt_us, retransmissions; /* of what it sent; 0 also when it does not know */
};

/* 0; -ENOENT: it counts nothing, as a plain server does; another negative errno: no answer. */
int count_ask(const struct count_request *request, struct count *ret_count);

#endif
