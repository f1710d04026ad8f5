/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/net/nat64.h"

#include <stddef.h>
#include <string.h>

#define RESERVED 8 /* RFC 6052, 2.2: this byte is zero, the IPv4 address goes around it */

static const uint8_t lengths[] = {96, 64, 56, 48, 40, 32}; /* the usual one first */

static void place(uint8_t bytes[16], uint8_t bits, const uint8_t v4[4])
{
	size_t at = bits / 8;

	for (size_t i = 0; i < 4; i++, at++) {
		if (at == RESERVED && bits != 96)
			at++;
		bytes[at] = v4[i];
	}
}

static bool is_made(const uint8_t bytes[16], uint8_t bits)
{
	static const uint8_t known[2][4] = {{192, 0, 0, 170}, {192, 0, 0, 171}};

	for (size_t i = 0; i < 2; i++) {
		uint8_t made[16] = {0};

		memcpy(made, bytes, bits / 8);
		place(made, bits, known[i]);
		if (memcmp(made, bytes, 16) == 0)
			return true;
	}
	return false;
}

bool nat64_find(const struct address *found, struct nat64 *ret_prefix)
{
	if (found->length != 16)
		return false;
	for (size_t i = 0; i < sizeof(lengths); i++) {
		if (!is_made(found->bytes, lengths[i]))
			continue;
		*ret_prefix = (struct nat64){.bits = lengths[i]};
		memcpy(ret_prefix->bytes, found->bytes, lengths[i] / 8);
		return true;
	}
	return false;
}

struct address nat64_address(const struct nat64 *prefix, const struct address *v4)
{
	struct address made = {.length = 16};

	memcpy(made.bytes, prefix->bytes, 16);
	place(made.bytes, prefix->bits, v4->bytes);
	return made;
}
