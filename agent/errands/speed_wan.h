/* SPDX-License-Identifier: Apache-2.0 */
/* What a speed test wants to know of its WAN: its counters, what others move over it, and whom to
 * ask while the link is loaded. */
#ifndef PANTAU_AGENT_ERRANDS_SPEED_WAN_H
#define PANTAU_AGENT_ERRANDS_SPEED_WAN_H

#include "agent/errands/errand.h"
#include "agent/probes/probe.h"

/* A negative errno when there is no such interface now. */
int speed_wan_counters(int netlink, const struct errand_wan *wan, struct link *ret_link);
/* Somebody in the internet who can be asked over this WAN; untouched when there is nobody. */
void speed_wan_choose_echo(const struct errand_wan *wan, struct probe_request *ret_request);
/* Whether it has internet targets, none of which can be asked. */
bool speed_wan_is_mute(const struct errand_wan *wan);

struct speed_traffic { /* since the counters were read first */
	uint64_t rx_bytes, tx_bytes;
	long long kbps; /* of the busier direction */
};
/* -ESTALE when the interface went, or its counters began anew, meanwhile. */
int speed_wan_traffic(const struct link *first, const struct link *now, uint64_t elapsed_us,
	struct speed_traffic *ret_traffic);

#endif
