/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/closed_month.h"

#include <errno.h>
#include <string.h>

#include "collector/store/ledger_private.h"

const char closed_month_schema[] =
	"CREATE TABLE closed_month(month TEXT NOT NULL, revision INTEGER NOT NULL,"
	"  number INTEGER NOT NULL UNIQUE, from_s INTEGER NOT NULL, to_s INTEGER NOT NULL,"
	"  closed_s INTEGER NOT NULL, registry_sequence INTEGER NOT NULL, by TEXT NOT NULL,"
	"  hash TEXT NOT NULL, document BLOB NOT NULL, PRIMARY KEY(month, revision)) STRICT;"
	"CREATE TABLE closed_file(month TEXT NOT NULL, revision INTEGER NOT NULL,"
	"  name TEXT NOT NULL, hash TEXT NOT NULL, added_s INTEGER NOT NULL,"
	"  content BLOB NOT NULL, PRIMARY KEY(month, revision, name)) STRICT;"
	"CREATE TABLE closed_result(closing INTEGER NOT NULL, entered_s INTEGER NOT NULL,"
	"  failed INTEGER NOT NULL, words TEXT NOT NULL, at_s INTEGER NOT NULL,"
	"  PRIMARY KEY(closing, entered_s)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE closed_touch(month TEXT PRIMARY KEY, since_s INTEGER NOT NULL)"
	"  STRICT, WITHOUT ROWID;"
	"CREATE TABLE closed_note(id INTEGER PRIMARY KEY, month TEXT NOT NULL,"
	"  noted_s INTEGER NOT NULL, words TEXT NOT NULL) STRICT;";

/* All but the document itself, which may be large. */
#define COLUMNS                                                                         \
	"month, revision, number, from_s, to_s, closed_s, registry_sequence, by, hash," \
	" length(document)"

static void read_closed(struct query *q, struct closed_month *ret_closed)
{
	*ret_closed = (struct closed_month){
		.revision = query_get_number(q, 1),
		.number = query_get_number(q, 2),
		.span = {query_get_number(q, 3), query_get_number(q, 4)},
		.closed_s = query_get_number(q, 5),
		.registry_sequence = query_get_number(q, 6),
		.bytes = query_get_number(q, 9),
	};
	query_copy_text(q, 0, ret_closed->month, sizeof(ret_closed->month));
	query_copy_text(q, 7, ret_closed->by, sizeof(ret_closed->by));
	query_copy_text(q, 8, ret_closed->hash, sizeof(ret_closed->hash));
}

int closed_months(struct ledger_db *db, const char *month,
	int (*each)(void *arg, const struct closed_month *closed), void *arg, struct err *err)
{
	struct closed_month closed;
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db,
		"SELECT " COLUMNS " FROM closed_month WHERE ?1 IS NULL OR month = ?1"
		" ORDER BY month, revision");
	query_text(&q, month);
	while (!stop && query_next(&q) > 0) {
		read_closed(&q, &closed);
		stop = each(arg, &closed);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}

/* Of a query that gives one row or none. */
static int only_row(struct query *q, struct closed_month *ret_closed, struct err *err)
{
	struct closed_month closed;
	int r, found = query_next(q);

	if (found > 0)
		read_closed(q, &closed);
	r = query_end(q, err);
	if (r < 0)
		return r;
	if (!found)
		return -ENOENT;
	*ret_closed = closed;
	return 0;
}

int closed_month_find(struct ledger_db *db, const char *month, int64_t revision,
	struct closed_month *ret_closed, struct err *err)
{
	struct query q;

	db_query(&q, db->db,
		"SELECT " COLUMNS
		" FROM closed_month WHERE month = ?1 AND (?2 < 0 OR revision = ?2)"
		" ORDER BY revision DESC LIMIT 1");
	query_text(&q, month);
	query_number(&q, revision);
	return only_row(&q, ret_closed, err);
}

int closed_month_before(
	struct ledger_db *db, const char *month, struct closed_month *ret_closed, struct err *err)
{
	struct query q;

	db_query(&q, db->db,
		"SELECT " COLUMNS " FROM closed_month WHERE month < ?"
		" ORDER BY month DESC, revision DESC LIMIT 1");
	query_text(&q, month);
	return only_row(&q, ret_closed, err);
}

int closed_month_last(struct ledger_db *db, struct closed_month *ret_closed, struct err *err)
{
	struct query q;

	db_query(&q, db->db, "SELECT " COLUMNS " FROM closed_month ORDER BY number DESC LIMIT 1");
	return only_row(&q, ret_closed, err);
}

/* Appends the blob of a query that gives one row or none. */
static int only_blob(struct query *q, struct buf *out, struct err *err)
{
	int r, found = query_next(q), kept = 0;

	if (found > 0) {
		size_t length;
		const void *bytes = query_get_bytes(q, 0, &length);
		kept = buf_append(out, bytes, length);
	}
	r = query_end(q, err);
	if (r < 0)
		return r;
	if (kept < 0)
		return err_errno(err, kept, "a document of the archive");
	return found ? 0 : -ENOENT;
}

int closed_month_read(
	struct ledger_db *db, const char *month, int64_t revision, struct buf *out, struct err *err)
{
	struct query q;

	db_query(&q, db->db,
		"SELECT document FROM closed_month WHERE month = ?1 AND (?2 < 0 OR revision = ?2)"
		" ORDER BY revision DESC LIMIT 1");
	query_text(&q, month);
	query_number(&q, revision);
	return only_blob(&q, out, err);
}

int closed_month_put(struct ledger_writer *writer, const struct closed_month *closed,
	const struct buf *document, struct err *err)
{
	struct query q;

	db_query(&q, writer->db,
		"INSERT INTO closed_month(month, revision, number, from_s, to_s, closed_s,"
		" registry_sequence, by, hash, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_text(&q, closed->month);
	query_number(&q, closed->revision);
	query_number(&q, closed->number);
	query_number(&q, closed->span.from);
	query_number(&q, closed->span.to);
	query_number(&q, closed->closed_s);
	query_number(&q, closed->registry_sequence);
	query_text(&q, closed->by);
	query_text(&q, closed->hash);
	query_bytes(&q, buf_peek(document), buf_length(document));
	return query_run(&q, err);
}

int closed_month_attach(struct ledger_writer *writer, const struct closed_month *closed,
	const struct closed_file *file, const struct buf *content, struct err *err)
{
	struct query q;

	db_query(&q, writer->db,
		"INSERT INTO closed_file(month, revision, name, hash, added_s, content)"
		" VALUES (?, ?, ?, ?, ?, ?)");
	query_text(&q, closed->month);
	query_number(&q, closed->revision);
	query_text(&q, file->name);
	query_text(&q, file->hash);
	query_number(&q, file->added_s);
	query_bytes(&q, buf_peek(content), buf_length(content));
	return query_run(&q, err);
}

int closed_month_files(struct ledger_db *db, const struct closed_month *closed,
	int (*each)(void *arg, const struct closed_file *file), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db,
		"SELECT name, hash, length(content), added_s FROM closed_file"
		" WHERE month = ? AND revision = ? ORDER BY name");
	query_text(&q, closed->month);
	query_number(&q, closed->revision);
	while (!stop && query_next(&q) > 0) {
		struct closed_file file = {
			.bytes = query_get_number(&q, 2), .added_s = query_get_number(&q, 3)};
		query_copy_text(&q, 0, file.name, sizeof(file.name));
		query_copy_text(&q, 1, file.hash, sizeof(file.hash));
		stop = each(arg, &file);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}

int closed_month_file(struct ledger_db *db, const struct closed_month *closed, const char *name,
	struct buf *out, struct err *err)
{
	struct query q;

	db_query(&q, db->db,
		"SELECT content FROM closed_file WHERE month = ? AND revision = ? AND name = ?");
	query_text(&q, closed->month);
	query_number(&q, closed->revision);
	query_text(&q, name);
	return only_blob(&q, out, err);
}

int closed_witnesses(struct ledger_db *db,
	int (*each)(void *arg, const struct closed_witness *witness), void *arg, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db->db,
		"SELECT agent, sum(records), sum(slots) FROM agent_run GROUP BY agent ORDER BY "
		"agent");
	while (!stop && query_next(&q) > 0) {
		const struct closed_witness witness = {(uint32_t)query_get_number(&q, 0),
			query_get_number(&q, 1), query_get_number(&q, 2)};

		stop = each(arg, &witness);
	}
	r = query_end(&q, err);
	return r < 0 ? r : stop;
}
