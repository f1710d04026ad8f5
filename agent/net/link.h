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
	bool is_session; /* PPP, a tunnel: it comes and goes with its far end */
	enum carrier carrier; /* down also when the interface is switched off; of a session never */
	uint64_t rx_bytes, tx_bytes, rx_packets, tx_packets, errors;
};

struct link_addresses { /* the ones to be reached by; length 0: none of that family */
	struct address v4, v6;
};

/* Whether an interface of this name, which is not there, would be a session. */
bool link_names_session(const char *name);
/* From an RTM_NEWLINK or RTM_DELLINK message; false for any other. */
bool link_take(const struct nlmsghdr *message, struct link *ret_link);
/* From an RTM_NEWADDR message: keeps the widest in scope that is not about to expire. */
void link_take_address(
	struct link_addresses *addresses, uint32_t index, const struct nlmsghdr *message);

struct link_neighbour { /* the kernel's entry of a neighbour */
	uint16_t state; /* NUD_...; 0: there is none */
	bool dated;
	uint64_t age_us; /* since it was heard of last, if dated */
};
/* From an RTM_NEWNEIGH message, if it is about this address on this interface. */
void link_take_neighbour(struct link_neighbour *neighbour, uint32_t index,
	const struct address *address, const struct nlmsghdr *message);
/* What an entry is evidence of. An entry that the kernel keeps without having heard of the
 * neighbour within `fresh_us` says nothing: it may be gone. */
enum neighbour link_judge_neighbour(const struct link_neighbour *neighbour, uint64_t fresh_us);

/* -ENODEV when there is none. */
int link_by_name(int netlink, const char *name, struct link *ret_link);
int link_by_index(int netlink, uint32_t index, struct link *ret_link);
int link_addresses(int netlink, uint32_t index, struct link_addresses *ret_addresses);
struct link_neighbour link_neighbour(int netlink, uint32_t index, const struct address *address);

#endif
