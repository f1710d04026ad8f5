/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/net/wan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "agent/net/resolvers.h"
#include "agent/net/route.h"

struct wan {
	int netlink;
	char interface[IF_NAMESIZE]; /* as configured; empty: that of the default route */
	struct settings_target settings;
	struct link link;
	struct link_addresses addresses;
	struct address gateway; /* the last one known: it is asked in vain when the route is gone */
	size_t resolver_count;
	struct address resolvers[RESOLVERS_MAX];
};

int wan_new(int netlink, const char *interface, const struct settings_target *targets,
	struct wan **ret_wan)
{
	bool is_auto = strcmp(interface, "auto") == 0;
	struct wan *wan;

	if (strlen(interface) >= IF_NAMESIZE)
		return -EINVAL;
	wan = calloc(1, sizeof(*wan));
	if (!wan)
		return -ENOMEM;
	wan->netlink = netlink;
	wan->settings = *targets;
	if (!is_auto)
		strcpy(wan->interface, interface);
	*ret_wan = wan;
	return 0;
}

void wan_free(struct wan *wan)
{
	free(wan);
}

/* ---- looking */

static void find_default(const struct wan *wan, uint32_t interface, struct route *route)
{
	*route = (struct route){0};
	route_default(wan->netlink, AF_INET, interface, route);
	if (!route->found)
		route_default(wan->netlink, AF_INET6, interface, route);
}

/* The link of the interface; what is not there (any more) has no carrier. */
static void find_link(struct wan *wan, uint32_t by_default)
{
	struct link gone = wan->link;
	int status;

	gone.carrier = CARRIER_DOWN;
	if (wan->interface[0])
		status = link_by_name(wan->netlink, wan->interface, &wan->link);
	else if (by_default || wan->link.index)
		status = link_by_index(
			wan->netlink, by_default ? by_default : wan->link.index, &wan->link);
	else
		return; /* never had a way out: nothing is known */
	if (status < 0)
		wan->link = gone;
}

void wan_refresh(struct wan *wan)
{
	struct route route = {0};

	if (!wan->interface[0])
		find_default(wan, 0, &route);
	find_link(wan, route.interface);
	memset(&wan->addresses, 0, sizeof(wan->addresses));
	if (wan->link.index) {
		link_addresses(wan->netlink, wan->link.index, &wan->addresses);
		find_default(wan, wan->link.index, &route);
	}
	if (route.found)
		wan->gateway = route.gateway;
	if (wan->settings.provider_auto)
		wan->resolver_count = resolvers_read(RESOLVERS_FILE, wan->resolvers);
}

bool wan_take_link(struct wan *wan, const struct link *link)
{
	bool changed;

	if (!wan->link.index || link->index != wan->link.index)
		return false;
	changed = link->carrier != wan->link.carrier;
	wan->link.carrier = link->carrier;
	return changed;
}

static struct address own_address(const struct wan *wan)
{
	if (wan->addresses.v4.length || address_is_link_local(&wan->addresses.v6))
		return wan->addresses.v4;
	return wan->addresses.v6;
}

void wan_read(struct wan *wan, struct wan_reading *ret_reading)
{
	const struct link *link = &wan->link;

	if (link->index)
		link_by_index(wan->netlink, link->index, &wan->link);
	*ret_reading = (struct wan_reading){
		.interface = link->index,
		.carrier = link->carrier,
		.address = own_address(wan),
		.rx_bytes = link->rx_bytes,
		.tx_bytes = link->tx_bytes,
		.rx_packets = link->rx_packets,
		.tx_packets = link->tx_packets,
		.errors = link->errors,
	};
	if (link->index && wan->gateway.length)
		ret_reading->gateway = link_neighbour(wan->netlink, link->index, &wan->gateway);
}

/* ---- asking */

size_t wan_targets(const struct wan *wan, struct target ret_targets[SLOT_TARGETS_MAX])
{
	size_t count = wan->settings.count;

	memcpy(ret_targets, wan->settings.targets, count * sizeof(*ret_targets));
	if (wan->settings.gateway_auto && wan->gateway.length && count < SLOT_TARGETS_MAX)
		ret_targets[count++] = (struct target){
			.class = CLASS_GATEWAY, .address = wan->gateway};
	for (size_t i = 0; i < wan->resolver_count && count < SLOT_TARGETS_MAX; i++)
		if (!address_same(&wan->resolvers[i], &wan->gateway))
			ret_targets[count++] = (struct target){
				.class = CLASS_PROVIDER, .address = wan->resolvers[i]};
	return count;
}

enum refusal wan_way(const struct wan *wan, const struct address *to, uint32_t *ret_interface)
{
	const struct link *link = &wan->link;
	const struct address *own;
	int status;

	*ret_interface = 0;
	if (address_is_loopback(to) || route_is_local(wan->netlink, to))
		return REFUSAL_NONE; /* this machine itself: no WAN is asked */
	if (link->carrier == CARRIER_DOWN || (wan->interface[0] && !link->index))
		return REFUSAL_CARRIER;
	if (!link->index)
		return REFUSAL_ROUTE; /* auto, and never a default route: no WAN to measure */
	own = to->length == 4 ? &wan->addresses.v4 : &wan->addresses.v6;
	if (!own->length)
		return REFUSAL_ADDRESS;
	status = route_check(wan->netlink, to, link->index);
	if (status == -ENETUNREACH || status == -EHOSTUNREACH)
		return REFUSAL_ROUTE;
	*ret_interface = link->index;
	return REFUSAL_NONE;
}

bool wan_has_address(const struct wan *wan, const union socket_address *address)
{
	const struct link_addresses *own = &wan->addresses;

	return (own->v4.length && socket_address_is(address, &own->v4)) ||
		(own->v6.length && socket_address_is(address, &own->v6));
}

const char *wan_interface_name(const struct wan *wan)
{
	if (wan->link.name[0])
		return wan->link.name;
	return wan->interface[0] ? wan->interface : "none";
}
