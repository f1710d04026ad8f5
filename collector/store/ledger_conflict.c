/* SPDX-License-Identifier: Apache-2.0 */
/* Two contents under one key: one stands and is disputed, the other is put aside. */
#include <string.h>

#include "collector/store/ledger_bound.h"
#include "collector/store/ledger_known.h"
#include "collector/store/ledger_run.h"
#include "collector/store/ledger_sample.h"

#define UNDER_KEY " WHERE agent = ?1 AND run = ?2 AND sequence = ?3"

static void bind_key(struct query *q, const struct journal_record *journal)
{
	query_number(q, journal->agent);
	query_number(q, journal->key.run);
	query_number(q, journal->key.sequence);
}

static const char *const dispute_sql[] = {
	[RECORD_DROPPED] = "UPDATE dropped SET disputed = 1" UNDER_KEY,
	[RECORD_START] = "UPDATE mark SET disputed = 1" UNDER_KEY,
	[RECORD_SPEED] = "UPDATE sample SET disputed = 1" UNDER_KEY,
	[RECORD_HTTP] = "UPDATE sample SET disputed = 1" UNDER_KEY,
	[RECORD_OBSERVATION] = "UPDATE sample SET disputed = 1" UNDER_KEY,
};

static const char *const remove_sql[] = {
	[RECORD_DROPPED] = "DELETE FROM dropped" UNDER_KEY,
	[RECORD_START] = "DELETE FROM mark" UNDER_KEY,
	[RECORD_SPEED] = "DELETE FROM sample" UNDER_KEY,
	[RECORD_HTTP] = "DELETE FROM sample" UNDER_KEY,
	[RECORD_OBSERVATION] = "DELETE FROM sample" UNDER_KEY,
};

#define SAVE_SQL(table)                                                                    \
	"INSERT OR IGNORE INTO conflict(agent, run, sequence, hash, received_us, via_wan," \
	" record) SELECT agent, run, sequence, hash, received_us, '', record FROM " table  \
		UNDER_KEY

static const char *const save_sql[] = {
	[RECORD_DROPPED] = SAVE_SQL("dropped"),
	[RECORD_START] = SAVE_SQL("mark"),
	[RECORD_SPEED] = SAVE_SQL("sample"),
	[RECORD_HTTP] = SAVE_SQL("sample"),
	[RECORD_OBSERVATION] = SAVE_SQL("sample"),
};

static int run_keyed(struct ledger_writer *writer, const char *sql,
	const struct journal_record *journal, struct err *err)
{
	struct query q;

	db_query(&q, writer->db, sql);
	bind_key(&q, journal);
	return query_run(&q, err);
}

/* Its place is touched, and what hangs on it. */
static int touch_slot(struct ledger_writer *writer, const struct journal_record *journal,
	const struct known *known, const struct bundle_item *item, struct err *err)
{
	struct mono_span at = {item->start_us, item->start_us + item->length_ms * 1000ULL};
	const struct boot_anchors *anchors;
	struct span place;
	int r = anchor_cache_get(writer->view->anchors, writer->db, known->boot, &anchors, err);

	if (r < 0 || !anchors->count)
		return r;
	place = bound_place(anchors, &at);
	return touched_agent(writer, journal->agent, known->page.wan, &place, err);
}

static int rewrite_slot(struct ledger_writer *writer, const struct journal_record *journal,
	const struct known *known, bool dispute, struct err *err)
{
	const struct bundle *bundle;
	int r = bundle_load(writer->view, &known->page, &bundle, err);

	if (r == 0)
		r = touch_slot(writer, journal, known, bundle_item(bundle, known->place), err);
	if (r == 0)
		r = page_rewrite(writer, &known->page, known->place, dispute, err);
	if (r == 0)
		run_cache_close(writer->runs, journal->agent, journal->key.run);
	return r;
}

int known_dispute(struct ledger_writer *writer, const struct journal_record *journal,
	const struct known *known, struct err *err)
{
	struct kept_anchor anchor = known->anchor;

	if (known->disputed)
		return 0;
	if (known->kind == RECORD_SLOT)
		return rewrite_slot(writer, journal, known, true, err);
	if (known->kind != RECORD_ANCHOR) {
		int r = sample_doubted(writer, journal, err);
		return r < 0 ? r : run_keyed(writer, dispute_sql[known->kind], journal, err);
	}
	anchor.disputed = true;
	return anchors_replace(writer->db, known->boot, &known->anchor, &anchor, err);
}

/* The record that writer->view->record holds. */
static int save_record(struct ledger_writer *writer, const struct journal_record *journal,
	const struct known *known, const struct page_slot *beside, struct err *err)
{
	struct buf bytes;
	struct query q;
	int r = record_encode(writer->view->record, &bytes, err);

	if (r == 0) {
		db_query(&q, writer->db,
			"INSERT OR IGNORE INTO conflict(agent, run, sequence, hash, received_us,"
			" via_wan, record) VALUES (?, ?, ?, ?, ?, ?, ?)");
		bind_key(&q, journal);
		query_bytes(&q, known->hash, sizeof(known->hash));
		query_number(&q, beside->received_us);
		query_text(&q, beside->via_wan);
		query_bytes(&q, buf_peek(&bytes), buf_length(&bytes));
		r = query_run(&q, err);
	}
	buf_done(&bytes);
	return r;
}

static int displace_slot(struct ledger_writer *writer, const struct journal_record *journal,
	const struct known *known, struct err *err)
{
	const struct bundle *bundle;
	struct page_slot beside;
	int r = bundle_load(writer->view, &known->page, &bundle, err);

	if (r == 0)
		r = bundle_slot(bundle, known->place, writer->view->record, &beside, err);
	if (r == 0)
		r = save_record(writer, journal, known, &beside, err);
	return r < 0 ? r : rewrite_slot(writer, journal, known, false, err);
}

static int displace_anchor(struct ledger_writer *writer, const struct journal_record *journal,
	const struct known *known, struct err *err)
{
	struct page_slot beside = {.received_us = known->anchor.received_us};
	struct record *record = writer->view->record;
	int r = known_anchor_record(writer, known, record, err);

	if (r == 0)
		r = save_record(writer, journal, known, &beside, err);
	if (r == 0)
		r = boot_moves(writer, known->boot, journal->agent, err);
	return r < 0 ? r : anchors_replace(writer->db, known->boot, &known->anchor, NULL, err);
}

int known_displace(struct ledger_writer *writer, const struct journal_record *journal,
	const struct known *known, struct err *err)
{
	int r;

	if (known->kind == RECORD_SLOT)
		return displace_slot(writer, journal, known, err);
	if (known->kind == RECORD_ANCHOR)
		return displace_anchor(writer, journal, known, err);
	r = sample_doubted(writer, journal, err);
	if (r == 0)
		r = run_keyed(writer, save_sql[known->kind], journal, err);
	return r < 0 ? r : run_keyed(writer, remove_sql[known->kind], journal, err);
}
