/* SPDX-License-Identifier: Apache-2.0 */
/* Who was heard on the router's own networks a moment ago, as the kernel's neighbour tables say. */
#ifndef PANTAU_AGENT_NET_NEIGHBOURS_H
#define PANTAU_AGENT_NET_NEIGHBOURS_H

#include "agent/core/devices.h"
#include "agent/net/netlink.h"

#define NEIGHBOURS_WANS_MAX 4

struct neighbours { /* what to count, and where to */
	struct devices *devices; /* borrowed */
	size_t wan_count;
	uint32_t wans[NEIGHBOURS_WANS_MAX]; /* interfaces behind which nobody of ours is */
};

/* From an RTM_NEWNEIGH message: a device that is reachable, or was a moment ago. */
void neighbours_take(const struct neighbours *neighbours, const struct nlmsghdr *message);
/* Asks the kernel for all of them. 0 or its negative errno. */
int neighbours_count(int netlink, const struct neighbours *neighbours);

#endif
