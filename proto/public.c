/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/public.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

struct range {
	uint8_t bytes[16];
	uint8_t bits; /* of the prefix */
};

static const struct range v4_ranges[] = {
	/* where no public host is */
	{{0}, 8}, /* "this network" */
	{{10}, 8}, /* private */
	{{100, 64}, 10}, /* behind a carrier's NAT */
	{{127}, 8}, /* loopback */
	{{169, 254}, 16}, /* link-local */
	{{172, 16}, 12}, /* private */
	{{192, 0, 0}, 24}, /* protocol assignments */
	{{192, 0, 2}, 24}, /* documentation */
	{{192, 88, 99}, 24}, /* 6to4 relays, given up */
	{{192, 168}, 16}, /* private */
	{{198, 18}, 15}, /* benchmarks */
	{{198, 51, 100}, 24}, /* documentation */
	{{203, 0, 113}, 24}, /* documentation */
	{{224}, 4}, /* multicast */
	{{240}, 4}, /* reserved, and broadcast */
};

/* Public IPv6 is 2000::/3 without these. All else is not: unspecified, loopback, IPv4-mapped and
 * -compatible, local NAT64, discard, segment routing, unique local, link-local, multicast. */
static const struct range v6_unicast = {{0x20}, 3};
static const struct range v6_ranges[] = {
	{{0x20, 0x01}, 23}, /* protocol assignments: Teredo, benchmarks, ORCHID */
	{{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
	{{0x20, 0x02}, 16}, /* 6to4: an IPv4 address in disguise */
	{{0x3f, 0xfe}, 16}, /* 6bone, given back */
	{{0x3f, 0xff}, 20}, /* documentation */
};
static const struct range v6_nat64 = {{0x00, 0x64, 0xff, 0x9b}, 96};

static bool lies_in(const uint8_t *bytes, const struct range *range)
{
	size_t whole = range->bits / 8;
	uint8_t mask = (uint8_t)(0xff00 >> range->bits % 8);

	if (memcmp(bytes, range->bytes, whole) != 0)
		return false;
	return (uint8_t)((bytes[whole] ^ range->bytes[whole]) & mask) == 0;
}

static bool lies_in_any(const uint8_t *bytes, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (lies_in(bytes, &ranges[i]))
			return true;
	return false;
}

static bool is_public_v4(const uint8_t *bytes)
{
	return !lies_in_any(bytes, v4_ranges, sizeof(v4_ranges) / sizeof(v4_ranges[0]));
}

bool public_address(const struct address *address)
{
	if (address->length == 4)
		return is_public_v4(address->bytes);
	if (address->length != 16)
		return false;
	if (lies_in(address->bytes, &v6_nat64))
		return is_public_v4(address->bytes + 12);
	return lies_in(address->bytes, &v6_unicast) &&
		!lies_in_any(address->bytes, v6_ranges, sizeof(v6_ranges) / sizeof(v6_ranges[0]));
}

int public_text(const char *text)
{
	struct address address = {0};

	if (inet_pton(AF_INET, text, address.bytes) == 1)
		address.length = 4;
	else if (inet_pton(AF_INET6, text, address.bytes) == 1)
		address.length = 16;
	else
		return -EINVAL;
	return public_address(&address);
}
