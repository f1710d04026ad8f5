/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a slot of a boot to pieces of links:
 *
 *	slot      |----------------|            by its boot's anchors, edges floored to seconds
 *	bindings  ...link 3][link 5 ...         of its agent and WAN
 *	pieces    |--------||------|
 *
 * A slot is placed when it comes, and again when its anchors or bindings change. What the outbox
 * said of places that are left waits in the table `gone` until the batch has placed everything.
 */
#include <errno.h>
#include <string.h>

#include "collector/store/ledger_private.h"
#include "common/crc32c.h"

#define US_PER_S 1000000

struct piece_row {
	const struct slot_row *slot;
	const struct boot_anchors *anchors;
	int64_t link, from_s, to_s, start_utc_us;
};

void sample_pack(const struct sample *sample, uint8_t ret_bytes[SAMPLE_BYTES])
{
	uint32_t rtt_us = sample->answered ? sample->rtt_us : UINT32_MAX;

	memcpy(ret_bytes, &sample->second, 2);
	memcpy(ret_bytes + 2, &rtt_us, 4);
	memcpy(ret_bytes + 6, &sample->target, 4);
}

void sample_unpack(const uint8_t bytes[SAMPLE_BYTES], struct sample *ret_sample)
{
	memcpy(&ret_sample->second, bytes, 2);
	memcpy(&ret_sample->rtt_us, bytes + 2, 4);
	memcpy(&ret_sample->target, bytes + 6, 4);
	ret_sample->answered = ret_sample->rtt_us != UINT32_MAX;
}

/* Published figures come from these alone: follow-ups are sent because a round was lost, and what
 * the router itself refused was never sent. */
static bool is_scheduled(const struct slot *slot, const struct probe *probe)
{
	return !probe->follow_up && probe->kind == PROBE_ICMP &&
		probe->outcome != OUTCOME_REFUSED &&
		slot->targets[probe->target].class == CLASS_INTERNET;
}

static uint32_t target_hash(const struct target *target)
{
	return crc32c(0, target->address.bytes, target->address.length);
}

/* The samples sent within the piece; returns their bytes. */
static size_t collect_samples(const struct piece_row *piece, uint8_t *ret_bytes)
{
	const struct slot *slot = piece->slot->slot;
	size_t length = 0;

	for (size_t i = 0; i < slot->probe_count; i++) {
		const struct probe *probe = &slot->probes[i];
		if (!is_scheduled(slot, probe))
			continue;
		int64_t sent_s = place_s(piece->anchors->items, piece->anchors->count,
			slot->start_us + probe->offset_ms * 1000ULL);
		if (sent_s < piece->from_s || sent_s >= piece->to_s)
			continue;
		struct sample sample = {
			.second = (uint16_t)(sent_s - piece->from_s),
			.answered = probe->outcome == OUTCOME_ANSWERED,
			.rtt_us = probe->rtt_us,
			.target = target_hash(&slot->targets[probe->target]),
		};
		sample_pack(&sample, ret_bytes + length);
		length += SAMPLE_BYTES;
	}
	return length;
}

static struct outbox_slot figures_of(const struct slot *slot, const struct evidence *evidence)
{
	struct outbox_slot figures = {.rounds = evidence->made, .lost = evidence->lost};
	uint64_t sum_us = 0;

	for (size_t i = 0; i < slot->probe_count; i++) {
		const struct probe *probe = &slot->probes[i];
		if (!is_scheduled(slot, probe))
			continue;
		figures.sent++;
		if (probe->outcome != OUTCOME_ANSWERED)
			continue;
		sum_us += probe->rtt_us;
		if (!figures.received || probe->rtt_us < figures.rtt_min_us)
			figures.rtt_min_us = probe->rtt_us;
		if (probe->rtt_us > figures.rtt_max_us)
			figures.rtt_max_us = probe->rtt_us;
		figures.received++;
	}
	if (figures.received)
		figures.rtt_avg_us = (uint32_t)(sum_us / figures.received);
	return figures;
}

/* Says the slot and its WAN, unless the outbox did so for this very place before. */
static int say_piece(struct ledger_writer *writer, const struct piece_row *piece,
	const struct evidence *evidence, struct err *err)
{
	const struct slot *slot = piece->slot->slot;
	struct outbox_event event = {
		.link = piece->link,
		.at_s = piece->from_s,
		.kind = OUTBOX_SLOT,
		.slot = figures_of(slot, evidence),
	};
	int r = outbox_write(writer->db, &event, err);

	if (r < 0)
		return r;
	event.kind = OUTBOX_WAN;
	event.wan = (struct outbox_wan){
		slot->facts.rx_bytes, slot->facts.tx_bytes, slot->facts.carrier};
	return outbox_write(writer->db, &event, err);
}

int say_again(struct ledger_writer *writer, const struct slot_row *row, struct err *err)
{
	const struct evidence evidence = evidence_of(row->slot);
	struct piece_row piece = {.slot = row};
	struct query q;
	int failed = 0, r;

	db_query(&q, writer->db, "SELECT link, from_s, said FROM piece WHERE slot = ?");
	query_number(&q, row->id);
	while (!failed && query_next(&q) > 0) {
		struct outbox_event event = {.kind = OUTBOX_STATE};
		enum said said = (enum said)query_get_number(&q, 2);
		event.link = piece.link = query_get_number(&q, 0);
		event.at_s = piece.from_s = query_get_number(&q, 1);
		event.up = said == SAID_UP;
		failed = say_piece(writer, &piece, &evidence, err);
		if (!failed && said != SAID_NOTHING)
			failed = outbox_write(writer->db, &event, err);
	}
	r = query_end(&q, failed ? NULL : err);
	return failed ? failed : r;
}

/* What was said of the slot at this place before this batch took it back; -1: nothing was. */
static int said_before(
	struct ledger_writer *writer, const struct piece_row *piece, int *ret_said, struct err *err)
{
	struct query q;

	*ret_said = -1;
	db_query(
		&q, writer->db, "SELECT said FROM gone WHERE link = ? AND from_s = ? AND slot = ?");
	query_number(&q, piece->link);
	query_number(&q, piece->from_s);
	query_number(&q, piece->slot->id);
	if (query_next(&q) > 0)
		*ret_said = (int)query_get_number(&q, 0);
	return query_end(&q, err);
}

static void bind_evidence(struct query *q, const struct evidence *evidence)
{
	query_number(q, evidence->due);
	query_number(q, evidence->made);
	query_number(q, evidence->lost);
	query_number(q, evidence->asked);
	query_number(q, evidence->answered);
	query_number(q, evidence->ever);
	query_number(q, evidence_flags(evidence));
}

static int insert_piece(struct ledger_writer *writer, const struct piece_row *piece,
	const struct evidence *evidence, int said, struct err *err)
{
	uint8_t samples[SAMPLES_MAX_BYTES];
	const struct slot_row *row = piece->slot;
	struct query q;

	db_query(&q, writer->db,
		"INSERT INTO piece(link, from_s, slot, to_s, agent, run, sequence, boot,"
		" start_utc_us, length_ms, received_us, due, made, lost, asked, answered, ever,"
		" flags, disputed, said, samples)"
		" VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
	query_number(&q, piece->link);
	query_number(&q, piece->from_s);
	query_number(&q, row->id);
	query_number(&q, piece->to_s);
	query_number(&q, row->agent);
	query_number(&q, row->key.run);
	query_number(&q, row->key.sequence);
	query_number(&q, row->boot);
	query_number(&q, piece->start_utc_us);
	query_number(&q, row->slot->length_ms);
	query_number(&q, row->received_us);
	bind_evidence(&q, evidence);
	query_number(&q, row->disputed);
	query_number(&q, said < 0 ? 0 : said);
	query_bytes(&q, samples, collect_samples(piece, samples));
	return query_run(&q, err);
}

/* A class that answers for the first time is believed from now on, also when it was silent: every
 * cause of the link may be another. */
static int add_ever(struct ledger_writer *writer, int64_t link, uint8_t ever, struct err *err)
{
	struct query q;
	bool grew;
	int r;

	db_query(&q, writer->db,
		"INSERT INTO link_ever(link, ever) VALUES (?, ?)"
		" ON CONFLICT(link) DO UPDATE SET ever = ever | excluded.ever"
		" WHERE ever <> ever | excluded.ever");
	query_number(&q, link);
	query_number(&q, ever);
	query_next(&q);
	grew = !q.failed && db_changed(writer->db) > 0;
	r = query_end(&q, err);
	if (r < 0 || !grew)
		return r;
	return touched_add(writer, &(struct ledger_span){link, INT64_MIN, SPAN_FOREVER}, err);
}

static int add_piece(struct ledger_writer *writer, const struct piece_row *piece,
	const struct evidence *evidence, struct err *err)
{
	int said, r = said_before(writer, piece, &said, err);

	if (r == 0)
		r = insert_piece(writer, piece, evidence, said, err);
	if (r == 0)
		r = add_ever(writer, piece->link, evidence->ever, err);
	if (r == 0)
		r = touched_add(writer,
			&(struct ledger_span){piece->link, piece->from_s, piece->to_s}, err);
	if (r == 0 && said < 0)
		r = say_piece(writer, piece, evidence, err);
	return r;
}

static int put_standing(
	struct ledger_writer *writer, int64_t slot, enum standing standing, struct err *err)
{
	struct query q;

	db_query(&q, writer->db,
		"UPDATE slot_hot SET standing = ?1 WHERE id = ?2 AND standing <> ?1");
	query_number(&q, standing);
	query_number(&q, slot);
	return query_run(&q, err);
}

/* Cuts [from_s, to_s) by the bindings. A slot of no whole second counts nowhere and waits for
 * nothing. */
static int cut(struct ledger_writer *writer, struct piece_row *piece, enum standing *ret_standing,
	struct err *err)
{
	const struct slot_row *row = piece->slot;
	const struct evidence evidence = evidence_of(row->slot);
	const struct registry_binding *bindings;
	int64_t from_s = piece->from_s, to_s = piece->to_s;
	size_t count;
	int r = 0;

	*ret_standing = from_s < to_s ? STANDING_UNBOUND : STANDING_COUNTED;
	bindings = bindings_find(writer, row->agent, row->slot->wan, &count);
	for (size_t i = 0; r == 0 && i < count; i++) {
		const struct registry_binding *binding = &bindings[i];
		piece->link = binding->link;
		piece->from_s = from_s > binding->from_s ? from_s : binding->from_s;
		piece->to_s = to_s < binding->to_s ? to_s : binding->to_s;
		if (piece->from_s >= piece->to_s)
			continue;
		*ret_standing = STANDING_COUNTED;
		r = add_piece(writer, piece, &evidence, err);
	}
	return r;
}

int place_slot(struct ledger_writer *writer, const struct slot_row *row, struct err *err)
{
	struct piece_row piece = {.slot = row};
	enum standing standing = STANDING_UNPLACED;
	const struct slot *slot = row->slot;
	uint64_t end_us = slot->start_us + slot->length_ms * 1000ULL;
	int r = anchor_cache_get(writer->view->anchors, writer->db, row->boot, &piece.anchors, err);

	if (r < 0)
		return r;
	if (piece.anchors->count) {
		const struct place_anchor *items = piece.anchors->items;
		size_t count = piece.anchors->count;
		piece.start_utc_us = place_us(items, count, slot->start_us);
		piece.from_s = place_s(items, count, slot->start_us);
		piece.to_s = place_s(items, count, end_us);
		r = cut(writer, &piece, &standing, err);
	}
	return r < 0 ? r : put_standing(writer, row->id, standing, err);
}

int unplace_slot(struct ledger_writer *writer, int64_t slot, struct err *err)
{
	struct query q;
	int failed = 0, r;

	db_query(&q, writer->db,
		"INSERT OR IGNORE INTO gone(link, from_s, slot, said)"
		" SELECT link, from_s, slot, said FROM piece WHERE slot = ?");
	query_number(&q, slot);
	r = query_run(&q, err);
	if (r < 0)
		return r;
	db_query(&q, writer->db, "DELETE FROM piece WHERE slot = ? RETURNING link, from_s, to_s");
	query_number(&q, slot);
	while (!failed && query_next(&q) > 0)
		failed = touched_add(writer,
			&(struct ledger_span){query_get_number(&q, 0), query_get_number(&q, 1),
				query_get_number(&q, 2)},
			err);
	r = query_end(&q, failed ? NULL : err);
	return failed ? failed : r;
}
