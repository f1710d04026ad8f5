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
#include "agent/settings.h"

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
/* REFUSAL_NONE and the interface by which to ask (0: any), or why nothing can be sent to there. */
enum refusal wan_way(const struct wan *wan, const struct address *to, uint32_t *ret_interface);

/* Whether this is one of its own addresses. */
bool wan_has_address(const struct wan *wan, const union socket_address *address);
/* "none" while there is no interface. */
const char *wan_interface_name(const struct wan *wan);

#endif
