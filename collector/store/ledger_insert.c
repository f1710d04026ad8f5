/* SPDX-License-Identifier: Apache-2.0 */
/* The row of a record, by its kind, and what follows from its being there. */
#include <errno.h>
#include <string.h>

#include "collector/store/ledger_anchor.h"
#include "collector/store/ledger_page.h"
#include "collector/store/ledger_run.h"
#include "collector/store/ledger_sample.h"

static void bind_front(struct query *q, const struct taken *taken)
{
	query_number(q, taken->journal->agent);
	query_number(q, taken->journal->key.run);
	query_number(q, taken->journal->key.sequence);
	query_number(q, taken->boot);
}

static void bind_back(struct query *q, const struct taken *taken, bool disputed)
{
	query_bytes(q, taken->hash, sizeof(taken->hash));
	query_number(q, taken->journal->received_utc_us);
	query_number(q, disputed);
	query_bytes(q, taken->journal->record, taken->journal->record_length);
}

static int insert_slot(
	struct ledger_writer *writer, const struct taken *taken, bool disputed, struct err *err)
{
	const struct journal_record *journal = taken->journal;
	const struct slot *slot = &taken->record->slot;
	struct hot_entry entry = {
		.sequence = journal->key.sequence,
		.length_ms = slot->length_ms,
		.start_us = slot->start_us,
		.received_us = journal->received_utc_us,
		.disputed = disputed,
		.evidence = evidence_of(slot),
		.record = journal->record,
		.record_length = journal->record_length,
	};
	struct run *run;
	int r = run_get(writer, taken, &run, err);

	if (r < 0)
		return r;
	memcpy(entry.via_wan, journal->wan, sizeof(entry.via_wan));
	run->slots += !disputed;
	r = run_add_slot(writer, run, &entry, slot->wan, err);
	if (r < 0 || !run->stop_sequence)
		return r;
	/* something came after the end: it was none */
	return sign_add(writer,
		&(struct sign){run->boot, run->agent, slot->start_us + slot->length_ms * 1000ULL},
		err);
}

/* A start also says how its boot came about. */
static int insert_mark(
	struct ledger_writer *writer, const struct taken *taken, bool disputed, struct err *err)
{
	const struct record *record = taken->record;
	bool starts = record->kind == RECORD_START;
	uint64_t mono_us = starts ? record->start.mono_us : record->stop.mono_us;
	struct query q;
	int r;

	db_query(&q, writer->db,
		"INSERT INTO mark(agent, run, sequence, boot, kind, mono_us, reset, hash,"
		" received_us, disputed, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_front(&q, taken);
	query_text(&q, starts ? "start" : "stop");
	query_number(&q, (int64_t)mono_us);
	if (starts)
		query_number(&q, record->start.reset);
	else
		query_null(&q);
	bind_back(&q, taken, disputed);
	r = query_run(&q, err);
	return r < 0
		? r
		: sign_add(writer,
			  &(struct sign){taken->boot, taken->journal->agent, mono_us, starts}, err);
}

static int touch_dropped(struct ledger_writer *writer, const struct taken *taken, struct err *err)
{
	const struct dropped *dropped = &taken->record->dropped;
	const struct boot_anchors *anchors;
	struct span at;
	int r = anchor_cache_get(writer->view->anchors, writer->db, taken->boot, &anchors, err);

	if (r < 0 || !anchors->count)
		return r;
	at = placing_hull((struct placing){anchors->items, anchors->count},
		(struct mono_span){dropped->from_us, dropped->to_us});
	at.to++;
	return touched_agent(writer, taken->journal->agent, NULL, &at, err);
}

static int insert_dropped(
	struct ledger_writer *writer, const struct taken *taken, bool disputed, struct err *err)
{
	const struct dropped *dropped = &taken->record->dropped;
	struct query q;
	int r;

	db_query(&q, writer->db,
		"INSERT INTO dropped(agent, run, sequence, boot, last, records, from_us, to_us,"
		" hash, received_us, disputed, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
		"?)");
	bind_front(&q, taken);
	query_number(&q, dropped->last);
	query_number(&q, dropped->records);
	query_number(&q, (int64_t)dropped->from_us);
	query_number(&q, (int64_t)dropped->to_us);
	bind_back(&q, taken, disputed);
	r = query_run(&q, err);
	if (r == 0)
		r = touch_dropped(writer, taken, err);
	/* it speaks for numbers beyond its own: a Stop before them was no end */
	return r < 0
		? r
		: sign_add(writer,
			  &(struct sign){taken->boot, taken->journal->agent, dropped->to_us}, err);
}

static int insert_anchor(
	struct ledger_writer *writer, const struct taken *taken, bool disputed, struct err *err)
{
	const struct anchor *anchor = &taken->record->anchor;
	const struct kept_anchor kept = {
		.key = taken->journal->key,
		.mono_us = anchor->mono_us,
		.utc_us = anchor->utc_us,
		.error_us = anchor->error_us,
		.source = anchor->source,
		.received_us = taken->journal->received_utc_us,
		.disputed = disputed,
	};
	int r = boot_moves(writer, taken->boot, taken->journal->agent, err);

	if (r == 0)
		r = anchors_add(writer->db, taken->boot, &kept, err);
	return r < 0
		? r
		: sign_add(writer,
			  &(struct sign){taken->boot, taken->journal->agent, anchor->mono_us}, err);
}

int record_insert(
	struct ledger_writer *writer, const struct taken *taken, bool disputed, struct err *err)
{
	const struct record *record = taken->record;

	switch (record->kind) {
	case RECORD_SLOT: return insert_slot(writer, taken, disputed, err);
	case RECORD_ANCHOR: return insert_anchor(writer, taken, disputed, err);
	case RECORD_DROPPED: return insert_dropped(writer, taken, disputed, err);
	case RECORD_START:
	case RECORD_STOP: return insert_mark(writer, taken, disputed, err);
	case RECORD_SPEED:
	case RECORD_HTTP:
	case RECORD_OBSERVATION: return sample_insert(writer, taken, disputed, err);
	}
	return err_set(err, -EINVAL, "a record of kind %d", (int)record->kind);
}
