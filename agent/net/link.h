/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel knows of one interface: carrier, counters, addresses, a neighbour on it. */
#ifndef PANTAU_AGENT_NET_LINK_H
#define PANTAU_AGENT_NET_LINK_H

#include <net/if.h>
#include <stdbool.h>

#include "agent/net/netlink.h"

struct link {
	uint32_t index; /* 0: there is no such interface */
	char name[IF_NAMESIZE];
	enum carrier carrier; /* down also when the interface is switched off */
	uint64_t rx_bytes, tx_bytes, rx_packets, tx_packets, errors;
};

struct link_addresses { /* the ones to be reached by; length 0: none of that family */
	struct address v4, v6;
};

/* From an RTM_NEWLINK or RTM_DELLINK message; false for any other. */
bool link_take(const struct nlmsghdr *message, struct link *ret_link);
/* From an RTM_NEWADDR message: keeps the widest in scope that is not about to expire. */
void link_take_address(
	struct link_addresses *addresses, uint32_t index, const struct nlmsghdr *message);
/* From an RTM_NEWNEIGH message: its state if it is about this address on this interface. */
void link_take_neighbour(enum neighbour *state, uint32_t index, const struct address *address,
	const struct nlmsghdr *message);

/* -ENODEV when there is none. */
int link_by_name(int netlink, const char *name, struct link *ret_link);
int link_by_index(int netlink, uint32_t index, struct link *ret_link);
int link_addresses(int netlink, uint32_t index, struct link_addresses *ret_addresses);
enum neighbour link_neighbour(int netlink, uint32_t index, const struct address *address);

#endif
