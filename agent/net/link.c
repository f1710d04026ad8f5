/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/net/link.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <net/if_arp.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/net/address.h"

/* ---- links */

static enum carrier carrier_of(
	const struct ifinfomsg *header, const struct netlink_attributes *attributes)
{
	const struct rtattr *carrier = attributes->at[IFLA_CARRIER];

	if (!(header->ifi_flags & IFF_UP))
		return CARRIER_DOWN;
	if (carrier && RTA_PAYLOAD(carrier) >= 1)
		return *(const uint8_t *)RTA_DATA(carrier) ? CARRIER_UP : CARRIER_DOWN;
	return header->ifi_flags & IFF_RUNNING ? CARRIER_UP : CARRIER_DOWN;
}

/* A dead PPP session is no pulled cable: who is at fault must not be read from it. */
static bool is_session(unsigned type)
{
	return type == ARPHRD_PPP || type == ARPHRD_TUNNEL || type == ARPHRD_TUNNEL6 ||
		type == ARPHRD_SIT || type == ARPHRD_IPGRE;
}

bool link_names_session(const char *name)
{
	return strncmp(name, "ppp", 3) == 0; /* ppp0, OpenWrt's pppoe-wan */
}

static void take_counters(const struct rtattr *attribute, struct link *link)
{
	struct rtnl_link_stats64 stats = {0};
	size_t length = attribute ? RTA_PAYLOAD(attribute) : 0;

	/* An older kernel's is shorter: what it does not count is 0. */
	if (attribute)
		memcpy(&stats, RTA_DATA(attribute),
			length < sizeof(stats) ? length : sizeof(stats));
	link->rx_bytes = stats.rx_bytes;
	link->tx_bytes = stats.tx_bytes;
	link->rx_packets = stats.rx_packets;
	link->tx_packets = stats.tx_packets;
	link->errors = stats.rx_errors + stats.tx_errors;
}

bool link_take(const struct nlmsghdr *message, struct link *ret_link)
{
	const struct ifinfomsg *header = NLMSG_DATA(message);
	struct netlink_attributes attributes;
	struct link link = {0};

	if ((message->nlmsg_type != RTM_NEWLINK && message->nlmsg_type != RTM_DELLINK) ||
		message->nlmsg_len < NLMSG_LENGTH(sizeof(*header)))
		return false;
	netlink_parse(message, sizeof(*header), &attributes);
	link.index = (uint32_t)header->ifi_index;
	link.carrier = message->nlmsg_type == RTM_DELLINK ? CARRIER_DOWN
							  : carrier_of(header, &attributes);
	link.is_session = is_session(header->ifi_type);
	if (link.is_session && link.carrier == CARRIER_DOWN)
		link.carrier = CARRIER_UNKNOWN;
	if (attributes.at[IFLA_IFNAME])
		snprintf(link.name, sizeof(link.name), "%.*s",
			(int)RTA_PAYLOAD(attributes.at[IFLA_IFNAME]),
			(const char *)RTA_DATA(attributes.at[IFLA_IFNAME]));
	take_counters(attributes.at[IFLA_STATS64], &link);
	*ret_link = link;
	return true;
}

static void take_link(void *arg, const struct nlmsghdr *message)
{
	link_take(message, arg);
}

static int ask_link(int netlink, struct netlink_request *request, struct link *ret_link)
{
	struct link link = {0};
	int status = netlink_ask(netlink, request, take_link, &link);

	if (status == 0 && !link.index)
		status = -ENODEV;
	if (status == 0)
		*ret_link = link;
	return status;
}

int link_by_name(int netlink, const char *name, struct link *ret_link)
{
	struct netlink_request request;

	netlink_prepare(&request, RTM_GETLINK, 0, sizeof(request.link));
	netlink_attribute(&request, IFLA_IFNAME, name, strlen(name) + 1);
	return ask_link(netlink, &request, ret_link);
}

int link_by_index(int netlink, uint32_t index, struct link *ret_link)
{
	struct netlink_request request;

	netlink_prepare(&request, RTM_GETLINK, 0, sizeof(request.link));
	request.link.ifi_index = (int)index;
	return ask_link(netlink, &request, ret_link);
}

/* ---- addresses */

void link_take_address(
	struct link_addresses *addresses, uint32_t index, const struct nlmsghdr *message)
{
	const struct ifaddrmsg *header = NLMSG_DATA(message);
	struct netlink_attributes attributes;
	struct address *kept, address;

	if (message->nlmsg_type != RTM_NEWADDR ||
		message->nlmsg_len < NLMSG_LENGTH(sizeof(*header)) || header->ifa_index != index ||
		header->ifa_flags & (IFA_F_TENTATIVE | IFA_F_DEPRECATED | IFA_F_DADFAILED))
		return;
	netlink_parse(message, sizeof(*header), &attributes);
	/* On a point-to-point link IFA_ADDRESS is the other end. */
	address = netlink_address(
		&attributes, attributes.at[IFA_LOCAL] ? IFA_LOCAL : (unsigned)IFA_ADDRESS);
	kept = address.length == 4 ? &addresses->v4 : &addresses->v6;
	if (!kept->length || address_is_link_local(kept))
		*kept = address;
}

struct address_search {
	struct link_addresses addresses;
	uint32_t index;
};

static void take_address(void *arg, const struct nlmsghdr *message)
{
	struct address_search *search = arg;

	link_take_address(&search->addresses, search->index, message);
}

int link_addresses(int netlink, uint32_t index, struct link_addresses *ret_addresses)
{
	struct address_search search = {.index = index};
	struct netlink_request request;
	int status;

	netlink_prepare(&request, RTM_GETADDR, NLM_F_DUMP, sizeof(request.address));
	status = netlink_ask(netlink, &request, take_address, &search);
	if (status == 0)
		*ret_addresses = search.addresses;
	return status;
}

/* ---- neighbours */

static void take_age(const struct rtattr *attribute, struct link_neighbour *neighbour)
{
	struct nda_cacheinfo info;
	long ticks_per_s = sysconf(_SC_CLK_TCK);

	if (!attribute || RTA_PAYLOAD(attribute) < sizeof(info) || ticks_per_s <= 0)
		return;
	memcpy(&info, RTA_DATA(attribute), sizeof(info));
	neighbour->dated = true;
	neighbour->age_us = info.ndm_confirmed * UINT64_C(1000000) / (uint64_t)ticks_per_s;
}

void link_take_neighbour(struct link_neighbour *neighbour, uint32_t index,
	const struct address *address, const struct nlmsghdr *message)
{
	const struct ndmsg *header = NLMSG_DATA(message);
	struct netlink_attributes attributes;
	struct address found;

	if (message->nlmsg_type != RTM_NEWNEIGH ||
		message->nlmsg_len < NLMSG_LENGTH(sizeof(*header)) ||
		(uint32_t)header->ndm_ifindex != index)
		return;
	netlink_parse(message, sizeof(*header), &attributes);
	found = netlink_address(&attributes, NDA_DST);
	if (!address_same(&found, address))
		return;
	*neighbour = (struct link_neighbour){.state = header->ndm_state};
	take_age(attributes.at[NDA_CACHEINFO], neighbour);
}

enum neighbour link_judge_neighbour(const struct link_neighbour *neighbour, uint64_t fresh_us)
{
	const uint16_t heard = NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE;

	if (neighbour->state & (NUD_FAILED | NUD_INCOMPLETE))
		return NEIGHBOUR_FAILED;
	/* What is written down for ever (NUD_PERMANENT, NUD_NOARP) was never asked. */
	if (!(neighbour->state & heard))
		return NEIGHBOUR_UNKNOWN;
	if (neighbour->dated ? neighbour->age_us <= fresh_us : neighbour->state & NUD_REACHABLE)
		return NEIGHBOUR_RESOLVED;
	return NEIGHBOUR_UNKNOWN;
}

struct neighbour_search {
	struct link_neighbour found;
	uint32_t index;
	const struct address *address;
};

static void take_neighbour(void *arg, const struct nlmsghdr *message)
{
	struct neighbour_search *search = arg;

	link_take_neighbour(&search->found, search->index, search->address, message);
}

struct link_neighbour link_neighbour(int netlink, uint32_t index, const struct address *address)
{
	struct neighbour_search search = {.index = index, .address = address};
	struct netlink_request request;

	netlink_prepare(&request, RTM_GETNEIGH, NLM_F_DUMP, sizeof(request.neighbour));
	request.neighbour.ndm_family = address->length == 4 ? AF_INET : AF_INET6;
	netlink_ask(netlink, &request, take_neighbour, &search);
	return search.found;
}
