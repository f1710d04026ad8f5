/* SPDX-License-Identifier: Apache-2.0 */
/* A link's slots as they were sent, and their samples. */
#include <errno.h>
#include <string.h>

#include "collector/store/ledger_private.h"
#include "collector/store/ledger_settlement.h"
#include "proto/codec.h"

/* No piece is longer: a slot of a minute whose edges were floored. */
#define PIECE_MAX_S (SLOT_LENGTH_MAX_MS / 1000 + 1)

static void read_evidence(struct query *q, int first, struct evidence *ret_evidence)
{
	struct evidence evidence = {
		.due = (uint16_t)query_get_number(q, first),
		.made = (uint16_t)query_get_number(q, first + 1),
		.lost = (uint16_t)query_get_number(q, first + 2),
		.asked = (uint8_t)query_get_number(q, first + 3),
		.answered = (uint8_t)query_get_number(q, first + 4),
		.ever = (uint8_t)query_get_number(q, first + 5),
	};

	evidence_set_flags(&evidence, (int)query_get_number(q, first + 6));
	*ret_evidence = evidence;
}

static int read_slot(struct query *q, struct ledger_db *db, int64_t link,
	struct ledger_slot *ret_slot, struct err *err)
{
	struct ledger_slot slot = {
		.link = link,
		.from_s = query_get_number(q, 0),
		.to_s = query_get_number(q, 1),
		.agent = (uint32_t)query_get_number(q, 2),
		.run = (uint32_t)query_get_number(q, 3),
		.sequence = (uint32_t)query_get_number(q, 4),
		.start_utc_us = query_get_number(q, 5),
		.length_ms = (uint32_t)query_get_number(q, 6),
		.received_us = query_get_number(q, 7),
		.disputed = query_get_number(q, 8) != 0,
	};
	const void *boot, *record;
	size_t length;
	int r;

	query_copy_text(q, 9, slot.via_wan, sizeof(slot.via_wan));
	record = query_get_bytes(q, 10, &length);
	r = codec_record_decode(record, length, db->record, err);
	if (r)
		return r < 0 ? r : -EBADMSG;
	slot.slot = &db->record->slot;
	boot = query_get_bytes(q, 11, &length);
	if (length == BOOT_BYTES)
		memcpy(slot.boot, boot, length);
	read_evidence(q, 12, &slot.evidence);
	*ret_slot = slot;
	return 0;
}

/* link, begins after, begins before, ends after */
static void bind_span(struct query *q, const struct ledger_span *span)
{
	query_number(q, span->link);
	query_number(q, span->from_s == INT64_MIN ? INT64_MIN : span->from_s - PIECE_MAX_S);
	query_number(q, span->to_s);
	query_number(q, span->from_s);
}

static void settle(const struct settlements *settlements, struct ledger_slot *slot)
{
	if (slot->disputed && settlements_cover(settlements, slot->agent, slot->from_s, slot->to_s))
		slot->disputed = false;
}

int ledger_slots(struct ledger_db *db, const struct ledger_span *span,
	int (*each)(void *arg, const struct ledger_slot *slot), void *arg, struct err *err)
{
	struct settlements settlements;
	struct ledger_slot slot;
	struct query q;
	int stop = 0, failed = 0, r = settlements_load(db->db, &settlements, err);

	if (r < 0)
		return r;
	db_query(&q, db->db,
		"SELECT p.from_s, p.to_s, p.agent, p.run, p.sequence, p.start_utc_us, p.length_ms,"
		" p.received_us, p.disputed, s.via_wan, s.record, b.boot, p.due, p.made, p.lost,"
		" p.asked, p.answered, p.ever, p.flags"
		" FROM piece AS p JOIN slot_hot AS s ON s.id = p.slot JOIN boot AS b ON b.id = "
		"p.boot"
		" WHERE p.link = ? AND p.from_s > ? AND p.from_s < ? AND p.to_s > ?"
		" ORDER BY p.from_s, p.agent, p.run, p.sequence");
	bind_span(&q, span);
	while (!stop && !failed && query_next(&q) > 0) {
		failed = read_slot(&q, db, span->link, &slot, err);
		if (failed)
			break;
		settle(&settlements, &slot);
		stop = each(arg, &slot);
	}
	r = query_end(&q, failed ? NULL : err);
	settlements_done(&settlements);
	if (failed)
		return failed;
	return r < 0 ? r : stop;
}

static int boot_id(
	struct ledger_db *db, const struct ledger_slot *slot, int64_t *ret_id, struct err *err)
{
	struct query q;
	int found, r;

	db_query(&q, db->db, "SELECT id FROM boot WHERE agent = ? AND boot = ?");
	query_number(&q, slot->agent);
	query_bytes(&q, slot->boot, sizeof(slot->boot));
	found = query_next(&q);
	if (found > 0)
		*ret_id = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r == 0 && !found)
		r = err_set(err, -ENOENT, "boot of agent %u is unknown", slot->agent);
	return r;
}

int ledger_place_us(struct ledger_db *db, const struct ledger_slot *slot, uint64_t mono_us,
	int64_t *ret_utc_us, struct err *err)
{
	const struct boot_anchors *anchors;
	int64_t id = 0;
	int r = boot_id(db, slot, &id, err);

	if (r == 0)
		r = anchor_cache_get(db->anchors, db->db, id, &anchors, err);
	if (r < 0)
		return r;
	if (!anchors->count)
		return err_set(err, -ENODATA, "boot of agent %u has no anchor", slot->agent);
	*ret_utc_us = place_us(anchors->items, anchors->count, mono_us);
	return 0;
}

int ledger_samples(struct ledger_db *db, const struct ledger_span *span,
	int (*each)(void *arg, int64_t piece_from_s, const uint8_t *samples, size_t length),
	void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db,
		"SELECT from_s, samples FROM piece WHERE link = ? AND from_s > ? AND from_s < ?"
		" AND to_s > ? ORDER BY from_s");
	bind_span(&q, span);
	while (!stop && query_next(&q) > 0) {
		size_t length;
		const uint8_t *samples = query_get_bytes(&q, 1, &length);
		stop = each(arg, query_get_number(&q, 0), samples, length);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}

int ledger_received_within(
	struct ledger_db *db, int64_t link, struct within_us within, bool *ret_any, struct err *err)
{
	struct query q;
	int found, r;

	db_query(&q, db->db,
		"SELECT 1 FROM binding AS b JOIN slot_hot AS s ON s.agent = b.agent"
		" AND s.received_us >= ?2 AND s.received_us < ?3 AND s.via_wan = b.wan"
		" AND s.received_us >= b.from_s * 1000000"
		" AND (b.to_s IS NULL OR s.received_us < b.to_s * 1000000)"
		" WHERE b.link = ?1 LIMIT 1");
	query_number(&q, link);
	query_number(&q, within.from_us);
	query_number(&q, within.to_us);
	found = query_next(&q);
	r = query_end(&q, err);
	if (r == 0)
		*ret_any = found > 0;
	return r;
}
