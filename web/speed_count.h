/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The streams of speed tests that run, and those that were: what each moved, by its nonce, and who
 * may begin another one. Pure: time comes in. The caller locks.
 */
#ifndef PANTAU_WEB_SPEED_COUNT_H
#define PANTAU_WEB_SPEED_COUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "web/limits.h"

#define SPEED_ADDRESS_BYTES 16

struct speed_address { /* IPv4 in the first four bytes, IPv6 by its /64: one house has it */
	uint8_t bytes[SPEED_ADDRESS_BYTES];
};

struct speed_stream {
	uint64_t nonce;
	struct speed_address address;
	bool used, running;
	uint64_t begun_us, first_us, last_us; /* first, last: of the bytes that moved */
	uint64_t bytes;
	uint32_t rtt_us, retransmissions; /* TCP's own, of what was sent; 0: unknown */
};

struct speed_count {
	size_t most; /* at once */
	struct speed_stream streams[SPEED_KEPT];
};

/* The stream, until speed_count_end(); NULL: too many at once, or too many from this address
 * (NULL: a proxy's, which limits by itself), or the nonce is another stream's. */
struct speed_stream *speed_count_begin(struct speed_count *count, uint64_t nonce,
	const struct speed_address *address, uint64_t now_us);
void speed_count_move(struct speed_stream *stream, size_t bytes, uint64_t now_us);
void speed_count_end(struct speed_stream *stream);
/* NULL: there was none, or it is forgotten. */
const struct speed_stream *speed_count_find(
	const struct speed_count *count, uint64_t nonce, uint64_t now_us);

#endif
