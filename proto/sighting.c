/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/sighting.h"

#include <errno.h>
#include <string.h>

#include "common/pack.h"

static void put_address(struct pack *pack, const struct address *address)
{
	pack_u8(pack, address->length);
	pack_bytes(pack, address->bytes, address->length);
}

static void get_address(struct unpack *unpack, struct address *ret_address)
{
	uint8_t length = unpack_u8(unpack);
	const uint8_t *bytes;

	if (length != 0 && length != 4 && length != 16)
		unpack->failed = true;
	bytes = unpack->failed ? NULL : unpack_bytes(unpack, length);
	if (unpack->failed)
		return;
	ret_address->length = length;
	memcpy(ret_address->bytes, bytes, length);
}

size_t sighting_encode(const struct sighting *sighting, uint8_t ret_bytes[SIGHTING_BYTES_MAX])
{
	struct pack pack;

	pack_init(&pack, ret_bytes, SIGHTING_BYTES_MAX);
	put_address(&pack, &sighting->peer);
	put_address(&pack, &sighting->own);
	pack_u32(&pack, sighting->min_rtt_us);
	pack_u32(&pack, sighting->rtt_us);
	pack_u32(&pack, sighting->sent_again);
	return pack.length;
}

int sighting_decode(const void *bytes, size_t length, struct sighting *ret_sighting)
{
	struct sighting sighting = {.min_rtt_us = 0};
	struct unpack unpack;

	unpack_init(&unpack, bytes, length);
	get_address(&unpack, &sighting.peer);
	get_address(&unpack, &sighting.own);
	sighting.min_rtt_us = unpack_u32(&unpack);
	sighting.rtt_us = unpack_u32(&unpack);
	sighting.sent_again = unpack_u32(&unpack);
	if (unpack.failed || unpack.at != length)
		return -EBADMSG;
	*ret_sighting = sighting;
	return 0;
}
