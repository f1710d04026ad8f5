/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One HTTP stream in one direction, watched by what the kernel's TCP says of it, and cut as soon as
 * its rate has converged (converge.h) or its bytes are spent. Downwards the bytes are those that
 * arrived here; upwards those that the other end has acknowledged, not those that wait in a buffer.
 */
#ifndef PANTAU_AGENT_PROBE_FLOW_H
#define PANTAU_AGENT_PROBE_FLOW_H

#include "agent/probe/converge.h"
#include "agent/probe/fetch.h"

/* The header by which an endpoint says that its content follows from the nonce (common/keyed.h). */
#define FLOW_KEYED_HEADER "pantau-speed: keyed"

struct flow_request { /* borrowed */
	const char *url, *ca;
	struct reach *reach; /* its descriptor is taken */
	const char *interface; /* whose counters are read; "" none */
	uint64_t nonce;
	uint64_t bytes_max, limit_us;
	bool up;
};

struct flow_result {
	enum fetch_end end; /* STOPPED: it was cut, as it should be */
	unsigned status;
	char words[160]; /* of a fault */
	bool keyed, forged; /* the endpoint says so; it is not what it says */
	bool measured; /* there is a figure */
	struct converge_figure figure;
	uint64_t bytes, duration_us; /* of all of it */
	uint64_t in_order_bytes; /* of them; the others wait for a gap to be filled */
	uint32_t rtt_us, retransmissions;
	uint64_t other_rx_bytes, other_tx_bytes; /* of everyone else on the interface */
};

/* 0, or -ENOMEM. */
int flow_run(const struct flow_request *request, struct flow_result *ret_result);

#endif
