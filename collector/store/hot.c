/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/hot.h"

#include <errno.h>
#include <string.h>

#include "common/pack.h"

#define DISPUTED_AT (4 + 8 + 4 + 8)

static unsigned flags_of(const struct evidence *evidence)
{
	return (unsigned)(evidence->carrier_down | evidence->no_address << 1 |
		evidence->gateway_resolved << 2 | evidence->gateway_failed << 3);
}

static void set_flags(struct evidence *evidence, unsigned flags)
{
	evidence->carrier_down = flags & 1;
	evidence->no_address = flags >> 1 & 1;
	evidence->gateway_resolved = flags >> 2 & 1;
	evidence->gateway_failed = flags >> 3 & 1;
}

static void pack_evidence(struct pack *pack, const struct evidence *evidence)
{
	pack_u16(pack, evidence->due);
	pack_u16(pack, evidence->made);
	pack_u16(pack, evidence->lost);
	pack_u8(pack, evidence->asked);
	pack_u8(pack, evidence->answered);
	pack_u8(pack, evidence->ever);
	pack_u8(pack, (uint8_t)flags_of(evidence));
}

static void unpack_evidence(struct unpack *unpack, struct evidence *ret_evidence)
{
	ret_evidence->due = unpack_u16(unpack);
	ret_evidence->made = unpack_u16(unpack);
	ret_evidence->lost = unpack_u16(unpack);
	ret_evidence->asked = unpack_u8(unpack);
	ret_evidence->answered = unpack_u8(unpack);
	ret_evidence->ever = unpack_u8(unpack);
	set_flags(ret_evidence, unpack_u8(unpack));
}

int hot_append(struct buf *out, const struct hot_entry *entry)
{
	uint8_t bytes[HOT_ENTRY_BYTES + RECORD_MAX];
	size_t via_length = strlen(entry->via_wan);
	struct pack pack;

	pack_init(&pack, bytes, sizeof(bytes));
	pack_u32(&pack, entry->sequence);
	pack_u64(&pack, entry->start_us);
	pack_u32(&pack, entry->length_ms);
	pack_u64(&pack, (uint64_t)entry->received_us);
	pack_u8(&pack, entry->disputed);
	pack_evidence(&pack, &entry->evidence);
	pack_u8(&pack, (uint8_t)via_length);
	pack_bytes(&pack, entry->via_wan, via_length);
	pack_u16(&pack, (uint16_t)entry->record_length);
	pack_bytes(&pack, entry->record, entry->record_length);
	return pack.failed ? -EMSGSIZE : buf_append(out, bytes, pack.length);
}

int hot_next(const uint8_t *bytes, size_t length, size_t *at, struct hot_entry *ret_entry)
{
	struct hot_entry entry = {0};
	struct unpack unpack;
	const uint8_t *via;
	size_t via_length;

	if (*at == length)
		return 0;
	unpack_init(&unpack, bytes + *at, length - *at);
	entry.sequence = unpack_u32(&unpack);
	entry.start_us = unpack_u64(&unpack);
	entry.length_ms = unpack_u32(&unpack);
	entry.received_us = (int64_t)unpack_u64(&unpack);
	entry.disputed = unpack_u8(&unpack) != 0;
	unpack_evidence(&unpack, &entry.evidence);
	via_length = unpack_u8(&unpack);
	via = unpack_bytes(&unpack, via_length);
	if (via_length > WAN_NAME_MAX)
		return -EBADMSG;
	if (via && via_length)
		memcpy(entry.via_wan, via, via_length);
	entry.record_length = unpack_u16(&unpack);
	entry.record = unpack_bytes(&unpack, entry.record_length);
	if (unpack.failed)
		return -EBADMSG;
	*at += unpack.at;
	*ret_entry = entry;
	return 1;
}

void hot_dispute(uint8_t *bytes, size_t at)
{
	bytes[at + DISPUTED_AT] = 1;
}
