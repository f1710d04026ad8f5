/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/said_day.h"

#include <errno.h>

#include "collector/store/kept_figures.h"
#include "collector/store/ledger_private.h"
#include "collector/store/sla_day.h"

const char said_day_schema[] =
	"CREATE TABLE said_day(link INTEGER NOT NULL, day_s INTEGER NOT NULL, u INTEGER NOT NULL,"
	"  d INTEGER NOT NULL, n INTEGER NOT NULL, e INTEGER NOT NULL,"
	"  PRIMARY KEY(link, day_s)) STRICT, WITHOUT ROWID;";

const char said_day_raise[] =
	"UPDATE link_line SET figured_s = begins_s WHERE figured_s > begins_s AND EXISTS"
	" (SELECT 1 FROM position WHERE name = 'export' AND b = 0)";

/* 1: it was told, 0: it was not. */
static int get_told(
	struct db *db, const struct kept_key *day, struct outbox_day *ret_told, struct err *err)
{
	struct query q;
	int there, r;

	db_query(&q, db, "SELECT u, d, n, e FROM said_day WHERE link = ? AND day_s = ?");
	query_number(&q, day->link);
	query_number(&q, day->at);
	there = query_next(&q);
	if (there > 0)
		*ret_told = (struct outbox_day){query_get_number(&q, 0), query_get_number(&q, 1),
			query_get_number(&q, 2), query_get_number(&q, 3)};
	r = query_end(&q, err);
	return r < 0 ? r : there;
}

static int put_told(
	struct db *db, const struct kept_key *day, const struct outbox_day *told, struct err *err)
{
	struct query q;

	db_query(&q, db,
		"INSERT OR REPLACE INTO said_day(link, day_s, u, d, n, e)"
		" VALUES (?, ?, ?, ?, ?, ?)");
	query_number(&q, day->link);
	query_number(&q, day->at);
	query_number(&q, told->u);
	query_number(&q, told->d);
	query_number(&q, told->n);
	query_number(&q, told->e);
	return query_run(&q, err);
}

static bool is_same(const struct outbox_day *a, const struct outbox_day *b)
{
	return a->u == b->u && a->d == b->d && a->n == b->n && a->e == b->e;
}

static int tell(struct ledger_writer *writer, const struct kept_key *day,
	const struct outbox_day *now, struct err *err)
{
	const struct outbox_event event = {
		.link = day->link, .at_s = day->at, .kind = OUTBOX_DAY, .day = *now};
	int r = outbox_write(writer->db, &event, err);

	return r < 0 ? r : put_told(writer->db, day, now, err);
}

static int look_at(struct ledger_writer *writer, const struct said_days *said_days, int64_t day_s,
	struct err *err)
{
	const struct span stretch = {day_s, day_s + DAY_S};
	struct sla_case sla_case = *said_days->sla_case; /* arrays borrowed; its period is set */
	const struct kept_key key = {sla_case.link.id, day_s};
	struct outbox_day now, told = {0};
	struct sla_day day = {0};
	int was_told, r = sla_day_count(&sla_case, &stretch, &day, err);

	if (r < 0)
		return r;
	was_told = get_told(writer->db, &key, &told, err);
	if (was_told < 0)
		return was_told;
	now = (struct outbox_day){day.u, day.d, day.n, day.e, was_told};
	/* a day without a contract has no seconds, and is told only where it had some */
	if (is_same(&now, &told))
		return 0;
	if (!was_told && now.n && stretch.to + SAID_DAY_WAIT_S > said_days->now_s)
		return 0;
	return tell(writer, &key, &now, err);
}

int said_days_tell(struct ledger_writer *writer, const struct said_days *said_days, struct err *err)
{
	int r = 0;

	if (writer->unread || writer->mending)
		return 0;
	for (int64_t day_s = said_days->days.from; r == 0 && day_s < said_days->days.to;
		day_s += DAY_S)
		if (day_s >= said_days->gone_s)
			r = look_at(writer, said_days, day_s, err);
	return r;
}

int said_days_again(struct db *db, const struct ledger_span *span,
	int (*each)(void *arg, const struct outbox_event *event), void *arg, struct err *err)
{
	struct outbox_event event = {.link = span->link, .kind = OUTBOX_DAY};
	struct query q;
	int stop = 0, r;

	db_query(&q, db,
		"SELECT day_s, u, d, n, e FROM said_day"
		" WHERE link = ? AND day_s >= ? AND day_s < ? ORDER BY day_s");
	query_number(&q, span->link);
	query_number(&q, span->from_s);
	query_number(&q, span->to_s);
	while (!stop && query_next(&q) > 0) {
		event.at_s = query_get_number(&q, 0);
		event.day = (struct outbox_day){query_get_number(&q, 1), query_get_number(&q, 2),
			query_get_number(&q, 3), query_get_number(&q, 4)};
		stop = each(arg, &event);
	}
	r = query_end(&q, stop < 0 ? NULL : err);
	return stop ? stop : r;
}
