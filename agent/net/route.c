/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/net/route.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "agent/net/address.h"

/* ---- default route */

/* Of a route over several ways at once the first one stands for all. */
static void take_first_hop(const struct rtattr *attribute, struct route *route)
{
	const struct rtnexthop *hop = RTA_DATA(attribute);
	struct {
		struct nlmsghdr header;
		uint8_t attributes[64];
	} inner = {0};
	struct netlink_attributes attributes;
	size_t length = RTA_PAYLOAD(attribute);

	if (length < sizeof(*hop) || hop->rtnh_len < sizeof(*hop) || hop->rtnh_len > length)
		return;
	length = hop->rtnh_len - sizeof(*hop);
	if (length > sizeof(inner.attributes))
		return;
	memcpy(inner.attributes, RTNH_DATA(hop), length);
	inner.header.nlmsg_len = (uint32_t)NLMSG_LENGTH(length);
	netlink_parse(&inner.header, 0, &attributes);
	route->interface = (uint32_t)hop->rtnh_ifindex;
	route->gateway = netlink_address(&attributes, RTA_GATEWAY);
}

void route_take(struct route *best, uint32_t interface, const struct nlmsghdr *message)
{
	const struct rtmsg *header = NLMSG_DATA(message);
	struct netlink_attributes attributes;
	struct route route = {.found = true};

	if (message->nlmsg_type != RTM_NEWROUTE ||
		message->nlmsg_len < NLMSG_LENGTH(sizeof(*header)) || header->rtm_dst_len != 0 ||
		header->rtm_type != RTN_UNICAST || header->rtm_flags & RTM_F_CLONED)
		return;
	netlink_parse(message, sizeof(*header), &attributes);
	if (netlink_u32(&attributes, RTA_TABLE, header->rtm_table) != RT_TABLE_MAIN)
		return;
	route.metric = netlink_u32(&attributes, RTA_PRIORITY, 0);
	route.interface = netlink_u32(&attributes, RTA_OIF, 0);
	route.gateway = netlink_address(&attributes, RTA_GATEWAY);
	if (attributes.at[RTA_MULTIPATH])
		take_first_hop(attributes.at[RTA_MULTIPATH], &route);
	if (interface && route.interface != interface)
		return;
	if (!best->found || route.metric < best->metric)
		*best = route;
}

struct search {
	struct route best;
	uint32_t interface;
};

static void take_route(void *arg, const struct nlmsghdr *message)
{
	struct search *search = arg;

	route_take(&search->best, search->interface, message);
}

int route_default(int netlink, int family, uint32_t interface, struct route *ret_route)
{
	struct search search = {.interface = interface};
	struct netlink_request request;
	int status;

	netlink_prepare(&request, RTM_GETROUTE, NLM_F_DUMP, sizeof(request.route));
	request.route.rtm_family = (uint8_t)family;
	request.route.rtm_table = RT_TABLE_MAIN;
	status = netlink_ask(netlink, &request, take_route, &search);
	if (status == 0)
		*ret_route = search.best;
	return status;
}

/* ---- one destination */

static void take_type(void *arg, const struct nlmsghdr *message)
{
	const struct rtmsg *header = NLMSG_DATA(message);
	uint8_t *type = arg;

	if (message->nlmsg_len >= NLMSG_LENGTH(sizeof(*header)))
		*type = header->rtm_type;
}

/* The type is one of RTN_... */
static int ask_way(int netlink, const struct address *to, uint32_t interface, uint8_t *ret_type)
{
	struct netlink_request request;
	bool is_v4 = to->length == 4;

	netlink_prepare(&request, RTM_GETROUTE, 0, sizeof(request.route));
	request.route.rtm_family = is_v4 ? AF_INET : AF_INET6;
	request.route.rtm_dst_len = is_v4 ? 32 : 128;
	request.route.rtm_flags = RTM_F_FIB_MATCH; /* the table's own entry, or an error */
	netlink_attribute(&request, RTA_DST, to->bytes, to->length);
	if (interface)
		netlink_attribute(&request, RTA_OIF, &interface, sizeof(interface));
	return netlink_ask(netlink, &request, take_type, ret_type);
}

int route_check(int netlink, const struct address *to, uint32_t interface)
{
	uint8_t type = RTN_UNSPEC;

	return ask_way(netlink, to, interface, &type);
}

bool route_is_local(int netlink, const struct address *address)
{
	uint8_t type = RTN_UNSPEC;

	return ask_way(netlink, address, 0, &type) == 0 && type == RTN_LOCAL;
}
