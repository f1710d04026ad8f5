/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom to ask over a WAN. It asks the addresses that were configured, and what was found; over a
 * WAN with IPv6 alone those of IPv4 by another way: through NAT64, or where there is none, the
 * addresses of the default configuration by those of IPv6 that they have as well.
 */
#include <string.h>

#include "agent/net/wan_private.h"
#include "common/clock.h"

/* A WAN that loses its IPv4 has an outage; one without it for a day is one without. */
#define V4_EXPECTED_US (86400 * UINT64_C(1000000))

static const struct {
	uint8_t v4[4], v6[16];
} twins[] = {
	{{1, 1, 1, 1}, {0x26, 0x06, 0x47, 0, 0x47, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x11, 0x11}},
	{{8, 8, 8, 8}, {0x20, 0x01, 0x48, 0x60, 0x48, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0x88, 0x88}},
	{{8, 8, 4, 4}, {0x20, 0x01, 0x48, 0x60, 0x48, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0x88, 0x44}},
	{{9, 9, 9, 9}, {0x26, 0x20, 0, 0xfe, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfe}},
};

static bool find_twin(const struct address *v4, struct address *ret_twin)
{
	for (size_t i = 0; i < sizeof(twins) / sizeof(twins[0]); i++) {
		if (memcmp(twins[i].v4, v4->bytes, 4) != 0)
			continue;
		ret_twin->length = 16;
		memcpy(ret_twin->bytes, twins[i].v6, 16);
		return true;
	}
	return false;
}

static bool has_v6(const struct wan *wan)
{
	return wan->addresses.v6.length && !address_is_link_local(&wan->addresses.v6) &&
		wan->route_v6.found;
}

bool wan_is_v6_only(const struct wan *wan)
{
	bool has_v4 = wan->addresses.v4.length && wan->route_v4.found;

	return has_v6(wan) && !has_v4 &&
		(!wan->v4_seen_us || clock_boot_us() > wan->v4_seen_us + V4_EXPECTED_US);
}

bool wan_map(const struct wan *wan, const struct target *target, struct target *ret_target)
{
	struct target mapped = *target;

	if (target->address.length == 16 && !has_v6(wan))
		return false;
	if (target->address.length == 4 && wan_is_v6_only(wan)) {
		if (wan->nat64.bits)
			mapped.address = nat64_address(&wan->nat64, &target->address);
		else if (!find_twin(&target->address, &mapped.address))
			return false;
	}
	*ret_target = mapped;
	return true;
}

/* ---- the list */

struct list {
	size_t count;
	struct target *targets; /* SLOT_TARGETS_MAX */
};

static bool has(const struct list *list, const struct address *address)
{
	for (size_t i = 0; i < list->count; i++)
		if (address_same(&list->targets[i].address, address))
			return true;
	return false;
}

static void add(struct list *list, enum target_class class, const struct address *address)
{
	if (address->length && list->count < SLOT_TARGETS_MAX && !has(list, address))
		list->targets[list->count++] = (struct target){.class = class, .address = *address};
}

/* Those that can be asked over this WAN. If none of the internet's can, all of them all the
 * same: the WAN has lost what it had, which is to be seen. */
static void add_configured(const struct wan *wan, struct list *list)
{
	const struct settings_target *settings = &wan->settings;
	bool internet = false;

	for (size_t i = 0; i < settings->count; i++) {
		const struct target *target = &settings->targets[i];

		if (!wan_map(wan, target, &list->targets[list->count]))
			continue;
		list->count++;
		internet |= target->class == CLASS_INTERNET && !target->port;
	}
	if (internet)
		return;
	list->count = settings->count;
	memcpy(list->targets, settings->targets, settings->count * sizeof(*settings->targets));
}

/* A resolver on this machine or in a network that it is in itself is not the provider's. */
static bool is_beyond(const struct wan *wan, const struct address *address)
{
	const struct route_question question = {.to = *address};
	struct route_answer answer;

	if (address_is_link_local(address))
		return false;
	if (route_ask(wan->netlink, &question, &answer) < 0)
		return true; /* there is no way to it just now, so it is not near */
	return answer.type == RTN_UNICAST && (answer.has_gateway || !answer.bits);
}

size_t wan_targets(const struct wan *wan, struct target ret_targets[SLOT_TARGETS_MAX])
{
	struct list list = {.targets = ret_targets};

	add_configured(wan, &list);
	if (wan->settings.gateway_auto)
		add(&list, CLASS_GATEWAY, &wan->gateway);
	if (wan->settings.edge_auto)
		add(&list, CLASS_EDGE, &wan->edge);
	for (size_t i = 0; i < wan->resolver_count && wan->settings.provider_auto; i++)
		if (!address_same(&wan->resolvers[i], &wan->gateway) &&
			is_beyond(wan, &wan->resolvers[i]))
			add(&list, CLASS_PROVIDER, &wan->resolvers[i]);
	return list.count;
}

/* ---- what was found out */

static void tell(struct wan *wan)
{
	if (wan->changed)
		wan->changed(wan->changed_arg);
}

void wan_watch(struct wan *wan, void (*changed)(void *arg), void *arg)
{
	wan->changed = changed;
	wan->changed_arg = arg;
}

void wan_set_nat64(struct wan *wan, const struct nat64 *prefix)
{
	if (memcmp(&wan->nat64, prefix, sizeof(*prefix)) == 0)
		return;
	wan->nat64 = *prefix;
	tell(wan);
}

void wan_set_edge(struct wan *wan, const struct address *edge)
{
	if (address_same(&wan->edge, edge))
		return;
	wan->edge = *edge;
	tell(wan);
}
