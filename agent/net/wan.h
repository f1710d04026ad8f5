/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One WAN as the kernel sees it: which interface it is, what it has (carrier, address, gateway),
 * whom to ask over it, and why something cannot be sent.
 */
#ifndef PANTAU_AGENT_NET_WAN_H
#define PANTAU_AGENT_NET_WAN_H

#include "agent/core/slots.h"
#include "agent/net/address.h"
#include "agent/net/link.h"
#include "agent/net/nat64.h"
#include "agent/net/resolvers.h"
#include "agent/settings/settings.h"

struct wan;

/* Copies both. `netlink` is a descriptor for asking, borrowed. `interface` "auto": that of the
 * default route; it stays the WAN's when the route goes. */
int wan_new(int netlink, const char *interface, const struct settings_target *targets,
	struct wan **ret_wan);
void wan_free(struct wan *wan);

/* Looks at the routing table, the addresses and the resolvers again. */
void wan_refresh(struct wan *wan);
/* One change of a link, as it happened. true: this WAN's carrier changed. */
bool wan_take_link(struct wan *wan, const struct link *link);
/* Counters, carrier, gateway, address as of now. */
void wan_read(struct wan *wan, struct wan_reading *ret_reading);
/* Whom to ask: configured targets, and gateway and resolvers where they are found. */
size_t wan_targets(const struct wan *wan, struct target ret_targets[SLOT_TARGETS_MAX]);
/* A target as it can be asked over this WAN: one of IPv4 through NAT64 where there is no IPv4.
 * false: not over this WAN. */
bool wan_map(const struct wan *wan, const struct target *target, struct target *ret_target);

struct wan_way {
	uint32_t interface; /* 0: any */
	struct address source; /* length 0: the kernel's choice */
};
/* REFUSAL_NONE and the way by which to ask, or why nothing can be sent to there. */
enum refusal wan_way(const struct wan *wan, const struct address *to, struct wan_way *ret_way);
/* The resolvers that the machine uses, whether inside the provider's network or not. */
size_t wan_resolvers(const struct wan *wan, struct address ret_addresses[RESOLVERS_MAX]);

/* ---- what is found out by asking; each tells the watcher if it is new */

/* Called when whom to ask has changed. */
void wan_watch(struct wan *wan, void (*changed)(void *arg), void *arg);
/* Whether there is IPv6 and no IPv4: only then a prefix is of use. */
bool wan_is_v6_only(const struct wan *wan);
void wan_set_nat64(struct wan *wan, const struct nat64 *prefix);
/* The first hop beyond the premises; length 0: none is known. Asked where edge_targets = auto. */
void wan_set_edge(struct wan *wan, const struct address *edge);
/* The default route's next hop; length 0: the interface itself is the way. */
struct address wan_gateway(const struct wan *wan);
/* The gateway was asked at this moment because a round was lost, and answered or did not: from
 * then on the kernel must have heard of it, to count as there. */
void wan_gateway_heard(struct wan *wan, uint64_t sent_us, bool answered);

/* Whether this is one of its own addresses. */
bool wan_has_address(const struct wan *wan, const union socket_address *address);
/* "none" while there is no interface. */
const char *wan_interface_name(const struct wan *wan);

#endif
