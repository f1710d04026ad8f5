/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_sample.h"

#include <errno.h>

#include "collector/store/ledger_private.h"

#define US_PER_S 1000000
#define FORGET_ROWS 2000 /* of a batch: some milliseconds */
#define SOURCE_KEPT "commission" /* a certificate of installation is for good */

_Static_assert(RECORD_SPEED == 6 && RECORD_HTTP == 7 && RECORD_OBSERVATION == 8, "as on disk");

/* kind: enum record_kind. at_us: UTC; null while no anchor places it. wan: "" for all of the
 * router. source: of an observation, else "". */
const char ledger_sample_schema[] =
	"CREATE TABLE sample(agent INTEGER NOT NULL, run INTEGER NOT NULL,"
	"  sequence INTEGER NOT NULL, kind INTEGER NOT NULL, boot INTEGER NOT NULL,"
	"  start_us INTEGER NOT NULL, at_us INTEGER, wan TEXT NOT NULL, source TEXT NOT NULL,"
	"  hash BLOB NOT NULL, received_us INTEGER NOT NULL, disputed INTEGER NOT NULL,"
	"  record BLOB NOT NULL, PRIMARY KEY(agent, run, sequence)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX sample_boot ON sample(boot, start_us);"
	"CREATE INDEX sample_at ON sample(kind, agent, at_us);"
	"CREATE INDEX sample_age ON sample(received_us) WHERE kind != 6;";

struct where { /* what the kinds have in common */
	uint64_t start_us;
	const char *wan, *source;
};

static struct where where_of(const struct record *record)
{
	switch (record->kind) {
	case RECORD_SPEED: return (struct where){record->speed.start_us, record->speed.wan, ""};
	case RECORD_HTTP: return (struct where){record->http.start_us, record->http.wan, ""};
	default: break;
	}
	return (struct where){record->observation.mono_us, "", record->observation.source};
}

/* ---- writing */

static int insert_row(
	struct ledger_writer *writer, const struct taken *taken, bool disputed, struct err *err)
{
	const struct journal_record *journal = taken->journal;
	struct where where = where_of(taken->record);
	struct query q;

	db_query(&q, writer->db,
		"INSERT INTO sample(agent, run, sequence, kind, boot, start_us, wan, source, hash,"
		" received_us, disputed, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_number(&q, journal->agent);
	query_number(&q, journal->key.run);
	query_number(&q, journal->key.sequence);
	query_number(&q, taken->record->kind);
	query_number(&q, taken->boot);
	query_number(&q, (int64_t)where.start_us);
	query_text(&q, where.wan);
	query_text(&q, where.source);
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

	db_query(&q, writer->db, "UPDATE sample SET at_us = ? WHERE boot = ? AND start_us = ?");
	if (anchors->count)
		query_number(&q, place_us(anchors->items, anchors->count, (uint64_t)start_us));
	else
		query_null(&q);
	query_number(&q, anchors->boot);
	query_number(&q, start_us);
	return query_run(&q, err);
}

/* Who exports is told of the tests of that second, by the link that they are of. */
static int say(struct ledger_writer *writer, uint32_t agent, const char *wan, int64_t at_s,
	struct err *err)
{
	size_t count;
	const struct registry_binding *bindings = bindings_find(writer, agent, wan, &count);
	int r = 0;

	for (size_t i = 0; r == 0 && i < count; i++) {
		const struct ledger_span second = {bindings[i].link, at_s, at_s + 1};

		if (bindings[i].from_s <= at_s && at_s < bindings[i].to_s)
			r = say_speeds(writer, &second, err);
	}
	return r;
}

/* A speed test: a month that was closed comes out differently now. */
static int touch(struct ledger_writer *writer, const struct taken *taken,
	const struct boot_anchors *anchors, struct err *err)
{
	const struct speed *speed = &taken->record->speed;
	int64_t at_s = place_s(anchors->items, anchors->count, speed->start_us);
	const struct span second = {at_s, at_s + 1};
	int r = touched_agent(writer, taken->journal->agent, speed->wan, &second, err);

	if (r < 0 || writer->unread)
		return r;
	return say(writer, taken->journal->agent, speed->wan, at_s, err);
}

int sample_insert(
	struct ledger_writer *writer, const struct taken *taken, bool disputed, struct err *err)
{
	const struct boot_anchors *anchors;
	int r = insert_row(writer, taken, disputed, err);

	if (r == 0)
		r = anchor_cache_get(writer->view->anchors, writer->db, taken->boot, &anchors, err);
	if (r == 0)
		r = place(writer, anchors, (int64_t)where_of(taken->record).start_us, err);
	if (r < 0 || !anchors->count || taken->record->kind != RECORD_SPEED)
		return r;
	return touch(writer, taken, anchors, err);
}

int sample_doubted(
	struct ledger_writer *writer, const struct journal_record *journal, struct err *err)
{
	struct query q;
	struct span second = {0, 0};
	char wan[WAN_NAME_MAX + 1];
	int r;

	db_query(&q, writer->db,
		"SELECT wan, at_us FROM sample WHERE agent = ? AND run = ? AND sequence = ?"
		" AND kind = ? AND at_us IS NOT NULL");
	query_number(&q, journal->agent);
	query_number(&q, journal->key.run);
	query_number(&q, journal->key.sequence);
	query_number(&q, RECORD_SPEED);
	if (query_next(&q) > 0) {
		query_copy_text(&q, 0, wan, sizeof(wan));
		second.from = query_get_number(&q, 1) / US_PER_S;
		second.to = second.from + 1;
	}
	r = query_end(&q, err);
	return r < 0 || !second.to ? r : touched_agent(writer, journal->agent, wan, &second, err);
}

/* The boot's first sample at or after the moment, before the end of the range. 1: there is one. */
static int next_sample(struct db *db, int64_t boot, const struct span *range_us, int64_t *ret_start,
	struct err *err)
{
	struct query q;
	int found, r;

	db_query(&q, db,
		"SELECT start_us FROM sample WHERE boot = ? AND start_us >= ? AND start_us < ?"
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

/* Speed tests that began then, and have a place. */
static int say_moved(struct ledger_writer *writer, int64_t boot, int64_t start_us, struct err *err)
{
	struct query q;
	char wan[WAN_NAME_MAX + 1];
	int failed = 0, r;

	db_query(&q, writer->db,
		"SELECT agent, wan, at_us FROM sample WHERE boot = ? AND start_us = ?"
		" AND kind = ? AND at_us IS NOT NULL");
	query_number(&q, boot);
	query_number(&q, start_us);
	query_number(&q, RECORD_SPEED);
	while (!failed && query_next(&q) > 0) {
		query_copy_text(&q, 1, wan, sizeof(wan));
		failed = say(writer, (uint32_t)query_get_number(&q, 0), wan,
			query_get_number(&q, 2) / US_PER_S, err);
	}
	r = query_end(&q, failed ? NULL : err);
	return failed ? failed : r;
}

int samples_moved(
	struct ledger_writer *writer, int64_t boot, const struct span *range_us, struct err *err)
{
	struct span left = *range_us;
	const struct boot_anchors *anchors;
	int64_t start;
	int r;

	while ((r = next_sample(writer->db, boot, &left, &start, err)) > 0) {
		r = anchor_cache_get(writer->view->anchors, writer->db, boot, &anchors, err);
		if (r == 0)
			r = place(writer, anchors, start, err);
		if (r == 0 && !writer->unread)
			r = say_moved(writer, boot, start, err);
		if (r < 0)
			return r;
		left.from = start + 1;
	}
	return r;
}

int samples_forget(struct ledger_writer *writer, int64_t before_us, bool *ret_more, struct err *err)
{
	struct query q;
	int r;

	/* kind: in the words of the index sample_age, or it is not used */
	db_query(&q, writer->db,
		"DELETE FROM sample WHERE (agent, run, sequence) IN (SELECT agent, run, sequence"
		" FROM sample WHERE kind != 6 AND received_us < ? AND source != '" SOURCE_KEPT "'"
		" ORDER BY received_us LIMIT ?)");
	query_number(&q, before_us);
	query_number(&q, FORGET_ROWS);
	query_next(&q);
	*ret_more = !q.failed && db_changed(writer->db) == FORGET_ROWS;
	r = query_end(&q, err);
	return r;
}
