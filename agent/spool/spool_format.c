/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/spool/spool_format.h"

#include <errno.h>

#include "common/pack.h"

#define TAG_STATE 'S'
#define RUN_BYTES (4 + 4 + 8 + BOOT_BYTES)
#define GAP_BYTES (4 + 4 + 4 + 8 + 8)
#define STATE_GAPS_MAX 1024 /* 28 KB: with the most runs still half of a log record */

struct held_span spool_record_span(const struct record *record)
{
	uint64_t at_us = 0;

	switch (record->kind) {
	case RECORD_SLOT:
		at_us = record->slot.start_us;
		return (struct held_span){at_us, at_us + record->slot.length_ms * 1000ULL};
	case RECORD_DROPPED:
		return (struct held_span){record->dropped.from_us, record->dropped.to_us};
	case RECORD_ANCHOR: at_us = record->anchor.mono_us; break;
	case RECORD_START: at_us = record->start.mono_us; break;
	case RECORD_STOP: at_us = record->stop.mono_us; break;
	case RECORD_SPEED: at_us = record->speed.start_us; break;
	case RECORD_HTTP: at_us = record->http.start_us; break;
	case RECORD_OBSERVATION: at_us = record->observation.mono_us; break;
	}
	return (struct held_span){at_us, at_us};
}

/* ---- state */

/* How many runs there are below this one. */
static size_t count_runs(const struct held *held, uint64_t below_run)
{
	struct held_identity run;
	size_t count = 0;

	while (held_run_at(held, count, &run) && run.run < below_run)
		count++;
	return count;
}

static size_t count_gaps(const struct held *held)
{
	struct record_key key;
	struct dropped gap;
	size_t count = 0;

	while (count < STATE_GAPS_MAX && held_gap_at(held, count, &key, &gap))
		count++;
	return count;
}

static void pack_runs(struct pack *pack, const struct held *held, size_t from, size_t to)
{
	struct held_identity run;

	pack_u16(pack, (uint16_t)(to - from));
	for (size_t i = from; i < to && held_run_at(held, i, &run); i++) {
		pack_u32(pack, run.run);
		pack_u32(pack, run.acked);
		pack_u64(pack, run.nonce);
		pack_bytes(pack, run.boot, BOOT_BYTES);
	}
}

static void pack_gaps(struct pack *pack, const struct held *held, size_t count)
{
	struct record_key key;
	struct dropped gap;

	pack_u16(pack, (uint16_t)count);
	for (size_t i = 0; i < count && held_gap_at(held, i, &key, &gap); i++) {
		pack_u32(pack, key.run);
		pack_u32(pack, key.sequence);
		pack_u32(pack, gap.last);
		pack_u64(pack, gap.from_us);
		pack_u64(pack, gap.to_us);
	}
}

int spool_state_encode(const struct held *held, uint32_t from_run, struct buf *out)
{
	size_t from = count_runs(held, from_run), to = count_runs(held, UINT64_MAX);
	size_t gaps = from ? 0 : count_gaps(held);
	size_t length = 1 + 2 + (to - from) * RUN_BYTES + 2 + gaps * GAP_BYTES;
	struct pack pack;
	uint8_t *room;
	int status = buf_reserve(out, length, &room);

	if (status < 0)
		return status;
	pack_init(&pack, room, length);
	pack_u8(&pack, TAG_STATE);
	pack_runs(&pack, held, from, to);
	pack_gaps(&pack, held, gaps);
	if (pack.failed)
		return -EMSGSIZE;
	buf_commit(out, length);
	return 0;
}

static int unpack_run(struct unpack *unpack, struct held *held)
{
	uint32_t run = unpack_u32(unpack), acked = unpack_u32(unpack);
	uint64_t nonce = unpack_u64(unpack);
	const uint8_t *boot = unpack_bytes(unpack, BOOT_BYTES);
	int status;

	if (unpack->failed)
		return -EBADMSG;
	status = held_run(held, run, nonce, boot);
	/* A run that the newer states do not name any more is over: it may lie below others. */
	if (status < 0 && status != -EINVAL)
		return status;
	held_acked(held, run, acked);
	return 0;
}

static int unpack_gap(struct unpack *unpack, struct held *held)
{
	uint32_t run = unpack_u32(unpack), first = unpack_u32(unpack);
	struct dropped gap = {.last = unpack_u32(unpack)};

	gap.from_us = unpack_u64(unpack);
	gap.to_us = unpack_u64(unpack);
	if (unpack->failed)
		return -EBADMSG;
	held_restore_gap(held, run, first, &gap);
	return 0;
}

bool spool_is_state(const uint8_t *bytes, size_t length)
{
	return length && bytes[0] == TAG_STATE;
}

int spool_state_decode(const uint8_t *bytes, size_t length, struct held *held)
{
	struct unpack unpack;
	int status = 0;

	unpack_init(&unpack, bytes, length);
	if (unpack_u8(&unpack) != TAG_STATE)
		return -EBADMSG;
	for (unsigned left = unpack_u16(&unpack); left && status == 0; left--)
		status = unpack_run(&unpack, held);
	if (status < 0)
		return status;
	for (unsigned left = unpack_u16(&unpack); left && status == 0; left--)
		status = unpack_gap(&unpack, held);
	return unpack.failed ? -EBADMSG : status;
}
