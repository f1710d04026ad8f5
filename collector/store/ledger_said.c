/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the exporter is told of slots and their states. Of states the table `said` remembers spans,
 * not slots: what is final lasts for days.
 *
 *	said      |---- up ----|  |-- down --|
 *	now           |----------- up -----------|
 *	news                   |--|----------|---|
 */
#include <errno.h>
#include <stdlib.h>

#include "collector/store/ledger_source.h"

/* ---- slots */

struct sayer {
	const struct ledger_span *span;
	struct outbox_strip *strip;
};

static int add_slot(void *arg, const struct ledger_slot *slot)
{
	struct sayer *sayer = arg;

	if (slot->from_s < sayer->span->from_s)
		return 0;
	return outbox_strip_add(sayer->strip, slot->from_s, slot->slot);
}

int say_slots(struct ledger_writer *writer, const struct ledger_span *span, struct err *err)
{
	struct sayer sayer = {.span = span, .strip = outbox_strip_new(span->link)};
	int r = sayer.strip ? ledger_slots(writer->view, span, add_slot, &sayer, err) : -ENOMEM;

	if (r == -ENOMEM)
		err_errno(err, r, "outbox");
	if (r == 0)
		r = outbox_strip_write(writer->db, sayer.strip, err);
	outbox_strip_free(sayer.strip);
	return r;
}

struct starter {
	const struct ledger_span *span;
	struct starts *starts;
};

/* One that only reaches into the span does not begin there: its end may move, and it be where it
 * was. */
static int add_start(void *arg, const struct ledger_slot *slot)
{
	const struct starter *starter = arg;
	struct starts *starts = starter->starts;

	if (slot->from_s < starter->span->from_s ||
		(starts->count && starts->items[starts->count - 1] == slot->from_s))
		return 0;
	if (starts->count == starts->room) {
		size_t room = starts->room ? starts->room * 2 : 64;
		int64_t *items = realloc(starts->items, room * sizeof(*items));
		if (!items)
			return -ENOMEM;
		starts->items = items;
		starts->room = room;
	}
	starts->items[starts->count++] = slot->from_s;
	return 0;
}

int starts_load(struct ledger_writer *writer, const struct ledger_span *span,
	struct starts *ret_starts, struct err *err)
{
	struct starter starter = {span, ret_starts};
	int r = ledger_slots(writer->view, span, add_start, &starter, err);

	return r == -ENOMEM ? err_errno(err, r, "outbox") : r;
}

int say_gone(struct ledger_writer *writer, const struct ledger_span *span, const struct starts *old,
	struct err *err)
{
	struct outbox_event gone = {.link = span->link, .kind = OUTBOX_GONE};
	struct starts now = {0};
	size_t at = 0;
	int r = old->count ? starts_load(writer, span, &now, err) : 0;

	/* both are sorted */
	for (size_t i = 0; r == 0 && i < old->count; i++) {
		while (at < now.count && now.items[at] < old->items[i])
			at++;
		if (at < now.count && now.items[at] == old->items[i])
			continue;
		gone.at_s = old->items[i];
		r = outbox_write(writer->db, &gone, err);
	}
	free(now.items);
	return r;
}

/* ---- states */

struct row { /* of `said` */
	int64_t from_s, to_s;
	enum said said;
};

struct rows {
	struct row *items;
	size_t count, room;
};

static int add_row(struct rows *rows, struct row row)
{
	struct row *last = rows->count ? &rows->items[rows->count - 1] : NULL;

	if (row.from_s >= row.to_s || row.said == SAID_NOTHING)
		return 0;
	if (last && last->said == row.said && last->to_s == row.from_s) {
		last->to_s = row.to_s;
		return 0;
	}
	if (rows->count == rows->room) {
		size_t room = rows->room ? rows->room * 2 : 8;
		struct row *items = realloc(rows->items, room * sizeof(*items));
		if (!items)
			return -ENOMEM;
		rows->items = items;
		rows->room = room;
	}
	rows->items[rows->count++] = row;
	return 0;
}

/* Those that touch the span. */
static int load_rows(
	struct db *db, const struct ledger_span *span, struct rows *ret_rows, struct err *err)
{
	struct query q;
	int failed = 0, r;

	db_query(&q, db,
		"SELECT from_s, to_s, up FROM said WHERE link = ?1 AND from_s <= ?3 AND from_s >="
		" coalesce((SELECT max(from_s) FROM said WHERE link = ?1 AND from_s < ?2), ?2)"
		" AND to_s >= ?2 ORDER BY from_s");
	query_number(&q, span->link);
	query_number(&q, span->from_s);
	query_number(&q, span->to_s);
	while (!failed && query_next(&q) > 0)
		failed = add_row(ret_rows,
			(struct row){query_get_number(&q, 0), query_get_number(&q, 1),
				query_get_number(&q, 2) ? SAID_UP : SAID_DOWN});
	r = query_end(&q, failed ? NULL : err);
	return failed ? err_errno(err, failed, "outbox") : r;
}

static int write_row(struct db *db, int64_t link, const struct row *row, struct err *err)
{
	struct query q;

	db_query(&q, db, "INSERT INTO said(link, from_s, to_s, up) VALUES (?, ?, ?, ?)");
	query_number(&q, link);
	query_number(&q, row->from_s);
	query_number(&q, row->to_s);
	query_number(&q, row->said == SAID_UP);
	return query_run(&q, err);
}

static int delete_row(struct db *db, int64_t link, int64_t from_s, struct err *err)
{
	struct query q;

	db_query(&q, db, "DELETE FROM said WHERE link = ? AND from_s = ?");
	query_number(&q, link);
	query_number(&q, from_s);
	return query_run(&q, err);
}

/* The rows, with the span in its new state. */
static int lay_over(const struct rows *old, const struct ledger_span *span, enum said said,
	struct rows *ret_rows)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < old->count; i++) {
		struct row row = old->items[i];
		if (row.to_s > span->from_s)
			row.to_s = span->from_s;
		r = add_row(ret_rows, row);
	}
	if (r == 0)
		r = add_row(ret_rows, (struct row){span->from_s, span->to_s, said});
	for (size_t i = 0; r == 0 && i < old->count; i++) {
		struct row row = old->items[i];
		if (row.from_s < span->to_s)
			row.from_s = span->to_s;
		r = add_row(ret_rows, row);
	}
	return r;
}

static int replace_rows(struct db *db, int64_t link, const struct rows *old, const struct rows *now,
	struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < old->count; i++)
		r = delete_row(db, link, old->items[i].from_s, err);
	for (size_t i = 0; r == 0 && i < now->count; i++)
		r = write_row(db, link, &now->items[i], err);
	return r;
}

static bool is_within(const struct row *row, const struct ledger_span *span)
{
	return row->to_s > span->from_s && row->from_s < span->to_s;
}

static bool is_said(const struct rows *rows, const struct ledger_span *span, enum said said)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->items[i];
		if (!is_within(row, span))
			continue;
		return said != SAID_NOTHING && row->said == said && row->from_s <= span->from_s &&
			row->to_s >= span->to_s;
	}
	return said == SAID_NOTHING;
}

/* What was said in the span no longer is. */
static int tell_taken_back(
	struct db *db, const struct rows *rows, const struct ledger_span *span, struct err *err)
{
	struct ledger_span rest = *span, part = *span;
	int r = 0;

	for (size_t i = 0; r == 0 && i < rows->count && rest.from_s < rest.to_s; i++) {
		const struct row *row = &rows->items[i];
		if (!is_within(row, &rest))
			continue;
		part.from_s = row->from_s > rest.from_s ? row->from_s : rest.from_s;
		part.to_s = row->to_s < rest.to_s ? row->to_s : rest.to_s;
		r = outbox_write_states(db, &part, SAID_NOTHING, err);
		rest.from_s = row->to_s;
	}
	return r;
}

/* What is said now, where it was not before. */
static int tell_said(struct db *db, const struct rows *rows, const struct ledger_span *span,
	enum said said, struct err *err)
{
	struct ledger_span rest = *span, part = *span;
	int r = 0;

	for (size_t i = 0; r == 0 && i < rows->count && rest.from_s < rest.to_s; i++) {
		const struct row *row = &rows->items[i];
		if (row->said != said || !is_within(row, &rest))
			continue;
		part.from_s = rest.from_s;
		part.to_s = row->from_s;
		if (part.from_s < part.to_s)
			r = outbox_write_states(db, &part, said, err);
		rest.from_s = row->to_s;
	}
	if (r == 0 && rest.from_s < rest.to_s)
		r = outbox_write_states(db, &rest, said, err);
	return r;
}

static int put(struct ledger_writer *writer, const struct ledger_span *span, enum said said,
	struct err *err)
{
	struct rows old = {0}, now = {0};
	int r = load_rows(writer->db, span, &old, err);

	if (r == 0 && !is_said(&old, span, said)) {
		r = said == SAID_NOTHING ? tell_taken_back(writer->db, &old, span, err)
					 : tell_said(writer->db, &old, span, said, err);
		if (r == 0 && lay_over(&old, span, said, &now) < 0)
			r = err_errno(err, -ENOMEM, "outbox");
		if (r == 0)
			r = replace_rows(writer->db, span->link, &old, &now, err);
	}
	free(old.items);
	free(now.items);
	return r;
}

int ledger_put_state(struct ledger_writer *writer, const struct ledger_span *span, enum said said,
	struct err *err)
{
	if (writer->unread || writer->mending || span->from_s >= span->to_s)
		return 0;
	return put(writer, span, said, err);
}

int said_forget(struct ledger_writer *writer, const struct ledger_span *span, struct err *err)
{
	return put(writer, span, SAID_NOTHING, err);
}
