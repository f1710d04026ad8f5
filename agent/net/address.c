/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/net/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

socklen_t socket_address_of(const struct address *address, uint16_t port, uint32_t interface,
	union socket_address *ret_socket)
{
	memset(ret_socket, 0, sizeof(*ret_socket));
	if (address->length == 4) {
		ret_socket->v4.sin_family = AF_INET;
		ret_socket->v4.sin_port = htons(port);
		memcpy(&ret_socket->v4.sin_addr, address->bytes, 4);
		return sizeof(ret_socket->v4);
	}
	ret_socket->v6.sin6_family = AF_INET6;
	ret_socket->v6.sin6_port = htons(port);
	memcpy(&ret_socket->v6.sin6_addr, address->bytes, 16);
	if (address_is_link_local(address))
		ret_socket->v6.sin6_scope_id = interface;
	return sizeof(ret_socket->v6);
}

uint16_t socket_port(const union socket_address *socket)
{
	return ntohs(socket->any.sa_family == AF_INET ? socket->v4.sin_port : socket->v6.sin6_port);
}

bool socket_address_is(const union socket_address *socket, const struct address *address)
{
	if (address->length == 4)
		return socket->any.sa_family == AF_INET &&
			memcmp(&socket->v4.sin_addr, address->bytes, 4) == 0;
	return socket->any.sa_family == AF_INET6 &&
		memcmp(&socket->v6.sin6_addr, address->bytes, 16) == 0;
}

bool address_is_loopback(const struct address *address)
{
	static const uint8_t v6[16] = {[15] = 1};

	if (address->length == 4)
		return address->bytes[0] == 127;
	return address->length == 16 && memcmp(address->bytes, v6, 16) == 0;
}

bool address_is_link_local(const struct address *address)
{
	return address->length == 16 && address->bytes[0] == 0xfe &&
		(address->bytes[1] & 0xc0) == 0x80;
}

bool address_same(const struct address *a, const struct address *b)
{
	return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

int address_parse(const char *text, struct address *ret_address)
{
	struct address address = {0};

	if (inet_pton(AF_INET, text, address.bytes) == 1)
		address.length = 4;
	else if (inet_pton(AF_INET6, text, address.bytes) == 1)
		address.length = 16;
	else
		return -EINVAL;
	*ret_address = address;
	return 0;
}

void address_format(const struct address *address, char ret_text[ADDRESS_TEXT_BYTES])
{
	int family = address->length == 4 ? AF_INET : AF_INET6;

	if (!address->length || !inet_ntop(family, address->bytes, ret_text, ADDRESS_TEXT_BYTES))
		strcpy(ret_text, "none");
}
