/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger.db as its one writer sees it: records of the journal become rows, rows become places on
 * UTC, and the cursor moves in the same transaction.
 *
 *	ledger_begin -> ledger_take ... -> ledger_settle -> (judge what changed) -> ledger_commit
 *
 * What the tables hold is a function of the set of records and bindings, never of their order.
 */
#ifndef PANTAU_STORE_LEDGER_WRITER_H
#define PANTAU_STORE_LEDGER_WRITER_H

#include "collector/store/ledger_db.h"
#include "proto/journal_record.h"

struct ledger_writer;

/* Creates STATE/ledger.db where it is missing, and mends it where it is damaged (ledger_mend.h).
 * -EBUSY: another process writes it. */
int ledger_writer_open(const char *state, struct ledger_writer **ret_writer, struct err *err);
/* SQLite's cache of it, by the size of the batches that come: 4 MiB at most. */
void ledger_writer_set_cache(struct ledger_writer *writer, size_t batch_bytes);
void ledger_writer_close(struct ledger_writer *writer);
/* Outside of a batch, now and then: -EBADMSG with words when the file was damaged under it
 * (ledger_guard.h). */
int ledger_writer_look(struct ledger_writer *writer, uint64_t now_us, struct err *err);
/* To read what is being written, inside and outside of a batch. Borrowed. */
struct ledger_db *ledger_writer_view(struct ledger_writer *writer);

/* One transaction. After a failure of any call of the batch: ledger_rollback(), and nothing of it
 * happened. */
int ledger_begin(struct ledger_writer *writer, struct err *err);
/* A record of the journal: kept once, compared when its key is known, placed if it can be. Bytes
 * that are no record are kept as rejected. `again`: it is read a second time from the journal, so
 * that it is no duplicate worth counting. */
int ledger_take(struct ledger_writer *writer, const struct journal_record *record, bool again,
	struct err *err);
/* The same for what was read in a damaged ledger (salvage.h): a duplicate is none worth counting.
 * `beside`: another content of a key that was disputed; alone it says nothing, and is left out. */
int ledger_take_salvaged(struct ledger_writer *writer, const struct journal_record *record,
	bool beside, struct err *err);
/* Inside a batch, before its first record: the outbox knows what comes, or is not to be told. */
void ledger_hush(struct ledger_writer *writer);
/* What measures what, as the registry has it up to `sequence`. What changed is placed anew. */
int ledger_follow(struct ledger_writer *writer, const struct registry_binding *bindings,
	size_t count, int64_t sequence, struct err *err);
/* Places what new anchors or bindings moved. Call once, after the last take. */
int ledger_settle(struct ledger_writer *writer, struct err *err);
/* Spans, one a link, in which anything may have changed by this batch: slots that came, moved or
 * are disputed now, and what explains holes. All of a link is INT64_MIN to SPAN_FOREVER. Valid from
 * settle to the end of the batch. */
int ledger_touched(struct ledger_writer *writer,
	int (*each)(void *arg, const struct ledger_span *span), void *arg);
int ledger_commit(struct ledger_writer *writer, struct seglog_pos cursor, struct err *err);
void ledger_rollback(struct ledger_writer *writer);

/* ---- what the judge says, inside a batch */

/* The run of settled seconds that a link is in: what `since` stands on when it began long ago. */
struct ledger_run {
	bool known;
	bool up;
	int64_t since_s;
};

/* Keeps the live state and, if `event`, tells the outbox. */
int ledger_put_live(struct ledger_writer *writer, const struct ledger_live *live,
	const struct ledger_run *run, bool event, struct err *err);
int ledger_get_run(struct ledger_writer *writer, int64_t link, struct ledger_run *ret_run,
	struct err *err); /* known = false: there is none */
enum said { SAID_NOTHING, SAID_UP, SAID_DOWN };

/* The slots that begin within the span are final in this state, or in none: what the outbox has
 * said of them otherwise is corrected. */
int ledger_put_state(struct ledger_writer *writer, const struct ledger_span *span, enum said said,
	struct err *err);

/* ---- the exporter */

/* It has taken the outbox up to this id. */
int ledger_exported(struct ledger_writer *writer, int64_t *ret_id, struct err *err);
/* Inside a batch. Rows up to there, but for the newest, which other readers may still want, are
 * deleted. */
int ledger_put_exported(struct ledger_writer *writer, int64_t id, struct err *err);
/* Inside a batch: of the rows that it has not taken the newest so many stay, the others fall off,
 * counted; ledger_say_again() has what they said. */
int ledger_cap_outbox(struct ledger_writer *writer, int64_t rows, struct err *err);
/* Inside a batch, at its beginning and its end: there is no exporter. The outbox counts as taken,
 * and as missed; nothing is said of slots and their states. */
int ledger_put_unread(struct ledger_writer *writer, struct err *err);
/* Inside a batch, before ledger_settle(), while there is an exporter: says anew about `limit` slots
 * of those that it missed, and touches them. *ret_more: there are still some. */
int ledger_refill(struct ledger_writer *writer, int limit, bool *ret_more, struct err *err);

/* ---- packing */

/* Outside of a batch: whether there is something to be packed, as far as a short look tells; the
 * next one goes on from there. */
int ledger_pack_look(struct ledger_writer *writer, int64_t now_us, bool *ret_ripe, struct err *err);
/* Inside a batch: packs up to so many days of links that are over for 48 hours, and gives back room
 * of the file. *ret_more: there may be more. Figures do not change by it. */
int ledger_pack(
	struct ledger_writer *writer, int64_t now_us, int days, bool *ret_more, struct err *err);

#endif
