/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a record was, without decoding it. Every kind has its moment in field 2, a slot its length
 * in field 3; a gap has the time that it covered in fields 4 and 5. A test compares with the
 * decoder.
 */
#include "proto/codec.h"

#include <errno.h>

#include "common/pack.h"

enum { FIELD_AT = 2, FIELD_LENGTH = 3, FIELD_WAN = 4, FIELD_FROM = 4, FIELD_TO = 5, FIELDS = 6 };
enum wire { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

/* The value of a number; of anything else 0. What has a length is passed over. */
static uint64_t take_value(struct unpack *unpack, enum wire wire)
{
	switch (wire) {
	case WIRE_VARINT: return unpack_varint(unpack);
	case WIRE_FIXED64: unpack_u64(unpack); break;
	case WIRE_BYTES: unpack_bytes(unpack, (size_t)unpack_varint(unpack)); break;
	case WIRE_FIXED32: unpack_u32(unpack); break;
	default: unpack->failed = true; break;
	}
	return 0;
}

/* One message and nothing else, of a kind that is known: the cursor stands in it. */
static enum record_kind take_kind(struct unpack *unpack)
{
	uint64_t tag = unpack_varint(unpack);

	if (tag % 8 != WIRE_BYTES || unpack_varint(unpack) != unpack->length - unpack->at ||
		unpack->failed || tag / 8 > RECORD_OBSERVATION)
		return 0;
	return (enum record_kind)(tag / 8);
}

enum record_kind codec_record_kind(const void *bytes, size_t length)
{
	struct unpack unpack;

	unpack_init(&unpack, bytes, length);
	return take_kind(&unpack);
}

int codec_record_span(const void *bytes, size_t length, uint64_t *ret_from_us, uint64_t *ret_to_us)
{
	struct unpack unpack;
	uint64_t values[FIELDS] = {0};
	enum record_kind kind;

	unpack_init(&unpack, bytes, length);
	kind = take_kind(&unpack);
	if (!kind)
		return -EBADMSG;
	while (!unpack.failed && unpack.at < unpack.length) {
		uint64_t tag = unpack_varint(&unpack);
		uint64_t value = take_value(&unpack, (enum wire)(tag % 8));

		if (tag / 8 < FIELDS)
			values[tag / 8] = value;
	}
	if (unpack.failed)
		return -EBADMSG;
	*ret_from_us = values[kind == RECORD_DROPPED ? FIELD_FROM : FIELD_AT];
	*ret_to_us = *ret_from_us;
	if (kind == RECORD_SLOT)
		*ret_to_us += values[FIELD_LENGTH] * 1000;
	if (kind == RECORD_DROPPED)
		*ret_to_us = values[FIELD_TO];
	return 0;
}

bool codec_slot_wan(const void *bytes, size_t length, const uint8_t **ret_wan, size_t *ret_length)
{
	struct unpack unpack;
	uint64_t tag;

	unpack_init(&unpack, bytes, length);
	if (unpack_varint(&unpack) != RECORD_SLOT * 8 + WIRE_BYTES)
		return false;
	unpack_varint(&unpack);
	while (tag = unpack_varint(&unpack), !unpack.failed && tag / 8 < FIELD_WAN)
		take_value(&unpack, (enum wire)(tag % 8));
	if (unpack.failed || tag != FIELD_WAN * 8 + WIRE_BYTES)
		return false;
	*ret_length = (size_t)unpack_varint(&unpack);
	*ret_wan = unpack_bytes(&unpack, *ret_length);
	return !unpack.failed;
}
