/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/columns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/crc32c.h"

#define VERSION 2
#define CRC_BYTES 4
#define VARINT_MAX 10

struct column {
	uint8_t *bytes;
	size_t length, room, at;
	/* the bits of large numbers */
	uint64_t bits;
	unsigned bit_count;
};

struct columns {
	struct zstd *zstd;
	unsigned count;
	bool reads, failed;
	size_t total; /* bytes in all columns */
	struct column items[COLUMNS_MAX];
	uint8_t *scratch; /* of the packer */
	size_t scratch_room;
};

struct columns *columns_new(struct zstd *zstd, unsigned count)
{
	struct columns *columns = calloc(1, sizeof(*columns));

	if (!columns)
		return NULL;
	columns->zstd = zstd;
	columns->count = count;
	return columns;
}

void columns_free(struct columns *columns)
{
	if (!columns)
		return;
	for (unsigned i = 0; i < columns->count; i++)
		free(columns->items[i].bytes);
	free(columns->scratch);
	free(columns);
}

static void rewind_all(struct columns *columns)
{
	for (unsigned i = 0; i < columns->count; i++) {
		struct column *column = &columns->items[i];
		column->length = column->at = column->bit_count = 0;
		column->bits = 0;
	}
	columns->failed = false;
	columns->total = 0;
}

void columns_begin(struct columns *columns)
{
	rewind_all(columns);
	columns->reads = false;
}

bool columns_failed(const struct columns *columns)
{
	return columns->failed;
}

void columns_fail(struct columns *columns)
{
	columns->failed = true;
}

bool columns_reads(const struct columns *columns)
{
	return columns->reads;
}

bool columns_at_end(const struct columns *columns)
{
	for (unsigned i = 0; i < columns->count; i++) {
		if (columns->items[i].at != columns->items[i].length)
			return false;
	}
	return !columns->failed;
}

static int grow(uint8_t **bytes, size_t *room, size_t wanted)
{
	size_t more = *room ? *room : 256;
	uint8_t *grown;

	if (wanted <= *room)
		return 0;
	while (more < wanted)
		more *= 2;
	grown = realloc(*bytes, more);
	if (!grown)
		return -ENOMEM;
	*bytes = grown;
	*room = more;
	return 0;
}

/* ---- numbers */

static void put_byte(struct columns *columns, struct column *column, uint8_t byte)
{
	if (column->length == column->room &&
		grow(&column->bytes, &column->room, column->length + 1) < 0) {
		columns->failed = true;
		return;
	}
	column->bytes[column->length++] = byte;
}

static uint8_t get_byte(struct columns *columns, struct column *column)
{
	if (column->at == column->length) {
		columns->failed = true;
		return 0;
	}
	return column->bytes[column->at++];
}

uint8_t columns_byte(struct columns *columns, unsigned column, uint8_t value)
{
	if (columns->reads)
		return get_byte(columns, &columns->items[column]);
	put_byte(columns, &columns->items[column], value);
	return value;
}

static uint64_t read_number(struct columns *columns, struct column *column)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t byte = get_byte(columns, column);
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return value;
	}
	columns->failed = true;
	return 0;
}

uint64_t columns_number(struct columns *columns, unsigned column, uint64_t value)
{
	uint64_t rest = value;

	if (columns->reads)
		return read_number(columns, &columns->items[column]);
	for (; rest >= 0x80; rest >>= 7)
		put_byte(columns, &columns->items[column], (uint8_t)(rest | 0x80));
	put_byte(columns, &columns->items[column], (uint8_t)rest);
	return value;
}

uint64_t columns_near(struct columns *columns, unsigned column, uint64_t value, uint64_t expected)
{
	uint64_t apart = value - expected; /* modulo 2^64, both ways */
	uint64_t folded = apart << 1 ^ (uint64_t)((int64_t)apart >> 63);

	folded = columns_number(columns, column, folded);
	return expected + (folded >> 1 ^ (uint64_t) - (int64_t)(folded & 1));
}

uint8_t columns_small(struct columns *columns, unsigned column, uint8_t value)
{
	struct column *own = &columns->items[column];
	uint8_t byte;

	if (columns->reads) {
		if (!own->bit_count) {
			own->bits = get_byte(columns, own);
			own->bit_count = 4;
			return own->bits & 15;
		}
		own->bit_count = 0;
		return (uint8_t)(own->bits >> 4);
	}
	if (!own->bit_count) {
		own->bits = value;
		own->bit_count = 4;
	} else {
		byte = (uint8_t)(own->bits | (unsigned)value << 4);
		own->bits = own->bit_count = 0;
		put_byte(columns, own, byte);
	}
	return value;
}

/* At most 32 bits at once. */
static void put_bits(struct columns *columns, struct column *column, uint64_t bits, unsigned count)
{
	column->bits |= bits << column->bit_count;
	column->bit_count += count;
	for (; column->bit_count >= 8; column->bit_count -= 8, column->bits >>= 8)
		put_byte(columns, column, (uint8_t)column->bits);
}

static uint64_t get_bits(struct columns *columns, struct column *column, unsigned count)
{
	uint64_t bits;

	for (; column->bit_count < count; column->bit_count += 8)
		column->bits |= (uint64_t)get_byte(columns, column) << column->bit_count;
	bits = column->bits & ((1ULL << count) - 1);
	column->bits >>= count;
	column->bit_count -= count;
	return bits;
}

uint64_t columns_large(struct columns *columns, unsigned column, unsigned bits, uint64_t value)
{
	struct column *own = &columns->items[bits];
	unsigned length = value ? 64 - (unsigned)__builtin_clzll(value) : 0;

	length = columns_byte(columns, column, (uint8_t)length);
	if (length > 64) {
		columns->failed = true;
		return 0;
	}
	if (length < 2)
		return length;
	/* the first bit is a one */
	unsigned rest = length - 1, high = rest > 32 ? rest - 32 : 0, low = rest - high;
	if (!columns->reads) {
		put_bits(columns, own, value & ((1ULL << low) - 1), low);
		put_bits(columns, own, value >> low & ((1ULL << high) - 1), high);
		return value;
	}
	value = get_bits(columns, own, low);
	value |= get_bits(columns, own, high) << low;
	return value | 1ULL << rest;
}

/* ---- bytes */

static size_t put_varint(uint8_t *bytes, uint64_t value)
{
	size_t length = 0;

	for (; value >= 0x80; value >>= 7)
		bytes[length++] = (uint8_t)(value | 0x80);
	bytes[length++] = (uint8_t)value;
	return length;
}

static int save_column(struct columns *columns, const struct column *column, struct buf *out)
{
	uint8_t head[2 * VARINT_MAX];
	size_t at = put_varint(head, column->length);
	int packed = 0, r;

	if (column->length) {
		r = grow(&columns->scratch, &columns->scratch_room, zstd_bound(column->length));
		if (r < 0)
			return r;
		packed = zstd_pack(columns->zstd, column->bytes, column->length, columns->scratch,
			columns->scratch_room);
	}
	if (packed < 0 || (size_t)packed >= column->length)
		packed = 0;
	at += put_varint(head + at, (uint64_t)packed);
	r = buf_append(out, head, at);
	if (r < 0)
		return r;
	return packed ? buf_append(out, columns->scratch, (size_t)packed)
		      : buf_append(out, column->bytes, column->length);
}

int columns_save(struct columns *columns, struct buf *out)
{
	size_t before = buf_length(out);
	uint8_t version = VERSION, crc_bytes[CRC_BYTES];
	uint32_t crc;
	int r = buf_append(out, &version, 1);

	for (unsigned i = 0; i < columns->count; i++) {
		struct column *column = &columns->items[i];
		if (column->bit_count)
			put_bits(columns, column, 0, 8 - column->bit_count);
		columns->total += column->length;
	}
	if (columns->failed)
		return -ENOMEM;
	if (columns->total > COLUMNS_BYTES_MAX)
		return -EMSGSIZE;
	for (unsigned i = 0; r == 0 && i < columns->count; i++)
		r = save_column(columns, &columns->items[i], out);
	if (r < 0)
		return r;
	crc = crc32c(0, buf_peek(out) + before, buf_length(out) - before);
	for (int i = 0; i < CRC_BYTES; i++)
		crc_bytes[i] = (uint8_t)(crc >> 8 * i);
	return buf_append(out, crc_bytes, sizeof(crc_bytes));
}

struct source {
	const uint8_t *bytes;
	size_t length, at;
};

static int take_varint(struct source *source, uint64_t *ret_value)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 35 && source->at < source->length; shift += 7) {
		uint8_t byte = source->bytes[source->at++];
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) {
			*ret_value = value;
			return 0;
		}
	}
	return -EBADMSG;
}

static int load_column(struct columns *columns, struct column *column, struct source *source)
{
	uint64_t length = 0, packed = 0, taken;
	int r = take_varint(source, &length);

	if (r == 0)
		r = take_varint(source, &packed);
	if (r < 0)
		return r;
	taken = packed ? packed : length;
	if (taken > source->length - source->at || length > COLUMNS_BYTES_MAX - columns->total)
		return -EBADMSG;
	r = grow(&column->bytes, &column->room, length);
	if (r < 0)
		return r;
	if (packed)
		r = zstd_unpack(
			columns->zstd, source->bytes + source->at, packed, column->bytes, length);
	else if (length)
		memcpy(column->bytes, source->bytes + source->at, length);
	source->at += taken;
	column->length = length;
	columns->total += length;
	return r;
}

int columns_load(struct columns *columns, const uint8_t *bytes, size_t length)
{
	struct source source = {bytes, length, 1};
	uint32_t crc = 0;
	int r = 0;

	rewind_all(columns);
	columns->reads = true;
	if (length < 1 + CRC_BYTES || bytes[0] != VERSION)
		return -EBADMSG;
	source.length -= CRC_BYTES;
	for (int i = 0; i < CRC_BYTES; i++)
		crc |= (uint32_t)bytes[source.length + (size_t)i] << 8 * i;
	if (crc != crc32c(0, bytes, source.length))
		return -EBADMSG;
	for (unsigned i = 0; r == 0 && i < columns->count; i++)
		r = load_column(columns, &columns->items[i], &source);
	return r == 0 && source.at != source.length ? -EBADMSG : r;
}
