/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record of the journal is taken: kept once, compared when its key is known. The key (agent, run,
 * sequence) is in exactly one of the tables of kinds; of several contents under one key the one
 * with the smallest digest has the row, whichever came first, and the others are kept in
 * `conflict`.
 */
#include <errno.h>
#include <string.h>

#include "collector/store/ledger_flag.h"
#include "collector/store/ledger_known.h"
#include "collector/store/ledger_run.h"
#include "collector/store/ledger_settlement.h"
#include "proto/codec.h"

/* ---- what was refused or contradicted */

static int note_heard(struct ledger_writer *writer, const struct journal_record *journal,
	bool conflict, struct err *err)
{
	struct query q;

	db_query(&q, writer->db,
		"INSERT INTO heard(agent, conflicts, rejected, received_us) VALUES (?, ?, ?, ?)"
		" ON CONFLICT(agent) DO UPDATE SET conflicts = conflicts + excluded.conflicts,"
		" rejected = rejected + excluded.rejected,"
		" received_us = max(received_us, excluded.received_us)");
	query_number(&q, journal->agent);
	query_number(&q, conflict);
	query_number(&q, !conflict);
	query_number(&q, journal->received_utc_us);
	return query_run(&q, err);
}

/* 1: kept now, 0: it was there already. */
static int keep(struct ledger_writer *writer, const char *sql, const struct journal_record *journal,
	const uint8_t hash[SHA256_BYTES], struct err *err)
{
	struct query q;
	int added, r;

	db_query(&q, writer->db, sql);
	query_number(&q, journal->agent);
	query_number(&q, journal->key.run);
	query_number(&q, journal->key.sequence);
	query_bytes(&q, hash, SHA256_BYTES);
	query_number(&q, journal->received_utc_us);
	query_bytes(&q, journal->record, journal->record_length);
	if (journal->reject_code)
		query_number(&q, journal->reject_code);
	else
		query_text(&q, journal->wan);
	query_next(&q);
	added = q.failed ? 0 : (int)db_changed(writer->db);
	r = query_end(&q, err);
	return r < 0 ? r : added;
}

static int take_rejected(
	struct ledger_writer *writer, const struct journal_record *journal, struct err *err)
{
	uint8_t hash[SHA256_BYTES];
	int r = crypto_sha256(journal->record, journal->record_length, hash);

	if (r < 0)
		return err_errno(err, r, "digest of a record");
	r = keep(writer,
		"INSERT OR IGNORE INTO rejected(agent, run, sequence, hash, received_us, record,"
		" code) VALUES (?, ?, ?, ?, ?, ?, ?)",
		journal, hash, err);
	if (r < 0)
		return r;
	if (!r) {
		writer->batch.duplicates += !writer->again;
		return 0;
	}
	writer->batch.rejected++;
	return note_heard(writer, journal, false, err);
}

/* ---- what is sound */

static int take_run(struct ledger_writer *writer, struct taken *taken, bool fresh, struct err *err)
{
	struct run *run;
	int r = run_get(writer, taken, &run, err);

	if (r < 0)
		return r;
	taken->boot = run->boot;
	return run_note(writer, run, taken, fresh, err);
}

/* 1: it was not there yet. */
static int put_aside(struct ledger_writer *writer, const struct taken *taken,
	const uint8_t hash[SHA256_BYTES], struct err *err)
{
	int r = 0;

	/* an anchor still says when its own boot was (anchors.c) */
	if (taken->record->kind == RECORD_ANCHOR)
		r = boot_moves(writer, taken->boot, taken->journal->agent, err);
	return r < 0 ? r
		     : keep(writer,
			       "INSERT OR IGNORE INTO conflict(agent, run, sequence, hash,"
			       " received_us, record, via_wan) VALUES (?, ?, ?, ?, ?, ?, ?)",
			       taken->journal, hash, err);
}

static void count_duplicate(struct ledger_writer *writer)
{
	writer->batch.duplicates += !writer->again && !writer->salvaged;
}

static int take_conflict(struct ledger_writer *writer, struct taken *taken,
	const struct known *known, struct err *err)
{
	const struct journal_record *journal = taken->journal;
	uint8_t hash[SHA256_BYTES];
	int added = 1, r = record_digest(taken->record, journal, hash, err);

	if (r == 0)
		r = take_run(writer, taken, false, err);
	if (r < 0)
		return r;
	if (memcmp(hash, known->hash, sizeof(hash)) < 0) {
		r = known_displace(writer, journal, known, err);
		if (r == 0)
			r = record_insert(writer, taken, true, err);
	} else {
		added = r = put_aside(writer, taken, hash, err);
		if (r >= 0)
			r = known_dispute(writer, journal, known, err);
	}
	if (r < 0)
		return r;
	if (!added) {
		count_duplicate(writer);
		return 0;
	}
	writer->batch.conflicts++;
	r = settlements_touch(writer, journal->agent, err);
	return r < 0 ? r : note_heard(writer, journal, true, err);
}

static int take_known(
	struct ledger_writer *writer, struct taken *taken, bool *ret_known, struct err *err)
{
	struct known known = {0};
	int r = known_find(writer, taken, &known, err);

	*ret_known = known.there;
	if (r < 0 || !known.there)
		return r;
	if (!known.equal && !writer->unsure)
		return take_conflict(writer, taken, &known, err);
	count_duplicate(writer);
	return 0;
}

/* Kinds that come seldom keep their digest in the row. */
static int prepare(struct taken *taken, struct err *err)
{
	if (taken->record->kind == RECORD_SLOT || taken->record->kind == RECORD_ANCHOR)
		return 0;
	return record_digest(taken->record, taken->journal, taken->hash, err);
}

static int take_sound(struct ledger_writer *writer, struct taken *taken, struct err *err)
{
	bool seen = true;
	int r = prepare(taken, err);

	if (r == 0 && taken->record->kind != RECORD_DROPPED)
		r = run_seen(writer, taken->journal, &seen, err);
	/* what is read again was compared when it was read first */
	if (r == 0 && seen && !(writer->again && taken->record->kind != RECORD_DROPPED))
		r = take_known(writer, taken, &seen, err);
	if (r < 0 || seen)
		return r;
	writer->batch.slots += taken->record->kind == RECORD_SLOT;
	r = take_run(writer, taken, true, err);
	return r < 0 ? r : record_insert(writer, taken, false, err);
}

int ledger_take(struct ledger_writer *writer, const struct journal_record *journal, bool again,
	struct err *err)
{
	struct taken taken = {.journal = journal, .record = writer->record};
	struct journal_record refused;
	int r;

	writer->again = again;
	if (journal->sighted)
		return sighting_put(writer, journal, err);
	if (journal->reject_code)
		return take_rejected(writer, journal, err);
	r = codec_record_decode(journal->record, journal->record_length, writer->record, err);
	if (r > 0) { /* the ingesting process was of another version */
		refused = *journal;
		refused.reject_code = (uint8_t)r;
		return take_rejected(writer, &refused, err);
	}
	return r < 0 ? r : take_sound(writer, &taken, err);
}

int ledger_take_salvaged(struct ledger_writer *writer, const struct journal_record *journal,
	bool beside, struct err *err)
{
	bool seen = true;
	int r = beside ? run_seen(writer, journal, &seen, err) : 0;

	if (r < 0 || !seen)
		return r;
	writer->salvaged = true;
	writer->unsure = !beside;
	r = ledger_take(writer, journal, false, err);
	writer->salvaged = writer->unsure = false;
	return r;
}
