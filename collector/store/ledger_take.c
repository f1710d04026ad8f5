/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record of the journal becomes a row. The key (agent, run, sequence) is in exactly one of the
 * tables of kinds; of several contents under one key the one with the smallest digest has the row,
 * whichever came first, and the others are kept in `conflict`.
 */
#include <errno.h>
#include <string.h>

#include "collector/store/ledger_private.h"
#include "proto/codec.h"

struct known { /* what is there under a key */
	bool there;
	enum record_kind kind;
	int64_t slot; /* RECORD_SLOT only */
	bool disputed;
	uint8_t hash[SHA256_BYTES];
};

static void bind_key(struct query *q, const struct journal_record *journal)
{
	query_number(q, journal->agent);
	query_number(q, journal->key.run);
	query_number(q, journal->key.sequence);
}

/* ---- what every record leaves behind, sound or not */

static int note_heard(struct ledger_writer *writer, const struct journal_record *journal,
	enum record_kind kind, bool conflict, struct err *err)
{
	struct query q;

	db_query(&q, writer->db,
		"INSERT INTO heard(agent, run, records, slots, conflicts, rejected, received_us)"
		" VALUES (?, ?, 1, ?, ?, ?, ?) ON CONFLICT(agent) DO UPDATE SET"
		" run = max(run, excluded.run), records = records + 1,"
		" slots = slots + excluded.slots, conflicts = conflicts + excluded.conflicts,"
		" rejected = rejected + excluded.rejected,"
		" received_us = max(received_us, excluded.received_us)");
	query_number(&q, journal->agent);
	query_number(&q, journal->key.run);
	query_number(&q, kind == RECORD_SLOT && !conflict);
	query_number(&q, conflict);
	query_number(&q, kind == 0);
	query_number(&q, journal->received_utc_us);
	return query_run(&q, err);
}

static int take_rejected(struct ledger_writer *writer, const struct journal_record *journal,
	int code, struct err *err)
{
	uint8_t hash[SHA256_BYTES];
	struct query q;
	int64_t added;
	int r = crypto_sha256(journal->record, journal->record_length, hash);

	if (r < 0)
		return err_errno(err, r, "digest of a record");
	db_query(&q, writer->db,
		"INSERT OR IGNORE INTO rejected(agent, run, sequence, hash, code, received_us,"
		" record) VALUES (?, ?, ?, ?, ?, ?, ?)");
	bind_key(&q, journal);
	query_bytes(&q, hash, sizeof(hash));
	query_number(&q, code);
	query_number(&q, journal->received_utc_us);
	query_bytes(&q, journal->record, journal->record_length);
	query_next(&q);
	added = q.failed ? 0 : db_changed(writer->db);
	r = query_end(&q, err);
	if (r < 0)
		return r;
	if (!added) {
		writer->batch.duplicates += !writer->again;
		return 0;
	}
	writer->batch.rejected++;
	return note_heard(writer, journal, 0, false, err);
}

int boot_note(struct ledger_writer *writer, struct taken *taken, struct err *err)
{
	const struct record *record = taken->record;
	const struct record_key *key = &taken->journal->key;
	bool stop = record->kind == RECORD_STOP;
	/* A gap record speaks for all that it covers. */
	uint32_t last = record->kind == RECORD_DROPPED ? record->dropped.last : key->sequence;
	struct query q;

	db_query(&q, writer->db,
		"INSERT INTO boot(agent, boot, first_run, last_run, last_sequence, stop_run,"
		" stop_sequence) VALUES (?, ?, ?3, ?3, ?4, ?5, ?6)"
		" ON CONFLICT(agent, boot) DO UPDATE SET"
		" first_run = min(first_run, excluded.first_run),"
		" last_sequence = CASE WHEN excluded.last_run > last_run"
		"  THEN excluded.last_sequence WHEN excluded.last_run = last_run"
		"  THEN max(last_sequence, excluded.last_sequence) ELSE last_sequence END,"
		" last_run = max(last_run, excluded.last_run),"
		" stop_sequence = CASE WHEN excluded.stop_run > stop_run"
		"  THEN excluded.stop_sequence WHEN excluded.stop_run = stop_run"
		"  THEN max(stop_sequence, excluded.stop_sequence) ELSE stop_sequence END,"
		" stop_run = max(stop_run, excluded.stop_run) RETURNING id");
	query_number(&q, taken->journal->agent);
	/* every kind of record begins with the boot's id */
	query_bytes(&q, record->slot.boot, BOOT_BYTES);
	query_number(&q, key->run);
	query_number(&q, last);
	query_number(&q, stop ? key->run : 0);
	query_number(&q, stop ? key->sequence : 0);
	if (query_next(&q) > 0)
		taken->boot = query_get_number(&q, 0);
	return query_end(&q, err);
}

/* ---- one key, several contents */

#define UNDER_KEY " WHERE agent = ?1 AND run = ?2 AND sequence = ?3"

static const char known_gap[] = "SELECT 3, 0, disputed, hash FROM dropped" UNDER_KEY;
static const char known_record[] = "SELECT 1, id, disputed, hash FROM slot_hot" UNDER_KEY
				   " UNION ALL SELECT 2, 0, disputed, hash FROM anchor" UNDER_KEY
				   " UNION ALL SELECT 4, 0, disputed, hash FROM mark" UNDER_KEY
				   " UNION ALL SELECT 6, 0, disputed, hash FROM speed" UNDER_KEY;

/* A gap record whose own number came as a record too (its ACK was lost) contradicts nothing: the
 * record counts and the gap is for the rest. So each is compared with its like. */
static int find_known(struct ledger_writer *writer, const struct taken *taken,
	struct known *ret_known, struct err *err)
{
	struct known known = {0};
	struct query q;
	const void *hash;
	size_t length;
	int r;

	db_query(&q, writer->db, taken->record->kind == RECORD_DROPPED ? known_gap : known_record);
	bind_key(&q, taken->journal);
	if (query_next(&q) > 0) {
		known.there = true;
		known.kind = (enum record_kind)query_get_number(&q, 0);
		known.slot = query_get_number(&q, 1);
		known.disputed = query_get_number(&q, 2) != 0;
		hash = query_get_bytes(&q, 3, &length);
		if (length == SHA256_BYTES)
			memcpy(known.hash, hash, length);
	}
	r = query_end(&q, err);
	if (r == 0)
		*ret_known = known;
	return r;
}

/* 1: kept now, 0: it was there already. */
static int keep_conflict(struct ledger_writer *writer, const struct taken *taken, struct err *err)
{
	const struct journal_record *journal = taken->journal;
	struct query q;
	int added, r;

	db_query(&q, writer->db,
		"INSERT OR IGNORE INTO conflict(agent, run, sequence, hash, received_us, via_wan,"
		" record) VALUES (?, ?, ?, ?, ?, ?, ?)");
	bind_key(&q, journal);
	query_bytes(&q, taken->hash, sizeof(taken->hash));
	query_number(&q, journal->received_utc_us);
	query_text(&q, journal->wan);
	query_bytes(&q, journal->record, journal->record_length);
	query_next(&q);
	added = q.failed ? 0 : (int)db_changed(writer->db);
	r = query_end(&q, err);
	return r < 0 ? r : added;
}

/* By record kind; RECORD_START and RECORD_STOP share the table of marks. */
static const struct {
	const char *save, *remove, *dispute;
} row_sql[] = {
#define ROW_SQL(table, via)                                                                      \
	{                                                                                        \
		"INSERT INTO conflict(agent, run, sequence, hash, received_us, via_wan, record)" \
		" SELECT agent, run, sequence, hash, received_us, " via ", record FROM " table   \
		" WHERE agent = ? AND run = ? AND sequence = ?",                                 \
			"DELETE FROM " table " WHERE agent = ? AND run = ? AND sequence = ?",    \
			"UPDATE " table " SET disputed = 1"                                      \
			" WHERE agent = ? AND run = ? AND sequence = ?",                         \
	}
	[RECORD_SLOT] = ROW_SQL("slot_hot", "via_wan"),
	[RECORD_ANCHOR] = ROW_SQL("anchor", "''"),
	[RECORD_DROPPED] = ROW_SQL("dropped", "''"),
	[RECORD_START] = ROW_SQL("mark", "''"),
	[RECORD_STOP] = ROW_SQL("mark", "''"),
	[RECORD_SPEED] = ROW_SQL("speed", "''"),
#undef ROW_SQL
};

static int run_keyed(struct ledger_writer *writer, const char *sql,
	const struct journal_record *journal, struct err *err)
{
	struct query q;

	db_query(&q, writer->db, sql);
	bind_key(&q, journal);
	return query_run(&q, err);
}

static int anchor_boot(struct ledger_writer *writer, const struct journal_record *journal,
	int64_t *ret_boot, struct err *err)
{
	struct query q;

	*ret_boot = 0;
	db_query(&q, writer->db,
		"SELECT boot FROM anchor WHERE agent = ? AND run = ? AND sequence = ?");
	bind_key(&q, journal);
	if (query_next(&q) > 0)
		*ret_boot = query_get_number(&q, 0);
	return query_end(&q, err);
}

/* Its row's id may be given to the next slot, of which the outbox has said nothing yet. */
static int unplace_other(struct ledger_writer *writer, int64_t slot, struct err *err)
{
	struct query q;
	int r = unplace_slot(writer, slot, err);

	if (r < 0)
		return r;
	db_query(&q, writer->db, "UPDATE OR REPLACE gone SET slot = -slot WHERE slot = ?");
	query_number(&q, slot);
	return query_run(&q, err);
}

/* The row under the key goes to `conflict`, with all that followed from it. */
static int displace(struct ledger_writer *writer, const struct journal_record *journal,
	const struct known *known, struct err *err)
{
	int64_t boot = 0;
	int r = run_keyed(writer, row_sql[known->kind].save, journal, err);

	if (r == 0 && known->kind == RECORD_SLOT)
		r = unplace_other(writer, known->slot, err);
	if (r == 0 && known->kind == RECORD_ANCHOR)
		r = anchor_boot(writer, journal, &boot, err);
	if (r == 0 && boot)
		r = anchors_remember(writer, boot, err);
	if (r == 0)
		r = run_keyed(writer, row_sql[known->kind].remove, journal, err);
	if (r == 0 && boot)
		r = anchors_changed(writer, boot, err);
	return r;
}

static int mark_disputed(struct ledger_writer *writer, const struct journal_record *journal,
	const struct known *known, struct err *err)
{
	struct query q;
	int r;

	if (known->disputed)
		return 0;
	r = run_keyed(writer, row_sql[known->kind].dispute, journal, err);
	if (r < 0 || known->kind != RECORD_SLOT)
		return r;
	db_query(&q, writer->db,
		"UPDATE piece SET disputed = 1 WHERE slot = ? RETURNING link, from_s, to_s");
	query_number(&q, known->slot);
	while (r == 0 && query_next(&q) > 0)
		r = touched_add(writer,
			&(struct ledger_span){query_get_number(&q, 0), query_get_number(&q, 1),
				query_get_number(&q, 2)},
			err);
	if (r < 0) {
		query_end(&q, NULL);
		return r;
	}
	return query_end(&q, err);
}

static int take_conflict(struct ledger_writer *writer, struct taken *taken,
	const struct known *known, struct err *err)
{
	const struct journal_record *journal = taken->journal;
	bool wins = memcmp(taken->hash, known->hash, sizeof(taken->hash)) < 0;
	int added = 1, r = 0;

	if (wins) {
		r = displace(writer, journal, known, err);
		if (r == 0)
			r = record_insert(writer, taken, true, err);
	} else {
		added = keep_conflict(writer, taken, err);
		r = added < 0 ? added : mark_disputed(writer, journal, known, err);
	}
	if (r < 0)
		return r;
	if (!added) {
		writer->batch.duplicates += !writer->again;
		return 0;
	}
	writer->batch.conflicts++;
	return note_heard(writer, journal, taken->record->kind, true, err);
}

static int take_sound(struct ledger_writer *writer, struct taken *taken, struct err *err)
{
	struct known known;
	int r = find_known(writer, taken, &known, err);

	if (r < 0)
		return r;
	if (known.there && !memcmp(known.hash, taken->hash, sizeof(known.hash))) {
		writer->batch.duplicates += !writer->again;
		return 0;
	}
	r = boot_note(writer, taken, err);
	if (r < 0)
		return r;
	if (known.there)
		return take_conflict(writer, taken, &known, err);
	writer->batch.slots += taken->record->kind == RECORD_SLOT;
	r = note_heard(writer, taken->journal, taken->record->kind, false, err);
	return r < 0 ? r : record_insert(writer, taken, false, err);
}

int ledger_take(struct ledger_writer *writer, const struct journal_record *journal, bool again,
	struct err *err)
{
	struct taken taken = {.journal = journal, .record = writer->record};
	int r;

	writer->again = again;
	if (journal->reject_code)
		return take_rejected(writer, journal, journal->reject_code, err);
	r = codec_record_decode(journal->record, journal->record_length, writer->record, err);
	if (r > 0) /* the ingesting process was of another version */
		return take_rejected(writer, journal, r, err);
	if (r == 0) {
		r = crypto_sha256(journal->record, journal->record_length, taken.hash);
		if (r < 0)
			err_errno(err, r, "digest of a record");
	}
	return r < 0 ? r : take_sound(writer, &taken, err);
}
