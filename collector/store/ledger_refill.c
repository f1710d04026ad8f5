/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The exporter's positions, and what it missed: while it is switched off the outbox is emptied
 * unread. Once it is on again, everything that the ledger holds is said anew, a few slots a batch;
 * points that are there already are written over with themselves.
 *
 *	position "export"	a: taken up to this id; b: 1, rows were thrown away unread
 *	position "refill"	a: slots up to this id are said anew; b: up to here it goes
 */
#include <errno.h>

#include "collector/store/ledger_private.h"

/* Rows that a page which lost its connection may still ask for: ten minutes of a province. */
#define OUTBOX_KEEP 10000

static int outbox_last(struct ledger_writer *writer, int64_t *ret_last, struct err *err)
{
	struct query q;

	*ret_last = 0;
	db_query(&q, writer->db, "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'");
	if (query_next(&q) > 0)
		*ret_last = query_get_number(&q, 0);
	return query_end(&q, err);
}

static int trim(struct ledger_writer *writer, int64_t taken, int64_t last, struct err *err)
{
	struct query q;

	db_query(&q, writer->db, "DELETE FROM outbox WHERE id <= ?");
	query_number(&q, taken < last - OUTBOX_KEEP ? taken : last - OUTBOX_KEEP);
	return query_run(&q, err);
}

int ledger_exported(struct ledger_writer *writer, int64_t *ret_id, struct err *err)
{
	int64_t missed;

	return position_get(writer->db, "export", ret_id, &missed, err);
}

int ledger_put_exported(struct ledger_writer *writer, int64_t id, struct err *err)
{
	int64_t last = 0, before = 0, missed = 0;
	int r = outbox_last(writer, &last, err);

	if (r == 0)
		r = position_get(writer->db, "export", &before, &missed, err);
	if (r == 0)
		r = position_put(writer->db, "export", id < last ? id : last, missed, err);
	return r < 0 ? r : trim(writer, id, last, err);
}

int ledger_put_unread(struct ledger_writer *writer, struct err *err)
{
	int64_t last = 0;
	int r = outbox_last(writer, &last, err);

	if (r == 0)
		r = position_put(writer->db, "export", last, 1, err);
	return r < 0 ? r : trim(writer, last, last, err);
}

static int last_slot(struct ledger_writer *writer, int64_t *ret_last, struct err *err)
{
	struct query q;

	*ret_last = 0;
	db_query(&q, writer->db, "SELECT max(id) FROM slot_hot");
	if (query_next(&q) > 0)
		*ret_last = query_get_number(&q, 0);
	return query_end(&q, err);
}

/* What was thrown away is said anew from the first slot on. */
static int begin(struct ledger_writer *writer, struct err *err)
{
	int64_t taken = 0, missed = 0, last = 0;
	int r = position_get(writer->db, "export", &taken, &missed, err);

	if (r < 0 || !missed)
		return r;
	r = last_slot(writer, &last, err);
	if (r == 0)
		r = position_put(writer->db, "refill", 0, last, err);
	return r < 0 ? r : position_put(writer->db, "export", taken, 0, err);
}

static int next_slot(struct ledger_writer *writer, int64_t after, int64_t *ret_id, struct err *err)
{
	struct query q;

	*ret_id = INT64_MAX;
	db_query(&q, writer->db, "SELECT id FROM slot_hot WHERE id > ? ORDER BY id LIMIT 1");
	query_number(&q, after);
	if (query_next(&q) > 0)
		*ret_id = query_get_number(&q, 0);
	return query_end(&q, err);
}

/* Says up to `limit` slots after *at, none beyond `end`. */
static int say_slots(
	struct ledger_writer *writer, int64_t *at, int64_t end, int limit, struct err *err)
{
	struct slot_row row;
	int64_t id;
	int r = 0;

	for (int i = 0; r == 0 && i < limit && *at < end; i++) {
		r = next_slot(writer, *at, &id, err);
		if (r < 0)
			break;
		*at = id < end ? id : end;
		if (id > end)
			break;
		r = slot_read(writer, id, &row, err);
		if (r == 0)
			r = say_again(writer, &row, err);
	}
	return r;
}

int ledger_refill(struct ledger_writer *writer, int limit, bool *ret_more, struct err *err)
{
	int64_t at = 0, end = 0, before;
	int r = begin(writer, err);

	if (r == 0)
		r = position_get(writer->db, "refill", &at, &end, err);
	if (r < 0)
		return r;
	before = at;
	r = say_slots(writer, &at, end, limit, err);
	if (r == 0 && at > before)
		r = position_put(writer->db, "refill", at, end, err);
	if (r == 0)
		*ret_more = at < end;
	return r;
}
