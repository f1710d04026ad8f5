/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The exporter's positions, and what it missed: while it is switched off the outbox is emptied
 * unread. Once it is on again, everything that the ledger holds is said anew, a few slots a batch;
 * points that are there already are written over with themselves.
 *
 *	position "export"	a: taken up to this id; b: 1, rows were thrown away unread
 *	position "refill"	a: pages up to this id are said anew; b: up to here it goes
 *
 * Pages are not packed meanwhile, so that none is passed over. What is said anew is touched too, so
 * that whoever judges says its states.
 */
#include <errno.h>

#include "collector/store/ledger_bound.h"
#include "collector/store/said_day.h"

/* Rows that a page which lost its connection may still ask for: ten minutes of a province. */
#define OUTBOX_KEEP 10000

int outbox_last(struct ledger_writer *writer, int64_t *ret_last, struct err *err)
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
		id = id > before ? id : before; /* some fell off meanwhile */
	if (r == 0)
		r = position_put(writer->db, "export", id < last ? id : last, missed, err);
	return r < 0 ? r : trim(writer, id, last, err);
}

int ledger_put_unread(struct ledger_writer *writer, struct err *err)
{
	int64_t last = 0;
	int r = outbox_last(writer, &last, err);

	writer->unread = true;
	if (r == 0)
		r = position_put(writer->db, "export", last, 1, err);
	return r < 0 ? r : trim(writer, last, last, err);
}

static int last_page(struct ledger_writer *writer, int64_t *ret_last, struct err *err)
{
	struct query q;

	*ret_last = 0;
	db_query(&q, writer->db, "SELECT max(id) FROM page");
	if (query_next(&q) > 0)
		*ret_last = query_get_number(&q, 0);
	return query_end(&q, err);
}

/* What was thrown away is said anew from the first page on. */
static int begin(struct ledger_writer *writer, struct err *err)
{
	int64_t taken = 0, missed = 0, last = 0;
	int r = position_get(writer->db, "export", &taken, &missed, err);

	if (r < 0 || !missed)
		return r;
	r = last_page(writer, &last, err);
	if (r == 0)
		r = position_put(writer->db, "refill", 0, last, err);
	if (r == 0)
		r = db_run(writer->db, "DELETE FROM said; DELETE FROM said_day", err);
	writer->unread = false;
	if (r == 0)
		r = position_put(writer->db, "export", taken, 0, err);
	/* also those of links of which there is no slot to be touched */
	return r < 0 ? r : db_run(writer->db, said_day_raise, err);
}

static int next_page(struct ledger_writer *writer, int64_t after, int64_t *ret_id, struct err *err)
{
	struct query q;

	*ret_id = INT64_MAX;
	db_query(&q, writer->db, "SELECT id FROM page WHERE id > ? ORDER BY id LIMIT 1");
	query_number(&q, after);
	if (query_next(&q) > 0)
		*ret_id = query_get_number(&q, 0);
	return query_end(&q, err);
}

static int say_part(void *arg, const struct bound_part *part, struct err *err)
{
	struct ledger_writer *writer = arg;
	struct ledger_span span = {part->link, part->from_s, part->to_s};
	int r = say_slots(writer, &span, err);

	if (r == 0)
		r = say_speeds(writer, &span, err);
	return r < 0 ? r : touched_add(writer, &span, err);
}

static int say_page(struct ledger_writer *writer, const struct page_ref *ref, struct err *err)
{
	struct bound bound = {.boot = ref->boot, .wan = ref->wan, .at = ref->at};
	struct query q;
	int r = anchor_cache_get(writer->view->anchors, writer->db, ref->boot, &bound.anchors, err);

	if (r < 0 || !bound.anchors->count)
		return r;
	db_query(&q, writer->db, "SELECT agent FROM boot WHERE id = ?");
	query_number(&q, ref->boot);
	if (query_next(&q) > 0)
		bound.agent = (uint32_t)query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r == 0)
		r = bound_each(writer, &bound, say_part, writer, err);
	return r < 0 ? r : 0;
}

/* Says pages after *at, none beyond `end`, until `limit` slots are said. */
static int say_pages(
	struct ledger_writer *writer, int64_t *at, int64_t end, int limit, struct err *err)
{
	struct page_ref ref;
	int64_t id;
	int r = 0;

	while (r == 0 && limit > 0 && *at < end) {
		r = next_page(writer, *at, &id, err);
		if (r < 0)
			break;
		*at = id < end ? id : end;
		if (id > end)
			break;
		r = page_ref_get(writer->db, id, &ref, err);
		if (r == 0)
			r = say_page(writer, &ref, err);
		limit -= (int)ref.slots;
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
	r = say_pages(writer, &at, end, limit, err);
	if (r == 0 && at > before)
		r = position_put(writer->db, "refill", at, end, err);
	if (r == 0)
		*ret_more = at < end;
	return r;
}

int refill_runs(struct ledger_writer *writer, bool *ret_runs, struct err *err)
{
	int64_t at = 0, end = 0;
	int r = position_get(writer->db, "refill", &at, &end, err);

	*ret_runs = at < end;
	return r;
}
