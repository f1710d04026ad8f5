/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/issue_stamp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "collector/reflector/master.h"
#include "common/crypto.h"
#include "common/endpoint.h"

/* The reflector beside the collector; false: there is none that could be named. */
static bool find_target(const struct issue_order *order, char *ret_text, size_t size)
{
	char first[300], host[256], port[ENDPOINT_PORT_BYTES] = "";
	const char *list = order->collector;
	struct in6_addr v6;
	struct in_addr v4;

	if (!list_next(&list, first, sizeof(first)) ||
		endpoint_split(first, host, sizeof(host), port) < 0)
		return false;
	snprintf(port, sizeof(port), "%u", master_port(order->reflector));
	if (inet_pton(AF_INET, host, &v4) == 1 && ntohl(v4.s_addr) >> 24 != 127)
		return snprintf(ret_text, size, "%s:%s", host, port) > 0;
	if (inet_pton(AF_INET6, host, &v6) == 1 && !IN6_IS_ADDR_LOOPBACK(&v6))
		return snprintf(ret_text, size, "[%s]:%s", host, port) > 0;
	return false;
}

int issue_stamp(const struct issue_order *order, uint32_t agent, char ret_text[ISSUE_STAMP_BYTES],
	struct err *err)
{
	uint8_t master[STAMP_MASTER_BYTES], key[STAMP_KEY_BYTES];
	char digits[2 * STAMP_KEY_BYTES + 1], target[300] = "";
	uint16_t identifier = (uint16_t)agent;
	int r;

	*ret_text = '\0';
	if (!*order->reflector)
		return 0;
	r = master_read(order->state, master, err);
	if (r < 0)
		return r;
	r = stamp_key(master, identifier, key);
	explicit_bzero(master, sizeof(master));
	if (r < 0)
		return err_errno(err, r, "STAMP key");
	hex_format(key, sizeof(key), digits);
	find_target(order, target, sizeof(target));
	snprintf(ret_text, ISSUE_STAMP_BYTES,
		"\n[stamp]\n%s%s%starget = %s\nkey = %s\nidentifier = %u\n",
		*target ? "" : "# ADDRESS:PORT of the reflector as the router reaches it (port ",
		*target ? "" : "8620", *target ? "" : "), or none.\n", target, digits, identifier);
	return 0;
}
