/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cursors with a sticky error over bytes in memory, little-endian: ten puts, one check.
 * Used by formats of our own on disk; what travels is protobuf.
 */
#ifndef PANTAU_COMMON_PACK_H
#define PANTAU_COMMON_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pack { /* writer; borrows the bytes */
	uint8_t *bytes;
	size_t cap, length;
	bool failed; /* did not fit */
};

struct unpack { /* reader; borrows the bytes */
	const uint8_t *bytes;
	size_t length, at;
	bool failed; /* ran past the end */
};

void pack_init(struct pack *pack, void *bytes, size_t cap);
void pack_u8(struct pack *pack, uint8_t value);
void pack_u16(struct pack *pack, uint16_t value);
void pack_u32(struct pack *pack, uint32_t value);
void pack_u64(struct pack *pack, uint64_t value);
void pack_varint(struct pack *pack, uint64_t value); /* seven bits a byte, the lowest first */
void pack_signed(struct pack *pack, int64_t value); /* the same, small on either side of 0 */
void pack_bytes(struct pack *pack, const void *bytes, size_t length);

void unpack_init(struct unpack *unpack, const void *bytes, size_t length);
uint8_t unpack_u8(struct unpack *unpack);
uint16_t unpack_u16(struct unpack *unpack);
uint32_t unpack_u32(struct unpack *unpack);
uint64_t unpack_u64(struct unpack *unpack);
uint64_t unpack_varint(struct unpack *unpack);
int64_t unpack_signed(struct unpack *unpack);
/* A view into the bytes; NULL once failed. */
const uint8_t *unpack_bytes(struct unpack *unpack, size_t length);

#endif
