/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/dns_packet.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define HEADER 12
#define LABEL_MAX 63
#define NAME_MAX_BYTES 255 /* RFC 1035, with the lengths and the root */
#define ANSWERS_MAX 32 /* records looked at: a chain of names and some addresses */
#define CLASS_IN 1
#define FLAG_RESPONSE 0x8000
#define FLAG_RECURSE 0x0100
#define OPCODE_MASK 0x7800
#define RCODE_MASK 0x000f
#define POINTER 0xc0

enum rcode {
	RCODE_NONE = 0,
	RCODE_FORMAT = 1,
	RCODE_SERVFAIL = 2,
	RCODE_NXDOMAIN = 3,
	RCODE_REFUSED = 5
};

struct header {
	uint16_t flags, questions, answers;
};

struct cursor { /* sticky: once it ran past the end it stays there */
	const uint8_t *bytes;
	size_t length, at;
	bool failed;
};

static uint16_t read_u16(struct cursor *cursor)
{
	const uint8_t *at = cursor->bytes + cursor->at;

	if (cursor->failed || cursor->length - cursor->at < 2) {
		cursor->failed = true;
		return 0;
	}
	cursor->at += 2;
	return (uint16_t)(at[0] << 8 | at[1]);
}

static const uint8_t *read_bytes(struct cursor *cursor, size_t length)
{
	const uint8_t *at = cursor->bytes + cursor->at;

	if (cursor->failed || cursor->length - cursor->at < length) {
		cursor->failed = true;
		return NULL;
	}
	cursor->at += length;
	return at;
}

/* Over a record's name: whose it is does not matter, so pointers are not followed. */
static void skip_name(struct cursor *cursor)
{
	for (size_t total = 0; total < NAME_MAX_BYTES;) {
		const uint8_t *head = read_bytes(cursor, 1);

		if (!head || *head == 0)
			return;
		if ((*head & POINTER) == POINTER) {
			read_bytes(cursor, 1);
			return;
		}
		if (*head > LABEL_MAX)
			break;
		read_bytes(cursor, *head);
		total += *head + 1U;
	}
	cursor->failed = true;
}

/* ---- questions */

static bool is_letter(char letter)
{
	return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
		(letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
}

/* The length on the wire, or -EINVAL. */
static int write_name(const char *name, uint8_t *to, size_t size)
{
	size_t at = 0, length;

	for (;; name += length + 1) {
		length = strcspn(name, ".");
		if (length < 1 || length > LABEL_MAX || at + length + 2 > size)
			return -EINVAL;
		to[at++] = (uint8_t)length;
		for (size_t i = 0; i < length; i++) {
			if (!is_letter(name[i]))
				return -EINVAL;
			to[at++] = (uint8_t)name[i];
		}
		if (!name[length])
			break;
	}
	to[at++] = 0;
	return (int)at;
}

int dns_name_check(const char *name)
{
	uint8_t bytes[NAME_MAX_BYTES];

	if (strlen(name) > DNS_NAME_TEXT_MAX)
		return -EINVAL;
	return write_name(name, bytes, sizeof(bytes)) < 0 ? -EINVAL : 0;
}

int dns_query_write(const struct dns_query *query, uint8_t ret_packet[DNS_QUESTION_MAX])
{
	const uint8_t header[HEADER] = {
		(uint8_t)(query->id >> 8), (uint8_t)query->id, FLAG_RECURSE >> 8, 0, 0, 1};
	uint8_t tail[] = {0, (uint8_t)query->type, 0, CLASS_IN};
	int length = write_name(query->name, ret_packet + HEADER, NAME_MAX_BYTES);

	if (length < 0)
		return length;
	memcpy(ret_packet, header, HEADER);
	memcpy(ret_packet + HEADER + length, tail, sizeof(tail));
	return HEADER + length + (int)sizeof(tail);
}

/* ---- replies */

/* Names compare without regard to case; labels' lengths are below the letters. */
static bool is_question(const uint8_t *asked, const uint8_t *repeated, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		bool letter = asked[i] >= 'A';
		uint8_t same = letter ? 0x20 : 0;

		if ((asked[i] | same) != (repeated[i] | same))
			return false;
	}
	return true;
}

static enum dns_outcome outcome_of(unsigned rcode)
{
	switch (rcode) {
	case RCODE_NONE: return DNS_EMPTY; /* until an address is found */
	case RCODE_NXDOMAIN: return DNS_NXDOMAIN;
	case RCODE_REFUSED: return DNS_REFUSED;
	default: return DNS_SERVFAIL; /* FORMERR, NOTIMP and others: it could not */
	}
}

static bool is_fault(unsigned rcode)
{
	return rcode != RCODE_NONE && rcode != RCODE_NXDOMAIN;
}

static void take_record(struct cursor *cursor, enum dns_type type, struct dns_reply *reply)
{
	uint8_t wanted = type == DNS_TYPE_A ? 4 : 16;
	uint16_t found, class, length;
	const uint8_t *data;

	skip_name(cursor);
	found = read_u16(cursor);
	class = read_u16(cursor);
	read_bytes(cursor, 4); /* how long it may be kept */
	length = read_u16(cursor);
	data = read_bytes(cursor, length);
	if (!data || found != type || class != CLASS_IN || length != wanted ||
		reply->count == DNS_ADDRESSES_MAX)
		return;
	reply->addresses[reply->count].length = wanted;
	memcpy(reply->addresses[reply->count++].bytes, data, wanted);
}

/* -ENOMSG: no reply to this query. */
static int read_header(
	struct cursor *cursor, const struct dns_query *query, struct header *ret_header)
{
	uint16_t id = read_u16(cursor);

	ret_header->flags = read_u16(cursor);
	ret_header->questions = read_u16(cursor);
	ret_header->answers = read_u16(cursor);
	read_bytes(cursor, HEADER - 8);
	return cursor->failed || id != query->id || !(ret_header->flags & FLAG_RESPONSE) ? -ENOMSG
											 : 0;
}

static bool repeats_question(struct cursor *cursor, const struct dns_query *query)
{
	uint8_t asked[DNS_QUESTION_MAX];
	int written = dns_query_write(query, asked);
	size_t length = written < 0 ? 0 : (size_t)written - HEADER;
	const uint8_t *repeated = length ? read_bytes(cursor, length) : NULL;

	return repeated && is_question(asked + HEADER, repeated, length);
}

static void read_answers(struct cursor *cursor, enum dns_type type, const struct header *header,
	struct dns_reply *reply)
{
	reply->outcome = header->flags & OPCODE_MASK ? DNS_MALFORMED
						     : outcome_of(header->flags & RCODE_MASK);
	for (int i = 0; i < header->answers && i < ANSWERS_MAX && !cursor->failed; i++)
		take_record(cursor, type, reply);
	if (cursor->failed)
		*reply = (struct dns_reply){.outcome = DNS_MALFORMED};
	else if (reply->outcome == DNS_EMPTY && reply->count)
		reply->outcome = DNS_ANSWERED;
}

int dns_reply_read(const struct dns_query *query, const void *packet, size_t length,
	struct dns_reply *ret_reply)
{
	struct cursor cursor = {.bytes = packet, .length = length};
	struct dns_reply reply = {0};
	struct header header;

	if (read_header(&cursor, query, &header) < 0)
		return -ENOMSG;
	/* Some that refuse do not repeat the question. */
	if (header.questions == 0 && is_fault(header.flags & RCODE_MASK)) {
		*ret_reply = (struct dns_reply){.outcome = outcome_of(header.flags & RCODE_MASK)};
		return 0;
	}
	if (header.questions != 1 || !repeats_question(&cursor, query))
		return -ENOMSG;
	read_answers(&cursor, query->type, &header, &reply);
	*ret_reply = reply;
	return 0;
}

enum dns_outcome dns_judge(enum dns_question question, enum dns_outcome said)
{
	return question == DNS_ABSENT && said == DNS_ANSWERED ? DNS_HIJACKED : said;
}
