/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/stamp_packet.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "common/crypto.h"

#define MAC_BYTES (STAMP_PACKET_BYTES - STAMP_SIGNED_BYTES)
#define NTP_EPOCH_S 2208988800LL /* from 1900 to 1970 */
#define NS_PER_S 1000000000LL
#define SYNCHRONISED 0x8000 /* S; Z stays 0: NTP's format */
#define MULTIPLIER 1
#define SCALE_SHIFT 8
#define SCALE_MAX 63

enum { /* where the fields are */
	SEQUENCE = 0,
	SENT = 16,
	ERROR = 24,
	IDENTIFIER = 26,
	RECEIVED = 32,
	SENDER_SEQUENCE = 48,
	SENDER_SENT = 64,
	SENDER_ERROR = 72,
	SENDER_TTL = 80,
};

/* ---- numbers in network order */

static void put(uint8_t *to, uint64_t value, size_t bytes)
{
	while (bytes) {
		to[--bytes] = (uint8_t)value;
		value >>= 8;
	}
}

static uint64_t get(const uint8_t *from, size_t bytes)
{
	uint64_t value = 0;

	for (size_t i = 0; i < bytes; i++)
		value = value << 8 | from[i];
	return value;
}

/* ---- signing */

static int sign(uint8_t packet[STAMP_PACKET_BYTES], const uint8_t key[STAMP_KEY_BYTES])
{
	uint8_t digest[SHA256_BYTES];
	int status = crypto_hmac(key, STAMP_KEY_BYTES, packet, STAMP_SIGNED_BYTES, digest);

	if (status == 0)
		memcpy(packet + STAMP_SIGNED_BYTES, digest, MAC_BYTES);
	return status;
}

static int check(const uint8_t *packet, size_t length, const uint8_t key[STAMP_KEY_BYTES])
{
	uint8_t digest[SHA256_BYTES];
	int status;

	if (length != STAMP_PACKET_BYTES)
		return -EBADMSG;
	status = crypto_hmac(key, STAMP_KEY_BYTES, packet, STAMP_SIGNED_BYTES, digest);
	if (status < 0)
		return status;
	return crypto_same(packet + STAMP_SIGNED_BYTES, digest, MAC_BYTES) ? 0 : -EACCES;
}

int stamp_key(const uint8_t master[STAMP_MASTER_BYTES], uint16_t identifier,
	uint8_t ret_key[STAMP_KEY_BYTES])
{
	uint8_t text[] = {'p', 'a', 'n', 't', 'a', 'u', '-', 's', 't', 'a', 'm', 'p',
		(uint8_t)(identifier >> 8), (uint8_t)identifier};
	uint8_t digest[SHA256_BYTES];
	int status = crypto_hmac(master, STAMP_MASTER_BYTES, text, sizeof(text), digest);

	if (status == 0)
		memcpy(ret_key, digest, STAMP_KEY_BYTES);
	return status;
}

/* ---- packets */

static void put_head(uint8_t *packet, const struct stamp_question *head)
{
	memset(packet, 0, STAMP_PACKET_BYTES);
	put(packet + SEQUENCE, head->sequence, 4);
	put(packet + SENT, head->sent, 8);
	put(packet + ERROR, head->error, 2);
	put(packet + IDENTIFIER, head->identifier, 2);
}

static struct stamp_question get_head(const uint8_t *packet)
{
	return (struct stamp_question){
		.sequence = (uint32_t)get(packet + SEQUENCE, 4),
		.sent = get(packet + SENT, 8),
		.error = (uint16_t)get(packet + ERROR, 2),
		.identifier = (uint16_t)get(packet + IDENTIFIER, 2),
	};
}

int stamp_question_write(const struct stamp_question *question, const uint8_t key[STAMP_KEY_BYTES],
	uint8_t ret_packet[STAMP_PACKET_BYTES])
{
	put_head(ret_packet, question);
	return sign(ret_packet, key);
}

int stamp_answer_write(const struct stamp_answer *answer, const uint8_t key[STAMP_KEY_BYTES],
	uint8_t ret_packet[STAMP_PACKET_BYTES])
{
	const struct stamp_question head = {
		answer->sequence, answer->sent, answer->error, answer->identifier};

	put_head(ret_packet, &head);
	put(ret_packet + RECEIVED, answer->received, 8);
	put(ret_packet + SENDER_SEQUENCE, answer->question.sequence, 4);
	put(ret_packet + SENDER_SENT, answer->question.sent, 8);
	put(ret_packet + SENDER_ERROR, answer->question.error, 2);
	ret_packet[SENDER_TTL] = answer->ttl;
	return sign(ret_packet, key);
}

int stamp_identifier(const void *bytes, size_t length, uint16_t *ret_identifier)
{
	if (length != STAMP_PACKET_BYTES)
		return -EBADMSG;
	*ret_identifier = (uint16_t)get((const uint8_t *)bytes + IDENTIFIER, 2);
	return 0;
}

int stamp_question_read(const void *bytes, size_t length, const uint8_t key[STAMP_KEY_BYTES],
	struct stamp_question *ret_question)
{
	int status = check(bytes, length, key);

	if (status == 0)
		*ret_question = get_head(bytes);
	return status;
}

int stamp_answer_read(const void *bytes, size_t length, const uint8_t key[STAMP_KEY_BYTES],
	struct stamp_answer *ret_answer)
{
	const uint8_t *packet = bytes;
	int status = check(packet, length, key);
	struct stamp_question head;

	if (status < 0)
		return status;
	head = get_head(packet);
	*ret_answer = (struct stamp_answer){
		.sequence = head.sequence,
		.sent = head.sent,
		.received = get(packet + RECEIVED, 8),
		.error = head.error,
		.identifier = head.identifier,
		.ttl = packet[SENDER_TTL],
		.question = {.sequence = (uint32_t)get(packet + SENDER_SEQUENCE, 4),
			.sent = get(packet + SENDER_SENT, 8),
			.error = (uint16_t)get(packet + SENDER_ERROR, 2),
			.identifier = head.identifier},
	};
	return 0;
}

/* ---- time */

uint64_t stamp_time(int64_t utc_ns)
{
	int64_t s = utc_ns / NS_PER_S, ns = utc_ns % NS_PER_S;

	if (ns < 0) {
		ns += NS_PER_S;
		s--;
	}
	return (uint64_t)(s + NTP_EPOCH_S) << 32 | ((uint64_t)ns << 32) / NS_PER_S;
}

int64_t stamp_between_ns(uint64_t from, uint64_t to)
{
	bool back = (int64_t)(to - from) < 0;
	uint64_t apart = back ? from - to : to - from;
	int64_t ns = (int64_t)(apart >> 32) * NS_PER_S +
		(int64_t)((apart & UINT32_MAX) * NS_PER_S >> 32);

	return back ? -ns : ns;
}

uint16_t stamp_error(int synchronised, uint64_t error_us)
{
	uint64_t units = (error_us << 32) / 1000000; /* of 2^-32 s */
	unsigned scale = 0;

	while (scale < SCALE_MAX && (uint64_t)MULTIPLIER << scale < units)
		scale++;
	return (uint16_t)((synchronised ? SYNCHRONISED : 0) | scale << SCALE_SHIFT | MULTIPLIER);
}
