/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/squeeze.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/pack.h"

#define MATCH_MIN 2
#define KEY_BYTES 3 /* by so many bytes earlier places are found */
#define HEADS 1024
#define TRIES_MAX 32 /* earlier places looked at */
#define LITERALS_MORE 7 /* in the token: the rest follows */
#define MATCH_MORE 15
#define TOKEN_BYTES_MAX (1 + 3 + 3 + 3) /* and three varints of numbers below 2^16 */

/* A place is kept as its number + 1; 0: none. */
struct finder {
	const uint8_t *bytes;
	size_t length;
	uint16_t heads[HEADS]; /* the last place of each key */
	uint16_t before[]; /* the place of the same key before this one */
};

struct match {
	size_t length, distance;
	int gain; /* bytes saved against literals */
};

/* ---- finding */

static size_t key_of(const uint8_t *bytes)
{
	uint32_t key = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16;

	return (key * 2654435761U) >> 22; /* the golden ratio's bits, the topmost ten */
}

static int distance_bytes(size_t distance)
{
	return distance < 0x80 ? 1 : distance < 0x4000 ? 2 : 3;
}

static void consider(const struct finder *finder, size_t at, size_t distance, size_t last_distance,
	struct match *best)
{
	const uint8_t *bytes = finder->bytes + at, *before;
	size_t length = 0, most = finder->length - at;
	int gain;

	if (distance == 0 || distance > at)
		return;
	before = bytes - distance;
	while (length < most && bytes[length] == before[length])
		length++;
	gain = (int)length - 1 - (distance == last_distance ? 0 : distance_bytes(distance));
	if (length >= MATCH_MIN && gain > best->gain)
		*best = (struct match){length, distance, gain};
}

static struct match find(const struct finder *finder, size_t at, size_t last_distance)
{
	struct match best = {0, 0, 0};
	size_t place;

	consider(finder, at, last_distance, last_distance, &best);
	if (at + KEY_BYTES > finder->length)
		return best;
	place = finder->heads[key_of(finder->bytes + at)];
	for (int tries = 0; place && tries < TRIES_MAX; tries++) {
		consider(finder, at, at - (place - 1), last_distance, &best);
		place = finder->before[place - 1];
	}
	return best;
}

static void pass(struct finder *finder, size_t at)
{
	uint16_t *head;

	if (at + KEY_BYTES > finder->length)
		return;
	head = &finder->heads[key_of(finder->bytes + at)];
	finder->before[at] = *head;
	*head = (uint16_t)(at + 1);
}

/* ---- writing */

static int put(struct buf *out, const uint8_t *literals, size_t count, const struct match *match,
	bool same_distance)
{
	size_t code = match->length ? match->length - MATCH_MIN + 1 : 0;
	size_t literal_code = count < LITERALS_MORE ? count : LITERALS_MORE;
	size_t match_code = code < MATCH_MORE ? code : MATCH_MORE;
	struct pack pack;
	uint8_t *room;
	int status = buf_reserve(out, TOKEN_BYTES_MAX + count, &room);

	if (status < 0)
		return status;
	pack_init(&pack, room, TOKEN_BYTES_MAX + count);
	pack_u8(&pack, (uint8_t)(literal_code << 5 | match_code << 1 | same_distance));
	if (literal_code == LITERALS_MORE)
		pack_varint(&pack, count - LITERALS_MORE);
	pack_bytes(&pack, literals, count);
	if (match_code == MATCH_MORE)
		pack_varint(&pack, code - MATCH_MORE);
	if (code && !same_distance)
		pack_varint(&pack, match->distance);
	buf_commit(out, pack.length);
	return 0;
}

static int run(struct finder *finder, struct buf *out)
{
	size_t at = 0, literals = 0, last_distance = 0;
	struct match match = {0, 0, 0};
	int status = 0;

	while (at < finder->length && status == 0) {
		size_t step = 1;

		match = find(finder, at, last_distance);
		/* A literal first, when the match behind it is the better one. */
		if (match.gain > 0 && find(finder, at + 1, last_distance).gain <= match.gain) {
			status = put(out, finder->bytes + literals, at - literals, &match,
				match.distance == last_distance);
			last_distance = match.distance;
			step = match.length;
			literals = at + step;
		}
		while (step--)
			pass(finder, at++);
	}
	match = (struct match){0, 0, 0};
	if (status == 0 && literals < at)
		status = put(out, finder->bytes + literals, at - literals, &match, false);
	return status;
}

int squeeze(const uint8_t *bytes, size_t length, struct buf *out)
{
	struct finder *finder;
	int status;

	if (length > SQUEEZE_BYTES_MAX)
		return -EMSGSIZE;
	finder = calloc(1, sizeof(*finder) + length * sizeof(finder->before[0]));
	if (!finder)
		return -ENOMEM;
	finder->bytes = bytes;
	finder->length = length;
	status = run(finder, out);
	free(finder);
	return status;
}

/* ---- and back */

struct undo {
	struct unpack unpack;
	uint8_t *bytes;
	size_t length, at;
	size_t distance; /* of the match before */
};

static int take_literals(struct undo *undo, size_t count)
{
	const uint8_t *literals;

	if (count == LITERALS_MORE)
		count += unpack_varint(&undo->unpack);
	literals = unpack_bytes(&undo->unpack, count);
	if (!literals || count > undo->length - undo->at)
		return -EBADMSG;
	memcpy(undo->bytes + undo->at, literals, count);
	undo->at += count;
	return 0;
}

static int take_match(struct undo *undo, size_t code, bool same_distance)
{
	size_t count;

	if (code == 0)
		return 0;
	if (code == MATCH_MORE)
		code += unpack_varint(&undo->unpack);
	if (!same_distance)
		undo->distance = unpack_varint(&undo->unpack);
	count = code + MATCH_MIN - 1;
	if (undo->unpack.failed || undo->distance == 0 || undo->distance > undo->at ||
		count > undo->length - undo->at)
		return -EBADMSG;
	/* Byte by byte: what is copied may reach into what it makes. */
	for (uint8_t *to = undo->bytes + undo->at; count; count--, to++, undo->at++)
		*to = *(to - undo->distance);
	return 0;
}

int squeeze_undo(const uint8_t *bytes, size_t length, uint8_t *ret_bytes, size_t ret_length)
{
	struct undo undo = {.bytes = ret_bytes, .length = ret_length};
	int status = 0;

	unpack_init(&undo.unpack, bytes, length);
	while (undo.at < ret_length && status == 0) {
		uint8_t token = unpack_u8(&undo.unpack);

		status = undo.unpack.failed ? -EBADMSG : take_literals(&undo, token >> 5);
		if (status == 0)
			status = take_match(&undo, token >> 1 & MATCH_MORE, token & 1);
	}
	return status == 0 && undo.unpack.at != length ? -EBADMSG : status;
}
