/* SPDX-License-Identifier: Apache-2.0 */
/*
 * STAMP test packets in authenticated mode (RFC 8762) with a session identifier (RFC 8972): bytes
 * to numbers and back, and the keys. Pure. docs/STAMP.md draws them. What has no room here must
 * be zero in what is sent, and is not looked at in what comes.
 */
#ifndef PANTAU_PROTO_STAMP_PACKET_H
#define PANTAU_PROTO_STAMP_PACKET_H

#include <stddef.h>
#include <stdint.h>

#define STAMP_PORT 8620 /* RFC 8762 allows any; 862 would need privileges */
#define STAMP_PACKET_BYTES 112 /* question and answer alike */
#define STAMP_SIGNED_BYTES 96 /* RFC 8762, 4.4: the first six blocks */
#define STAMP_MASTER_BYTES 32
#define STAMP_KEY_BYTES 16

struct stamp_question {
	uint32_t sequence;
	uint64_t sent; /* by the sender's clock, see stamp_time() */
	uint16_t error; /* Error Estimate of that clock */
	uint16_t identifier; /* SSID: by it the reflector finds the key */
};

struct stamp_answer {
	uint32_t sequence; /* the reflector's own: it counts what it answers */
	uint64_t sent, received; /* by the reflector's clock */
	uint16_t error, identifier;
	uint8_t ttl; /* of the question as it came in */
	struct stamp_question question; /* as it was asked */
};

/* The key of an identifier. 0 or -EIO. */
int stamp_key(const uint8_t master[STAMP_MASTER_BYTES], uint16_t identifier,
	uint8_t ret_key[STAMP_KEY_BYTES]);

/* 0 or -EIO. */
int stamp_question_write(const struct stamp_question *question, const uint8_t key[STAMP_KEY_BYTES],
	uint8_t ret_packet[STAMP_PACKET_BYTES]);
int stamp_answer_write(const struct stamp_answer *answer, const uint8_t key[STAMP_KEY_BYTES],
	uint8_t ret_packet[STAMP_PACKET_BYTES]);

/* Whose key must have signed it. -EBADMSG: not as long as a packet is. */
int stamp_identifier(const void *bytes, size_t length, uint16_t *ret_identifier);
/* 0; -EBADMSG: not as long as a packet is; -EACCES: not signed with this key; -EIO. */
int stamp_question_read(const void *bytes, size_t length, const uint8_t key[STAMP_KEY_BYTES],
	struct stamp_question *ret_question);
int stamp_answer_read(const void *bytes, size_t length, const uint8_t key[STAMP_KEY_BYTES],
	struct stamp_answer *ret_answer);

/* A moment as NTP has it: seconds since 1900 and their 2^-32nds. */
uint64_t stamp_time(int64_t utc_ns);
/* From one to the other; negative when `to` is earlier. */
int64_t stamp_between_ns(uint64_t from, uint64_t to);
/* Error Estimate: whether the clock is synchronised to UTC, and a bound. */
uint16_t stamp_error(int synchronised, uint64_t error_us);

#endif
