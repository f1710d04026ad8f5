/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/net/wan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "agent/net/route.h"
#include "agent/net/wan_private.h"
#include "common/clock.h"

#define S_US UINT64_C(1000000)
/* A gateway heard of so lately is there, were it to fall silent now. */
#define FRESH_US (15 * S_US)
/* The kernel asks again after 45 s at the latest, if somebody wants it, and takes 8 s for it. */
#define FRESH_MAX_US (70 * S_US)
#define STREAK_US (90 * S_US) /* lost rounds that lie further apart are not one outage */

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

static void find_routes(struct wan *wan, uint32_t interface)
{
	wan->route_v4 = wan->route_v6 = (struct route){0};
	route_default(wan->netlink, AF_INET, interface, &wan->route_v4);
	route_default(wan->netlink, AF_INET6, interface, &wan->route_v6);
}

static const struct route *default_route(const struct wan *wan)
{
	return wan->route_v4.found ? &wan->route_v4 : &wan->route_v6;
}

/* The link of the interface; what is not there (any more) has no carrier. */
static void find_link(struct wan *wan, uint32_t by_default)
{
	struct link gone = wan->link;
	int status;

	if (!gone.index)
		gone.is_session = link_names_session(wan->interface);
	gone.carrier = gone.is_session ? CARRIER_UNKNOWN : CARRIER_DOWN;
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

/* Without a name: the interface of the default route. But when the WAN has lost its own, a default
 * route by another interface is a backup, and to measure that one would hide the outage. A session
 * that was made anew has the same name and another index. */
static uint32_t follow_default(struct wan *wan)
{
	uint32_t now = wan->link.index, by_default;
	struct link other;
	bool is_v4;

	find_routes(wan, 0);
	is_v4 = wan->route_v4.found;
	by_default = default_route(wan)->interface;
	if (!now || !by_default || by_default == now)
		return by_default;
	find_routes(wan, now);
	if (is_v4 ? wan->route_v4.found : wan->route_v6.found)
		return by_default; /* both have one: the kernel prefers the other */
	if (link_by_index(wan->netlink, by_default, &other) == 0 &&
		strcmp(other.name, wan->link.name) == 0)
		return by_default;
	return now;
}

void wan_refresh(struct wan *wan)
{
	uint32_t by_default = wan->interface[0] ? 0 : follow_default(wan);

	find_link(wan, by_default);
	memset(&wan->addresses, 0, sizeof(wan->addresses));
	wan->route_v4 = wan->route_v6 = (struct route){0};
	if (wan->link.index) {
		link_addresses(wan->netlink, wan->link.index, &wan->addresses);
		find_routes(wan, wan->link.index);
	}
	if (default_route(wan)->found)
		wan->gateway = default_route(wan)->gateway;
	if (wan->addresses.v4.length && wan->route_v4.found)
		wan->v4_seen_us = clock_boot_us();
	wan->resolver_count = resolvers_find(wan->link.name, wan->resolvers);
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

static enum neighbour look_at_gateway(const struct wan *wan)
{
	const struct link_neighbour found = link_neighbour(
		wan->netlink, wan->link.index, &wan->gateway);
	uint64_t fresh_us = FRESH_US;

	if (wan->silent_us) { /* it must have been heard of since */
		fresh_us = clock_boot_us() - wan->silent_us;
		if (fresh_us > FRESH_MAX_US)
			fresh_us = FRESH_MAX_US;
	}
	return link_judge_neighbour(&found, fresh_us);
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
		ret_reading->gateway = look_at_gateway(wan);
}

void wan_gateway_heard(struct wan *wan, uint64_t sent_us, bool answered)
{
	if (answered || (wan->silent_us && sent_us > wan->asked_us + STREAK_US))
		wan->silent_us = 0;
	if (!answered && !wan->silent_us)
		wan->silent_us = sent_us;
	wan->asked_us = sent_us;
}

/* ---- asking */

/* By the table that applies to everybody; or by one that applies to our own address alone. */
static int find_way(const struct wan *wan, const struct address *to, const struct address *own,
	struct wan_way *way)
{
	struct route_question question = {.to = *to, .interface = wan->link.index};
	struct route_answer answer;
	int status = route_ask(wan->netlink, &question, &answer);

	if (status == 0)
		return 0;
	question.source = *own;
	if (route_ask(wan->netlink, &question, &answer) < 0)
		return status;
	way->source = *own;
	return 0;
}

enum refusal wan_way(const struct wan *wan, const struct address *to, struct wan_way *ret_way)
{
	const struct link *link = &wan->link;
	const struct address *own;
	struct wan_way way = {0};
	int status;

	*ret_way = way;
	if (address_is_loopback(to) || route_is_local(wan->netlink, to))
		return REFUSAL_NONE; /* this machine itself: no WAN is asked */
	if (!link->index && link_names_session(wan->interface))
		return REFUSAL_ADDRESS; /* it has not come up */
	if (link->carrier == CARRIER_DOWN || (wan->interface[0] && !link->index))
		return REFUSAL_CARRIER;
	if (!link->index)
		return REFUSAL_ROUTE; /* auto, and never a default route: no WAN to measure */
	own = to->length == 4 ? &wan->addresses.v4 : &wan->addresses.v6;
	if (!own->length)
		return REFUSAL_ADDRESS;
	status = find_way(wan, to, own, &way);
	if (status == -ENETUNREACH || status == -EHOSTUNREACH)
		return REFUSAL_ROUTE;
	way.interface = link->index;
	*ret_way = way;
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

size_t wan_resolvers(const struct wan *wan, struct address ret_addresses[RESOLVERS_MAX])
{
	memcpy(ret_addresses, wan->resolvers, wan->resolver_count * sizeof(*ret_addresses));
	return wan->resolver_count;
}

struct address wan_gateway(const struct wan *wan)
{
	return wan->gateway;
}
