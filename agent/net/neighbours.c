/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/net/neighbours.h"

#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEARD_S 900 /* a phone in a pocket says something every few minutes */
/* Asked again after a while (PROBE, DELAY), it is still there. */
#define IS_THERE (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE)

/* The kernel keeps a hundred of those that left, for as long as it runs. */
static bool was_heard(const struct rtattr *attribute)
{
	struct nda_cacheinfo info;
	long ticks_per_s = sysconf(_SC_CLK_TCK);

	if (!attribute || RTA_PAYLOAD(attribute) < sizeof(info) || ticks_per_s <= 0)
		return true;
	memcpy(&info, RTA_DATA(attribute), sizeof(info));
	return info.ndm_confirmed / (unsigned long)ticks_per_s <= HEARD_S;
}

static bool is_wan(const struct neighbours *neighbours, uint32_t interface)
{
	for (size_t i = 0; i < neighbours->wan_count; i++)
		if (neighbours->wans[i] == interface)
			return true;
	return false;
}

void neighbours_take(const struct neighbours *neighbours, const struct nlmsghdr *message)
{
	const struct ndmsg *neighbour = NLMSG_DATA(message);
	struct netlink_attributes attributes;
	const struct rtattr *hardware;

	if (message->nlmsg_type != RTM_NEWNEIGH ||
		message->nlmsg_len < NLMSG_LENGTH(sizeof(*neighbour)) ||
		!(neighbour->ndm_state & IS_THERE) ||
		is_wan(neighbours, (uint32_t)neighbour->ndm_ifindex))
		return;
	netlink_parse(message, sizeof(*neighbour), &attributes);
	if (!was_heard(attributes.at[NDA_CACHEINFO]))
		return;
	hardware = attributes.at[NDA_LLADDR];
	if (hardware && RTA_PAYLOAD(hardware) == MAC_BYTES)
		devices_add(neighbours->devices, RTA_DATA(hardware));
}

static void on_neighbour(void *arg, const struct nlmsghdr *message)
{
	neighbours_take(arg, message);
}

int neighbours_count(int netlink, const struct neighbours *neighbours)
{
	struct netlink_request request;

	netlink_prepare(&request, RTM_GETNEIGH, NLM_F_DUMP, sizeof(request.neighbour));
	request.neighbour.ndm_family = AF_UNSPEC; /* both, and no bridge's tables */
	return netlink_ask(netlink, &request, on_neighbour, (void *)neighbours);
}
