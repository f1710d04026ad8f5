/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the collector saw by itself of an agent's session, as its own kernel tells it: no agent can
 * say it otherwise. In the journal (journal_record.h, version 2), little-endian, packed:
 *
 *     u8 length and bytes of the agent's address, the same of our own, u32 smallest RTT of the
 *     last minutes, u32 smoothed RTT, u32 segments sent again
 */
#ifndef PANTAU_PROTO_SIGHTING_H
#define PANTAU_PROTO_SIGHTING_H

#include <stddef.h>

#include "proto/model.h"

#define SIGHTING_BYTES_MAX (2 * 17 + 3 * 4)

struct sighting {
	struct address peer, own; /* as seen here: before us there may be a NAT */
	uint32_t min_rtt_us, rtt_us; /* of TCP */
	uint32_t sent_again;
};

/* Returns how many of the bytes it takes. */
size_t sighting_encode(const struct sighting *sighting, uint8_t ret_bytes[SIGHTING_BYTES_MAX]);
/* -EBADMSG */
int sighting_decode(const void *bytes, size_t length, struct sighting *ret_sighting);

#endif
