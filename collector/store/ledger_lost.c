/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_lost.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/store/ledger_private.h"

/* ---- what is missing, for who asks */

static int64_t or_limit(struct query *q, int column, int64_t limit)
{
	return query_is_null(q, column) ? limit : query_get_number(q, column);
}

int ledger_lost_each(struct ledger_db *db, int (*each)(void *arg, const struct ledger_lost *lost),
	void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db,
		"SELECT l.agent, l.run, l.records - (SELECT coalesce(sum(r.records), 0)"
		"  FROM agent_run AS r WHERE r.agent = l.agent AND r.run = l.run), l.from_s, l.to_s"
		" FROM lost AS l ORDER BY l.agent, l.run");
	while (!stop && query_next(&q) > 0) {
		struct ledger_lost lost = {
			.agent = (uint32_t)query_get_number(&q, 0),
			.run = (uint32_t)query_get_number(&q, 1),
			.records = query_get_number(&q, 2),
			.from_s = or_limit(&q, 3, INT64_MIN),
			.to_s = or_limit(&q, 4, SPAN_FOREVER),
		};
		stop = each(arg, &lost);
	}
	r = query_end(&q, stop < 0 ? NULL : err);
	return stop ? stop : r;
}

/* ---- found */

/* What lies there means something else now. Of all agents: each that is bound. */
static int touch(struct ledger_writer *writer, const struct ledger_lost *lost, struct err *err)
{
	const struct span at = {lost->from_s, lost->to_s};
	int r = 0;

	if (lost->agent)
		return touched_agent(writer, lost->agent, NULL, &at, err);
	for (size_t i = 0; r == 0 && i < writer->binding_count; i++) {
		if (i == 0 || writer->bindings[i].agent != writer->bindings[i - 1].agent)
			r = touched_agent(writer, writer->bindings[i].agent, NULL, &at, err);
	}
	return r;
}

/* `lost.records`: how many there were. */
static int put(struct ledger_writer *writer, const struct ledger_lost *lost, struct err *err)
{
	struct query q;
	int r;

	db_query(&q, writer->db,
		"INSERT INTO lost(agent, run, records, from_s, to_s) VALUES (?, ?, ?, ?, ?)");
	query_number(&q, lost->agent);
	query_number(&q, lost->run);
	query_number(&q, lost->records);
	if (lost->from_s == INT64_MIN)
		query_null(&q);
	else
		query_number(&q, lost->from_s);
	query_until(&q, lost->to_s);
	r = query_run(&q, err);
	return r < 0 ? r : touch(writer, lost, err);
}

static int count_here(struct ledger_writer *writer, const struct ledger_lost *run,
	int64_t *ret_records, struct err *err)
{
	struct query q;

	db_query(&q, writer->db,
		"SELECT coalesce(sum(records), 0) FROM agent_run WHERE agent = ? AND run = ?");
	query_number(&q, run->agent);
	query_number(&q, run->run);
	if (query_next(&q) > 0)
		*ret_records = query_get_number(&q, 0);
	return query_end(&q, err);
}

static int compare(struct ledger_writer *writer, const struct ledger_lost *run, struct err *err)
{
	int64_t here = 0;
	int r;

	if (!run->agent)
		return 0;
	r = count_here(writer, run, &here, err);
	return r < 0 || here >= run->records ? r : put(writer, run, err);
}

static void add_boot_of(struct ledger_lost *run, const struct salvage_run *more)
{
	run->records += more->records;
	if (!more->placed || more->from_s < run->from_s)
		run->from_s = more->placed ? more->from_s : INT64_MIN;
	if (!more->placed || more->to_s > run->to_s)
		run->to_s = more->placed ? more->to_s : SPAN_FOREVER;
}

static int compare_all(struct ledger_writer *writer, struct salvage *salvage, struct err *err)
{
	struct ledger_lost run = {0};
	struct salvage_run more;
	int r = 0;

	while (r == 0 && salvage_run_next(salvage, &more) > 0) {
		if (more.agent != run.agent || more.run != run.run) {
			r = compare(writer, &run, err);
			run = (struct ledger_lost){.agent = more.agent,
				.run = more.run,
				.from_s = SPAN_FOREVER,
				.to_s = INT64_MIN};
		}
		add_boot_of(&run, &more);
	}
	return r < 0 ? r : compare(writer, &run, err);
}

int ledger_lost_find(struct ledger_writer *writer, struct salvage *salvage,
	const struct mending *mending, struct err *err)
{
	const struct ledger_lost any = {.from_s = INT64_MIN,
		.to_s = mending->journal_s ? mending->journal_s : mending->at_s};
	struct mending before = *mending, after = *mending;
	int r = db_run(writer->db, "DELETE FROM lost", err);

	if (r < 0)
		return r;
	if (!salvage)
		return put(writer, &any, err);
	salvage_tell(salvage, &before);
	r = compare_all(writer, salvage, err);
	salvage_tell(salvage, &after);
	/* where the count itself cannot be read, nobody knows what is missing */
	return r < 0 || before.holes == after.holes ? r : put(writer, &any, err);
}

/* ---- found again */

static int settle_one(void *arg, const struct ledger_lost *lost)
{
	struct ledger_writer *writer = arg;

	return lost->agent && lost->records <= 0 ? touch(writer, lost, NULL) : 0;
}

int ledger_lost_settle(struct ledger_writer *writer, struct err *err)
{
	int r = ledger_lost_each(writer->view, settle_one, writer, err);

	if (r < 0)
		return r;
	return db_run(writer->db,
		"DELETE FROM lost WHERE agent > 0 AND records <= (SELECT coalesce(sum(r.records),"
		" 0) FROM agent_run AS r WHERE r.agent = lost.agent AND r.run = lost.run)",
		err);
}

int ledger_touch_next(
	struct ledger_writer *writer, int64_t after, int64_t *ret_link, struct err *err)
{
	struct ledger_span whole = {.from_s = INT64_MIN, .to_s = SPAN_FOREVER};
	struct query q;
	int r;

	db_query(&q, writer->db, "SELECT min(link) FROM binding WHERE link > ?");
	query_number(&q, after);
	if (query_next(&q) > 0)
		whole.link = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r == 0 && whole.link)
		r = touched_add(writer, &whole, err);
	if (r == 0)
		*ret_link = whole.link;
	return r;
}

/* ---- of a link */

int history_load_lost(struct ledger_db *db, int64_t link, struct history *history, struct err *err)
{
	struct query q;
	size_t room = 0;
	int failed = 0, r;

	db_query(&q, db->db,
		"SELECT agent, from_s, to_s FROM lost WHERE agent = 0 OR agent IN"
		" (SELECT agent FROM binding WHERE link = ?)");
	query_number(&q, link);
	while (!failed && query_next(&q) > 0) {
		if (history->lost_count == room) {
			room = room ? room * 2 : 8;
			void *grown = realloc(history->lost, room * sizeof(*history->lost));
			if (!grown) {
				failed = -ENOMEM;
				break;
			}
			history->lost = grown;
		}
		history->lost[history->lost_count++] = (struct history_drop){
			.agent = (uint32_t)query_get_number(&q, 0),
			.from = or_limit(&q, 1, INT64_MIN),
			.to = or_limit(&q, 2, SPAN_FOREVER),
		};
	}
	r = query_end(&q, failed ? NULL : err);
	return failed ? err_errno(err, failed, "what a link has lost") : r;
}
