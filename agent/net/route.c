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

static bool is_before(const struct route *route, const struct route *best)
{
	return route->by_rule == best->by_rule ? route->metric < best->metric : best->by_rule;
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
	route.by_rule = netlink_u32(&attributes, RTA_TABLE, header->rtm_table) != RT_TABLE_MAIN;
	route.metric = netlink_u32(&attributes, RTA_PRIORITY, 0);
	route.interface = netlink_u32(&attributes, RTA_OIF, 0);
	route.gateway = netlink_address(&attributes, RTA_GATEWAY);
	if (attributes.at[RTA_MULTIPATH])
		take_first_hop(attributes.at[RTA_MULTIPATH], &route);
	if (interface ? route.interface != interface : route.by_rule)
		return;
	if (!best->found || is_before(&route, best))
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

static void take_answer(void *arg, const struct nlmsghdr *message)
{
	const struct rtmsg *header = NLMSG_DATA(message);
	struct netlink_attributes attributes;
	struct route_answer *answer = arg;

	if (message->nlmsg_len < NLMSG_LENGTH(sizeof(*header)))
		return;
	netlink_parse(message, sizeof(*header), &attributes);
	*answer = (struct route_answer){
		.type = header->rtm_type,
		.bits = header->rtm_dst_len,
		.has_gateway = attributes.at[RTA_GATEWAY] || attributes.at[RTA_MULTIPATH] ||
			attributes.at[RTA_VIA],
	};
}

int route_ask(int netlink, const struct route_question *question, struct route_answer *ret_answer)
{
	const struct address *to = &question->to, *source = &question->source;
	struct route_answer answer = {.type = RTN_UNSPEC};
	struct netlink_request request;
	bool is_v4 = to->length == 4;
	int status;

	netlink_prepare(&request, RTM_GETROUTE, 0, sizeof(request.route));
	request.route.rtm_family = is_v4 ? AF_INET : AF_INET6;
	request.route.rtm_dst_len = is_v4 ? 32 : 128;
	request.route.rtm_flags = RTM_F_FIB_MATCH; /* the table's own entry, or an error */
	netlink_attribute(&request, RTA_DST, to->bytes, to->length);
	if (question->interface)
		netlink_attribute(
			&request, RTA_OIF, &question->interface, sizeof(question->interface));
	if (source->length) {
		request.route.rtm_src_len = request.route.rtm_dst_len;
		netlink_attribute(&request, RTA_SRC, source->bytes, source->length);
	}
	status = netlink_ask(netlink, &request, take_answer, &answer);
	if (status == 0)
		*ret_answer = answer;
	return status;
}

bool route_is_local(int netlink, const struct address *address)
{
	const struct route_question question = {.to = *address};
	struct route_answer answer;

	return route_ask(netlink, &question, &answer) == 0 && answer.type == RTN_LOCAL;
}
