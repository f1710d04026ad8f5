/* SPDX-License-Identifier: Apache-2.0 */
/* The routing table: which way out, and whether there is one. */
#ifndef PANTAU_AGENT_NET_ROUTE_H
#define PANTAU_AGENT_NET_ROUTE_H

#include <stdbool.h>

#include "agent/net/netlink.h"

struct route { /* a default route */
	bool found;
	uint32_t interface; /* by which it leaves */
	uint32_t metric;
	struct address gateway; /* length 0: the interface itself is the way (a tunnel, PPP) */
};

/* Takes one RTM_NEWROUTE message into account: keeps the default route with the lowest metric,
 * of those that leave by the interface (0: by any). */
void route_take(struct route *best, uint32_t interface, const struct nlmsghdr *message);

/* The default route of the family (AF_INET, AF_INET6). 0; route.found says whether there is one. */
int route_default(int netlink, int family, uint32_t interface, struct route *ret_route);

/* Whether there is a route to the address by the interface (0: by any): 0, or a negative errno
 * such as -ENETUNREACH. A link's own idea that everybody is its neighbour does not count. */
int route_check(int netlink, const struct address *to, uint32_t interface);
/* Whether the address is one of this machine's own. */
bool route_is_local(int netlink, const struct address *address);

#endif
