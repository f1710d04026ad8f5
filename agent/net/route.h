/* SPDX-License-Identifier: Apache-2.0 */
/* The routing table: which way out, and whether there is one. */
#ifndef PANTAU_AGENT_NET_ROUTE_H
#define PANTAU_AGENT_NET_ROUTE_H

#include <stdbool.h>

#include "agent/net/netlink.h"

struct route { /* a default route */
	bool found;
	bool by_rule; /* of a table of its own, which the kernel looks into by a rule */
	uint32_t interface; /* by which it leaves */
	uint32_t metric;
	struct address gateway; /* length 0: the interface itself is the way (a tunnel, PPP) */
};

/* Takes one RTM_NEWROUTE message into account: keeps the default route with the lowest metric,
 * of those that leave by the interface. The main table goes before others. 0: by any, in the main
 * table. */
void route_take(struct route *best, uint32_t interface, const struct nlmsghdr *message);

/* The default route of the family (AF_INET, AF_INET6). 0; route.found says whether there is one. */
int route_default(int netlink, int family, uint32_t interface, struct route *ret_route);

struct route_question {
	struct address to;
	uint32_t interface; /* 0: by any */
	struct address source; /* length 0: as if no rule asked for it */
};
struct route_answer {
	uint8_t type; /* RTN_... */
	uint8_t bits; /* of the table's entry: 0 is a default route */
	bool has_gateway;
};
/* The routing table's own entry. 0, or a negative errno such as -ENETUNREACH. A link's own
 * idea that everybody is its neighbour does not count. */
int route_ask(int netlink, const struct route_question *question, struct route_answer *ret_answer);
/* Whether the address is one of this machine's own. */
bool route_is_local(int netlink, const struct address *address);

#endif
