/* SPDX-License-Identifier: Apache-2.0 */
#include "common/pack.h"

#include <string.h>

void pack_init(struct pack *pack, void *bytes, size_t cap)
{
	*pack = (struct pack){.bytes = bytes, .cap = cap};
}

static void put(struct pack *pack, uint64_t value, unsigned size)
{
	unsigned i;

	if (pack->failed || pack->cap - pack->length < size) {
		pack->failed = true;
		return;
	}
	for (i = 0; i < size; i++)
		pack->bytes[pack->length + i] = (uint8_t)(value >> (8 * i));
	pack->length += size;
}

void pack_u8(struct pack *pack, uint8_t value)
{
	put(pack, value, 1);
}

void pack_u16(struct pack *pack, uint16_t value)
{
	put(pack, value, 2);
}

void pack_u32(struct pack *pack, uint32_t value)
{
	put(pack, value, 4);
}

void pack_u64(struct pack *pack, uint64_t value)
{
	put(pack, value, 8);
}

void pack_varint(struct pack *pack, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		put(pack, (uint8_t)(value | 0x80), 1);
	put(pack, value, 1);
}

void pack_signed(struct pack *pack, int64_t value)
{
	pack_varint(pack, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
}

void pack_bytes(struct pack *pack, const void *bytes, size_t length)
{
	if (pack->failed || pack->cap - pack->length < length) {
		pack->failed = true;
		return;
	}
	if (length > 0)
		memcpy(pack->bytes + pack->length, bytes, length);
	pack->length += length;
}

void unpack_init(struct unpack *unpack, const void *bytes, size_t length)
{
	*unpack = (struct unpack){.bytes = bytes, .length = length};
}

uint64_t unpack_varint(struct unpack *unpack)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t byte = unpack_u8(unpack);
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return value;
	}
	unpack->failed = true;
	return 0;
}

int64_t unpack_signed(struct unpack *unpack)
{
	uint64_t folded = unpack_varint(unpack);

	return (int64_t)(folded >> 1 ^ (uint64_t) - (int64_t)(folded & 1));
}

const uint8_t *unpack_bytes(struct unpack *unpack, size_t length)
{
	const uint8_t *view;

	if (unpack->failed || unpack->length - unpack->at < length) {
		unpack->failed = true;
		return NULL;
	}
	/* An empty view of nothing is still a view. */
	view = unpack->bytes ? unpack->bytes + unpack->at : (const uint8_t *)"";
	unpack->at += length;
	return view;
}

static uint64_t get(struct unpack *unpack, unsigned size)
{
	const uint8_t *view = unpack_bytes(unpack, size);
	uint64_t value = 0;
	unsigned i;

	if (!view)
		return 0;
	for (i = 0; i < size; i++)
		value |= (uint64_t)view[i] << (8 * i);
	return value;
}

uint8_t unpack_u8(struct unpack *unpack)
{
	return (uint8_t)get(unpack, 1);
}

uint16_t unpack_u16(struct unpack *unpack)
{
	return (uint16_t)get(unpack, 2);
}

uint32_t unpack_u32(struct unpack *unpack)
{
	return (uint32_t)get(unpack, 4);
}

uint64_t unpack_u64(struct unpack *unpack)
{
	return get(unpack, 8);
}
