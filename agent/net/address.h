/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses as text, as bytes and as what the kernel takes. */
#ifndef PANTAU_AGENT_NET_ADDRESS_H
#define PANTAU_AGENT_NET_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "proto/model.h"

#define ADDRESS_TEXT_BYTES 48 /* the longest IPv6 address and its end */

union socket_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* The scope of a link-local address is the interface. Returns the length. */
socklen_t socket_address_of(const struct address *address, uint16_t port, uint32_t interface,
	union socket_address *ret_socket);
uint16_t socket_port(const union socket_address *socket);
bool socket_address_is(const union socket_address *socket, const struct address *address);

bool address_is_loopback(const struct address *address);
bool address_is_link_local(const struct address *address);
bool address_same(const struct address *a, const struct address *b);
/* An IPv4 or IPv6 address in its usual form. -EINVAL. */
int address_parse(const char *text, struct address *ret_address);
void address_format(const struct address *address, char ret_text[ADDRESS_TEXT_BYTES]);

#endif
