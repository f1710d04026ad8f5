/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/spool/spool_block.h"

#include <errno.h>
#include <string.h>

#include "agent/core/squeeze.h"
#include "common/pack.h"

#define TAG_RECORD 'R'
#define TAG_BLOCK 'B'
#define RECORD_HEADER 9 /* tag, run, sequence */
#define LENGTH_BYTES_MAX 3 /* varint of a record's length */
#define PLAIN_MAX (SPOOL_BLOCK_BYTES + RECORD_MAX + LENGTH_BYTES_MAX)
#define HEAD_BYTES_MAX (1 + 5 + 5 + 5 + 5 + 10 + 10) /* tag and varints */

_Static_assert(PLAIN_MAX <= SQUEEZE_BYTES_MAX, "a block can be squeezed");

/* ---- heads */

struct block_head {
	struct record_key first;
	uint32_t count;
	size_t plain_bytes;
	struct held_span span;
	const uint8_t *squeezed;
	size_t squeezed_bytes;
};

static bool read_block_head(const uint8_t *bytes, size_t length, struct block_head *ret)
{
	struct unpack unpack;
	uint64_t run, first, count, plain;

	unpack_init(&unpack, bytes, length);
	if (unpack_u8(&unpack) != TAG_BLOCK)
		return false;
	run = unpack_varint(&unpack);
	first = unpack_varint(&unpack);
	count = unpack_varint(&unpack);
	plain = unpack_varint(&unpack);
	ret->span.from_us = unpack_varint(&unpack);
	ret->span.to_us = ret->span.from_us + unpack_varint(&unpack);
	if (unpack.failed || run > UINT32_MAX || first > UINT32_MAX || plain > PLAIN_MAX ||
		count == 0 || count > UINT32_MAX - first)
		return false;
	ret->first = (struct record_key){(uint32_t)run, (uint32_t)first};
	ret->count = (uint32_t)count;
	ret->plain_bytes = (size_t)plain;
	ret->squeezed = bytes + unpack.at;
	ret->squeezed_bytes = length - unpack.at;
	return true;
}

static bool read_record_head(const uint8_t *bytes, size_t length, struct record_key *ret_key)
{
	struct unpack unpack;

	unpack_init(&unpack, bytes, length);
	if (length <= RECORD_HEADER || unpack_u8(&unpack) != TAG_RECORD)
		return false;
	ret_key->run = unpack_u32(&unpack);
	ret_key->sequence = unpack_u32(&unpack);
	return true;
}

bool spool_head_read(const uint8_t *bytes, size_t length, struct spool_head *ret_head)
{
	struct block_head block;
	struct record_key key;

	if (read_record_head(bytes, length, &key)) {
		*ret_head = (struct spool_head){.first = key, .last = key.sequence};
		return true;
	}
	if (!read_block_head(bytes, length, &block))
		return false;
	*ret_head = (struct spool_head){
		.first = block.first,
		.last = block.first.sequence + block.count - 1,
		.has_span = true,
		.span = block.span,
	};
	return true;
}

/* ---- taking apart */

void spool_walk_init(struct spool_walk *walk)
{
	memset(walk, 0, sizeof(*walk));
	buf_init(&walk->plain, PLAIN_MAX);
}

void spool_walk_done(struct spool_walk *walk)
{
	buf_done(&walk->plain);
	walk->left = 0;
}

static int undo_block(struct spool_walk *walk, const struct block_head *head)
{
	uint8_t *room;
	int status;

	buf_clear(&walk->plain);
	status = buf_reserve(&walk->plain, head->plain_bytes, &room);
	if (status < 0)
		return status;
	status = squeeze_undo(head->squeezed, head->squeezed_bytes, room, head->plain_bytes);
	if (status < 0)
		return status;
	walk->next = head->first;
	walk->left = head->count;
	walk->in_block = true;
	walk->at = room;
	walk->end = room + head->plain_bytes;
	return 0;
}

int spool_walk_begin(struct spool_walk *walk, const uint8_t *bytes, size_t length)
{
	struct block_head block;

	walk->left = 0;
	if (read_block_head(bytes, length, &block))
		return undo_block(walk, &block);
	if (!read_record_head(bytes, length, &walk->next))
		return -EBADMSG;
	walk->left = 1;
	walk->in_block = false;
	walk->at = bytes + RECORD_HEADER;
	walk->end = bytes + length;
	return 0;
}

/* How long the next record is; in a block that stands before it. */
static bool take_length(struct spool_walk *walk, size_t *ret_length)
{
	struct unpack unpack;
	uint64_t length;

	unpack_init(&unpack, walk->at, (size_t)(walk->end - walk->at));
	length = walk->in_block ? unpack_varint(&unpack) : unpack.length;
	if (unpack.failed || length > unpack.length - unpack.at)
		return false;
	walk->at += unpack.at;
	*ret_length = (size_t)length;
	return true;
}

bool spool_walk_next(struct spool_walk *walk, struct entry *ret_entry)
{
	size_t length;

	if (!walk->left || !take_length(walk, &length)) {
		walk->left = 0;
		return false;
	}
	*ret_entry = (struct entry){.key = walk->next, .record = walk->at, .record_length = length};
	walk->at += length;
	walk->next.sequence++;
	walk->left--;
	return true;
}

/* ---- putting together */

int spool_record_begin(struct record_key key, struct buf *out)
{
	uint8_t header[RECORD_HEADER];
	struct pack pack;

	pack_init(&pack, header, sizeof(header));
	pack_u8(&pack, TAG_RECORD);
	pack_u32(&pack, key.run);
	pack_u32(&pack, key.sequence);
	return buf_append(out, header, sizeof(header));
}

int spool_record_encode(struct record_key key, const struct record *record, struct buf *out)
{
	int status = spool_record_begin(key, out);

	return status < 0 ? status : codec_record_encode(record, out);
}

void spool_packer_init(struct spool_packer *packer)
{
	memset(packer, 0, sizeof(*packer));
	buf_init(&packer->plain, PLAIN_MAX);
}

void spool_packer_done(struct spool_packer *packer)
{
	buf_done(&packer->plain);
	packer->count = 0;
}

bool spool_packer_fits(const struct spool_packer *packer, const struct entry *entry)
{
	if (packer->count == 0)
		return true;
	return entry->key.run == packer->first.run &&
		entry->key.sequence - packer->first.sequence == packer->count &&
		buf_length(&packer->plain) + entry->record_length <= SPOOL_BLOCK_BYTES;
}

int spool_packer_add(struct spool_packer *packer, const struct entry *entry, struct held_span span)
{
	size_t most = LENGTH_BYTES_MAX + entry->record_length;
	struct pack pack;
	uint8_t *room;
	int status = buf_reserve(&packer->plain, most, &room);

	if (status < 0)
		return status;
	pack_init(&pack, room, most);
	pack_varint(&pack, entry->record_length);
	pack_bytes(&pack, entry->record, entry->record_length);
	buf_commit(&packer->plain, pack.length);
	if (packer->count == 0)
		packer->first = entry->key;
	if (packer->count == 0 || span.from_us < packer->span.from_us)
		packer->span.from_us = span.from_us;
	if (packer->count == 0 || span.to_us > packer->span.to_us)
		packer->span.to_us = span.to_us;
	packer->count++;
	return 0;
}

int spool_packer_finish(struct spool_packer *packer, struct buf *out)
{
	uint8_t head[HEAD_BYTES_MAX];
	struct pack pack;
	int status;

	pack_init(&pack, head, sizeof(head));
	pack_u8(&pack, TAG_BLOCK);
	pack_varint(&pack, packer->first.run);
	pack_varint(&pack, packer->first.sequence);
	pack_varint(&pack, packer->count);
	pack_varint(&pack, buf_length(&packer->plain));
	pack_varint(&pack, packer->span.from_us);
	pack_varint(&pack, packer->span.to_us - packer->span.from_us);
	status = buf_append(out, head, pack.length);
	if (status == 0)
		status = squeeze(buf_peek(&packer->plain), buf_length(&packer->plain), out);
	spool_packer_done(packer);
	return status;
}
