/* SPDX-License-Identifier: Apache-2.0 */
/* What wan.c finds and wan_targets.c makes targets of. */
#ifndef PANTAU_AGENT_NET_WAN_PRIVATE_H
#define PANTAU_AGENT_NET_WAN_PRIVATE_H

#include "agent/net/route.h"
#include "agent/net/wan.h"

struct wan {
	int netlink;
	char interface[IF_NAMESIZE]; /* as configured; empty: that of the default route */
	struct settings_target settings;
	struct link link;
	struct link_addresses addresses;
	struct route route_v4, route_v6; /* default ones by this interface, as of the last look */
	struct address gateway; /* the last one known: it is asked in vain when the route is gone */
	uint64_t silent_us; /* since when it is asked in vain in lost rounds; 0: it is not */
	uint64_t asked_us; /* when it was asked so last */
	uint64_t v4_seen_us; /* when there was IPv4 last; 0: never */
	struct nat64 nat64;
	struct address edge; /* length 0: none is known */
	size_t resolver_count;
	struct address resolvers[RESOLVERS_MAX];
	void (*changed)(void *arg);
	void *changed_arg;
};

#endif
