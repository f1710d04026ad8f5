/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/net/neighbours.h"

#include <stdbool.h>
#include <sys/socket.h>

/* Asked again after a while (PROBE, DELAY), it is still there. */
#define IS_THERE (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE)

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
		!(neighbour->ndm_state & IS_THERE) || neighbour->ndm_flags & NTF_ROUTER ||
		is_wan(neighbours, (uint32_t)neighbour->ndm_ifindex))
		return;
	netlink_parse(message, sizeof(*neighbour), &attributes);
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
