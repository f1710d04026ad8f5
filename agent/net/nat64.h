/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IPv4 addresses as a network without IPv4 knows them (RFC 6052), and how its prefix is found
 * (RFC 7050): the addresses of ipv4only.arpa are known, so what a resolver says of it shows what it
 * puts around them. Pure.
 */
#ifndef PANTAU_AGENT_NET_NAT64_H
#define PANTAU_AGENT_NET_NAT64_H

#include <stdbool.h>

#include "proto/model.h"

#define NAT64_NAME "ipv4only.arpa"

struct nat64 { /* a prefix */
	uint8_t bits; /* 32, 40, 48, 56, 64 or 96; 0: none is known */
	uint8_t bytes[16]; /* 0 beyond the prefix */
};

/* From one IPv6 address of ipv4only.arpa; false: that is not a made one. */
bool nat64_find(const struct address *found, struct nat64 *ret_prefix);
struct address nat64_address(const struct nat64 *prefix, const struct address *v4);

#endif
