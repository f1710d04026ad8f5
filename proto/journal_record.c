/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/journal_record.h"

#include <errno.h>
#include <string.h>

#include "common/pack.h"

#define VERSION 1
#define VERSION_SIGHTED 2
#define HEAD_BYTES (1 + 1 + 4 + 8 + 8 + 4 + 4 + 1) /* all that stands before the WAN's name */

int journal_record_encode(const struct journal_record *record, struct buf *out)
{
	size_t wan_length = strnlen(record->wan, WAN_NAME_MAX);
	size_t size = HEAD_BYTES + wan_length + record->record_length;
	struct pack pack;
	uint8_t *room;
	int failed = buf_reserve(out, size, &room);

	if (failed)
		return failed;
	pack_init(&pack, room, size);
	pack_u8(&pack, record->sighted ? VERSION_SIGHTED : VERSION);
	pack_u8(&pack, record->reject_code);
	pack_u32(&pack, record->agent);
	pack_u64(&pack, record->nonce);
	pack_u64(&pack, (uint64_t)record->received_utc_us);
	pack_u32(&pack, record->key.run);
	pack_u32(&pack, record->key.sequence);
	pack_u8(&pack, (uint8_t)wan_length);
	pack_bytes(&pack, record->wan, wan_length);
	pack_bytes(&pack, record->record, record->record_length);
	buf_commit(out, size);
	return 0;
}

int journal_record_decode(const void *bytes, size_t length, struct journal_record *ret_record)
{
	struct journal_record record = {.agent = 0};
	struct unpack unpack;
	const uint8_t *wan;
	uint8_t version;
	size_t wan_length;

	unpack_init(&unpack, bytes, length);
	version = unpack_u8(&unpack);
	if (!unpack.failed && version != VERSION && version != VERSION_SIGHTED)
		return version > VERSION_SIGHTED ? -EPROTONOSUPPORT : -EBADMSG;
	record.sighted = version == VERSION_SIGHTED;
	record.reject_code = unpack_u8(&unpack);
	record.agent = unpack_u32(&unpack);
	record.nonce = unpack_u64(&unpack);
	record.received_utc_us = (int64_t)unpack_u64(&unpack);
	record.key.run = unpack_u32(&unpack);
	record.key.sequence = unpack_u32(&unpack);
	wan_length = unpack_u8(&unpack);
	wan = unpack_bytes(&unpack, wan_length);
	if (unpack.failed || wan_length > WAN_NAME_MAX)
		return -EBADMSG;
	memcpy(record.wan, wan, wan_length);
	record.record = unpack.bytes + unpack.at;
	record.record_length = length - unpack.at;
	*ret_record = record;
	return 0;
}
