/* SPDX-License-Identifier: Apache-2.0 */
/* What came of wishes to close, and what has happened to closed months since. */
#include "collector/store/closed_month.h"
#include "collector/store/ledger_private.h"

/* A record decides unknown time beside it, too: as far as a run of unknown reaches. Beyond a day
 * the month in which the record lies is marked alone; a recount finds the rest. */
#define TOUCH_REACH_S 86400

int closed_result_put(
	struct ledger_writer *writer, const struct closed_result *result, struct err *err)
{
	struct query q;

	db_query(&q, writer->db,
		"INSERT INTO closed_result(closing, entered_s, failed, words, at_s)"
		" VALUES (?, ?, ?, ?, ?)");
	query_number(&q, result->closing);
	query_number(&q, result->entered_s);
	query_number(&q, result->failed);
	query_text(&q, result->words);
	query_number(&q, result->at_s);
	return query_run(&q, err);
}

int closed_result_get(struct ledger_db *db, const struct registry_closing *closing,
	int (*each)(void *arg, const struct closed_result *result), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r, found;

	db_query(&q, db->db,
		"SELECT failed, words, at_s FROM closed_result WHERE closing = ? AND entered_s = "
		"?");
	query_number(&q, closing->id);
	query_number(&q, closing->entered_s);
	found = query_next(&q);
	if (found > 0) {
		struct closed_result result = {
			.closing = closing->id,
			.entered_s = closing->entered_s,
			.failed = query_get_number(&q, 0) != 0,
			.words = query_get_text(&q, 1),
			.at_s = query_get_number(&q, 2),
		};
		stop = each(arg, &result);
	}
	r = query_end(&q, err);
	if (r < 0)
		return r;
	return stop ? stop : found;
}

/* ---- touched */

struct touching {
	struct db *db;
	int64_t now_s, closed_to_s;
	struct err *err;
};

static int touch_months(const struct touching *touching, struct span span)
{
	struct query q;

	db_query(&q, touching->db,
		"INSERT INTO closed_touch(month, since_s)"
		" SELECT month, ? FROM closed_month WHERE revision = 0 AND from_s < ? AND to_s > ?"
		" ON CONFLICT(month) DO NOTHING");
	query_number(&q, touching->now_s);
	query_number(&q, span.to);
	query_number(&q, span.from);
	return query_run(&q, touching->err);
}

static int touch_span(void *arg, const struct ledger_span *touched)
{
	const struct touching *touching = arg;
	struct span reach = {touched->from_s, touched->to_s};

	if (reach.from > INT64_MIN + TOUCH_REACH_S)
		reach.from -= TOUCH_REACH_S;
	if (reach.to < SPAN_FOREVER - TOUCH_REACH_S)
		reach.to += TOUCH_REACH_S;
	/* nearly always: what comes is new, what is closed is old */
	return reach.from < touching->closed_to_s ? touch_months(touching, reach) : 0;
}

int closed_month_touch(struct ledger_writer *writer, int64_t now_s, struct err *err)
{
	struct touching touching = {writer->db, now_s, INT64_MIN, err};
	struct query q;
	int r;

	if (writer->mending)
		return 0; /* what comes now was there when they were counted */
	db_query(&q, writer->db, "SELECT max(to_s) FROM closed_month");
	if (query_next(&q) > 0 && !query_is_null(&q, 0))
		touching.closed_to_s = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r < 0 || touching.closed_to_s == INT64_MIN)
		return r;
	return ledger_touched(writer, touch_span, &touching);
}

int closed_month_clean(
	struct ledger_writer *writer, const char *month, int64_t registry_sequence, struct err *err)
{
	struct query q;
	int r;

	db_query(&q, writer->db, "DELETE FROM closed_touch WHERE month = ?");
	query_text(&q, month);
	r = query_run(&q, err);
	if (r < 0)
		return r;
	db_query(&q, writer->db, "UPDATE closed_month SET registry_sequence = ? WHERE month = ?");
	query_number(&q, registry_sequence);
	query_text(&q, month);
	return query_run(&q, err);
}

int closed_touches(struct ledger_db *db, int (*each)(void *arg, const struct closed_touch *touch),
	void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db, "SELECT month, since_s FROM closed_touch ORDER BY month");
	while (!stop && query_next(&q) > 0) {
		struct closed_touch touch = {.since_s = query_get_number(&q, 1)};
		query_copy_text(&q, 0, touch.month, sizeof(touch.month));
		stop = each(arg, &touch);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}

/* ---- noted */

int closed_note_put(struct ledger_writer *writer, const struct closed_note *note, struct err *err)
{
	struct query q;

	db_query(&q, writer->db, "INSERT INTO closed_note(month, noted_s, words) VALUES (?, ?, ?)");
	query_text(&q, note->month);
	query_number(&q, note->noted_s);
	query_text(&q, note->words);
	return query_run(&q, err);
}

int closed_notes(struct ledger_db *db, const char *month,
	int (*each)(void *arg, const struct closed_note *note), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db,
		"SELECT month, noted_s, words FROM closed_note WHERE ?1 IS NULL OR month = ?1"
		" ORDER BY id");
	query_text(&q, month);
	while (!stop && query_next(&q) > 0) {
		struct closed_note note = {
			.noted_s = query_get_number(&q, 1), .words = query_get_text(&q, 2)};
		query_copy_text(&q, 0, note.month, sizeof(note.month));
		stop = each(arg, &note);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}
