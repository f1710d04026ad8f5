/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a STAMP reflector answers, packet by packet (RFC 8762, stateful, authenticated). Pure:
 * bytes and times in, bytes out. It answers nobody who has not signed with an agent's key, no
 * longer than it was asked, and no more often than an agent asks. A session is one sender's
 * address, port and identifier; its answers are counted from 0. As many are kept as SESSIONS_MAX:
 * who was silent longest makes room.
 */
#ifndef PANTAU_COLLECTOR_REFLECTOR_REFLECT_H
#define PANTAU_COLLECTOR_REFLECTOR_REFLECT_H

#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "proto/stamp_packet.h"

#define REFLECT_SESSIONS_MAX 32768 /* 64 bytes each: a province with two WANs a village, 15 times */
#define REFLECT_RATE_S 10 /* questions a second and identifier: an agent asks at most two */
#define REFLECT_BURST 40

enum reflect_verdict {
	REFLECT_ANSWERED,
	REFLECT_MALFORMED, /* not as long as a question is, or an answer instead */
	REFLECT_FORGED, /* not signed with the key of its identifier */
	REFLECT_LIMITED, /* more often than the limit */
	REFLECT_DOUBLED, /* the very packet that was answered last, once more */
	REFLECT_FAILED, /* the library could not */
	REFLECT_VERDICTS
};

struct reflect_source { /* who asks */
	uint8_t address[16]; /* IPv4 as ::ffff:a.b.c.d */
	uint16_t port;
};

struct reflect_question {
	const uint8_t *bytes; /* borrowed */
	size_t length;
	struct reflect_source source;
	uint64_t received; /* stamp_time(): when it came in */
	uint8_t ttl;
};

struct reflect_clock { /* as of now */
	uint64_t sent; /* stamp_time(): when the answer leaves */
	uint16_t error;
	uint64_t mono_us; /* for the limits */
};

struct reflector;

/* `seed` makes places in the table nobody's guess. */
int reflector_new(const uint8_t master[STAMP_MASTER_BYTES], uint64_t seed,
	struct reflector **ret_reflector, struct err *err);
void reflector_free(struct reflector *reflector);

enum reflect_verdict reflector_answer(struct reflector *reflector,
	const struct reflect_question *question, const struct reflect_clock *clock,
	uint8_t ret_packet[STAMP_PACKET_BYTES]);
/* How often each verdict was given; how many sessions there are. */
const uint64_t *reflector_counts(const struct reflector *reflector);
size_t reflector_sessions(const struct reflector *reflector);

#endif
