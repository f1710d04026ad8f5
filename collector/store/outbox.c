/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outbox's rows: kind, link and time are columns; the rest is packed, little-endian, by kind:
 *
 *	SLOT	u32 rounds, lost, sent, received, rtt_min_us, rtt_avg_us, rtt_max_us
 *	WAN	u64 rx_bytes, tx_bytes, u8 carrier
 *	STATE	u8 up
 *	GONE, UNSAID	nothing
 *	LIVE	u8 state, u64 since_s, heard_us, slot_to_s, u32 rtt_us, loss_ppm, 16 bytes cause
 */
#include <errno.h>
#include <string.h>

#include "collector/store/ledger_private.h"
#include "common/pack.h"

#define PAYLOAD_MAX 64

static void pack_live(struct pack *pack, const struct ledger_live *live)
{
	pack_u8(pack, (uint8_t)live->state);
	pack_u64(pack, (uint64_t)live->since_s);
	pack_u64(pack, (uint64_t)live->heard_us);
	pack_u64(pack, (uint64_t)live->slot_to_s);
	pack_u32(pack, (uint32_t)live->rtt_us);
	pack_u32(pack, (uint32_t)live->loss_ppm);
	pack_bytes(pack, live->cause, sizeof(live->cause));
}

static void unpack_live(struct unpack *unpack, struct ledger_live *ret_live)
{
	const uint8_t *cause;

	ret_live->state = (enum live_state)unpack_u8(unpack);
	ret_live->since_s = (int64_t)unpack_u64(unpack);
	ret_live->heard_us = (int64_t)unpack_u64(unpack);
	ret_live->slot_to_s = (int64_t)unpack_u64(unpack);
	ret_live->rtt_us = (int32_t)unpack_u32(unpack);
	ret_live->loss_ppm = (int32_t)unpack_u32(unpack);
	cause = unpack_bytes(unpack, sizeof(ret_live->cause));
	if (cause)
		memcpy(ret_live->cause, cause, sizeof(ret_live->cause));
	ret_live->cause[sizeof(ret_live->cause) - 1] = '\0';
	if (ret_live->state >= LIVE_COUNT)
		unpack->failed = true;
}

static void pack_slot(struct pack *pack, const struct outbox_slot *slot)
{
	pack_u32(pack, slot->rounds);
	pack_u32(pack, slot->lost);
	pack_u32(pack, slot->sent);
	pack_u32(pack, slot->received);
	pack_u32(pack, slot->rtt_min_us);
	pack_u32(pack, slot->rtt_avg_us);
	pack_u32(pack, slot->rtt_max_us);
}

static void unpack_slot(struct unpack *unpack, struct outbox_slot *ret_slot)
{
	ret_slot->rounds = unpack_u32(unpack);
	ret_slot->lost = unpack_u32(unpack);
	ret_slot->sent = unpack_u32(unpack);
	ret_slot->received = unpack_u32(unpack);
	ret_slot->rtt_min_us = unpack_u32(unpack);
	ret_slot->rtt_avg_us = unpack_u32(unpack);
	ret_slot->rtt_max_us = unpack_u32(unpack);
}

static void pack_event(struct pack *pack, const struct outbox_event *event)
{
	switch (event->kind) {
	case OUTBOX_SLOT: pack_slot(pack, &event->slot); break;
	case OUTBOX_WAN:
		pack_u64(pack, event->wan.rx_bytes);
		pack_u64(pack, event->wan.tx_bytes);
		pack_u8(pack, event->wan.carrier);
		break;
	case OUTBOX_STATE: pack_u8(pack, event->up); break;
	case OUTBOX_LIVE: pack_live(pack, &event->live); break;
	case OUTBOX_GONE:
	case OUTBOX_UNSAID: break;
	}
}

/* False: no row that this program wrote. */
static bool unpack_event(struct unpack *unpack, struct outbox_event *ret_event)
{
	switch (ret_event->kind) {
	case OUTBOX_SLOT: unpack_slot(unpack, &ret_event->slot); break;
	case OUTBOX_WAN:
		ret_event->wan.rx_bytes = unpack_u64(unpack);
		ret_event->wan.tx_bytes = unpack_u64(unpack);
		ret_event->wan.carrier = unpack_u8(unpack);
		break;
	case OUTBOX_STATE: ret_event->up = unpack_u8(unpack); break;
	case OUTBOX_LIVE:
		unpack_live(unpack, &ret_event->live);
		ret_event->live.link = ret_event->link;
		break;
	case OUTBOX_GONE:
	case OUTBOX_UNSAID: break;
	default: return false;
	}
	return !unpack->failed;
}

int outbox_write(struct db *db, const struct outbox_event *event, struct err *err)
{
	uint8_t payload[PAYLOAD_MAX];
	struct pack pack;
	struct query q;

	pack_init(&pack, payload, sizeof(payload));
	pack_event(&pack, event);
	if (pack.failed)
		return err_errno(err, -EMSGSIZE, "outbox");
	db_query(&q, db, "INSERT INTO outbox(kind, link, at_s, payload) VALUES (?, ?, ?, ?)");
	query_number(&q, event->kind);
	query_number(&q, event->link);
	query_number(&q, event->at_s);
	query_bytes(&q, payload, pack.length);
	return query_run(&q, err);
}

int ledger_outbox(struct ledger_db *db, struct outbox_range range,
	int (*each)(void *arg, const struct outbox_event *event), void *arg, struct err *err)
{
	struct outbox_event event;
	struct unpack unpack;
	struct query q;
	size_t length;
	int stop = 0, r;

	db_query(&q, db->db,
		"SELECT id, kind, link, at_s, payload FROM outbox WHERE id > ? ORDER BY id LIMIT "
		"?");
	query_number(&q, range.after);
	query_number(&q, range.limit);
	while (!stop && query_next(&q) > 0) {
		event = (struct outbox_event){
			.id = query_get_number(&q, 0),
			.kind = (enum outbox_kind)query_get_number(&q, 1),
			.link = query_get_number(&q, 2),
			.at_s = query_get_number(&q, 3),
		};
		const void *payload = query_get_bytes(&q, 4, &length);
		unpack_init(&unpack, payload, length);
		if (!unpack_event(&unpack, &event))
			stop = err_set(
				err, -EBADMSG, "outbox row %lld is damaged", (long long)event.id);
		else
			stop = each(arg, &event);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}
