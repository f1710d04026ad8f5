/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_speed.h"

#include "collector/store/ledger_private.h"

#define US_PER_S 1000000

/* at_us: UTC; null while no anchor places it. kbps: null where it was not measured. */
const char ledger_speed_schema[] =
	"CREATE TABLE speed(agent INTEGER NOT NULL, run INTEGER NOT NULL,"
	"  sequence INTEGER NOT NULL, boot INTEGER NOT NULL, start_us INTEGER NOT NULL,"
	"  at_us INTEGER, wan TEXT NOT NULL, outcome INTEGER NOT NULL, down_kbps INTEGER,"
	"  up_kbps INTEGER, hash BLOB NOT NULL, received_us INTEGER NOT NULL,"
	"  disputed INTEGER NOT NULL, record BLOB NOT NULL,"
	"  PRIMARY KEY(agent, run, sequence)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX speed_boot ON speed(boot, start_us);"
	"CREATE INDEX speed_at ON speed(agent, wan, at_us);";

/* ---- writing */

static void bind_kbps(struct query *q, const struct speed *speed, const struct speed_run *run)
{
	if (speed->outcome == SPEED_DONE && run->bytes)
		query_number(q, run->kbps);
	else
		query_null(q);
}

static int insert_row(
	struct ledger_writer *writer, const struct taken *taken, bool disputed, struct err *err)
{
	const struct journal_record *journal = taken->journal;
	const struct speed *speed = &taken->record->speed;
	struct query q;

	db_query(&q, writer->db,
		"INSERT INTO speed(agent, run, sequence, boot, start_us, wan, outcome, down_kbps,"
		" up_kbps, hash, received_us, disputed, record)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_number(&q, journal->agent);
	query_number(&q, journal->key.run);
	query_number(&q, journal->key.sequence);
	query_number(&q, taken->boot);
	query_number(&q, (int64_t)speed->start_us);
	query_text(&q, speed->wan);
	query_number(&q, speed->outcome);
	bind_kbps(&q, speed, &speed->down);
	bind_kbps(&q, speed, &speed->up);
	query_bytes(&q, taken->hash, sizeof(taken->hash));
	query_number(&q, journal->received_utc_us);
	query_number(&q, disputed);
	query_bytes(&q, journal->record, journal->record_length);
	return query_run(&q, err);
}

static int place(struct ledger_writer *writer, const struct boot_anchors *anchors, int64_t start_us,
	struct err *err)
{
	struct query q;

	db_query(&q, writer->db, "UPDATE speed SET at_us = ? WHERE boot = ? AND start_us = ?");
	if (anchors->count)
		query_number(&q, place_us(anchors->items, anchors->count, (uint64_t)start_us));
	else
		query_null(&q);
	query_number(&q, anchors->boot);
	query_number(&q, start_us);
	return query_run(&q, err);
}

/* A month that was closed comes out differently now. */
static int touch(struct ledger_writer *writer, const struct taken *taken,
	const struct boot_anchors *anchors, struct err *err)
{
	const struct speed *speed = &taken->record->speed;
	int64_t at_s = place_s(anchors->items, anchors->count, speed->start_us);
	const struct span second = {at_s, at_s + 1};

	return touched_agent(writer, taken->journal->agent, speed->wan, &second, err);
}

int speed_insert(
	struct ledger_writer *writer, const struct taken *taken, bool disputed, struct err *err)
{
	const struct boot_anchors *anchors;
	int r = insert_row(writer, taken, disputed, err);

	if (r == 0)
		r = anchor_cache_get(writer->view->anchors, writer->db, taken->boot, &anchors, err);
	if (r == 0)
		r = place(writer, anchors, (int64_t)taken->record->speed.start_us, err);
	return r < 0 || !anchors->count ? r : touch(writer, taken, anchors, err);
}

/* The boot's first test at or after the moment and before the end of the range. 1: there is one. */
static int next_test(struct db *db, int64_t boot, const struct span *range_us, int64_t *ret_start,
	struct err *err)
{
	struct query q;
	int found, r;

	db_query(&q, db,
		"SELECT start_us FROM speed WHERE boot = ? AND start_us >= ? AND start_us < ?"
		" ORDER BY start_us LIMIT 1");
	query_number(&q, boot);
	query_number(&q, range_us->from);
	query_number(&q, range_us->to);
	found = query_next(&q);
	if (found > 0)
		*ret_start = query_get_number(&q, 0);
	r = query_end(&q, err);
	return r < 0 ? r : found > 0;
}

int speed_moved(
	struct ledger_writer *writer, int64_t boot, const struct span *range_us, struct err *err)
{
	struct span left = *range_us;
	const struct boot_anchors *anchors;
	int64_t start;
	int r;

	while ((r = next_test(writer->db, boot, &left, &start, err)) > 0) {
		r = anchor_cache_get(writer->view->anchors, writer->db, boot, &anchors, err);
		if (r == 0)
			r = place(writer, anchors, start, err);
		if (r < 0)
			return r;
		left.from = start + 1;
	}
	return r;
}

/* ---- reading */

int ledger_has_speeds(struct ledger_db *db, bool *ret_any, struct err *err)
{
	struct query q;
	bool any;
	int r;

	db_query(&q, db->db, "SELECT 1 FROM speed LIMIT 1");
	any = query_next(&q) > 0;
	r = query_end(&q, err);
	if (r == 0)
		*ret_any = any;
	return r;
}

int ledger_speeds(struct ledger_db *db, const struct ledger_span *span,
	int (*each)(void *arg, const struct ledger_speed *speed), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db,
		"SELECT s.agent, s.run, s.sequence, s.at_us, s.outcome, s.down_kbps, s.up_kbps,"
		" s.record FROM binding b JOIN speed s ON s.agent = b.agent AND s.wan = b.wan"
		" AND s.at_us >= max(b.from_s, ?2) * 1000000"
		" AND s.at_us < min(ifnull(b.to_s, ?3), ?3) * 1000000"
		" WHERE b.link = ?1 AND NOT s.disputed"
		" AND NOT EXISTS (SELECT 1 FROM binding n WHERE n.link = ?1 AND n.agent > b.agent"
		"  AND n.from_s * 1000000 <= s.at_us"
		"  AND (n.to_s IS NULL OR n.to_s * 1000000 > s.at_us))"
		" ORDER BY s.at_us, s.agent, s.run, s.sequence");
	query_number(&q, span->link);
	query_number(&q, span->from_s);
	query_number(&q, span->to_s);
	while (!stop && query_next(&q) > 0) {
		struct ledger_speed speed = {
			.agent = (uint32_t)query_get_number(&q, 0),
			.run = (uint32_t)query_get_number(&q, 1),
			.sequence = (uint32_t)query_get_number(&q, 2),
			.at_us = query_get_number(&q, 3),
			.outcome = (uint8_t)query_get_number(&q, 4),
			.down_kbps = (uint32_t)query_get_number(&q, 5),
			.up_kbps = (uint32_t)query_get_number(&q, 6),
			.has_down = !query_is_null(&q, 5),
			.has_up = !query_is_null(&q, 6),
		};
		speed.record = query_get_bytes(&q, 7, &speed.record_length);
		stop = each(arg, &speed);
	}
	r = query_end(&q, stop < 0 ? NULL : err);
	return stop ? stop : r;
}
