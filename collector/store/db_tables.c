/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of a file: made, brought up to this program's version, checked. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/store/db.h"
#include "collector/store/db_copy.h"
#include "common/log.h"

/* The version in the table `meta`; 0 when there are no tables yet. */
static int read_version(struct db *db, int *ret_version, struct err *err)
{
	struct query q;
	int there, r;

	db_query(&q, db, "SELECT 1 FROM sqlite_schema WHERE name = 'meta'");
	there = query_next(&q);
	r = query_end(&q, err);
	if (r < 0)
		return r;
	*ret_version = 0;
	if (!there)
		return 0;
	db_query(&q, db, "SELECT value FROM meta WHERE key = 'version'");
	if (query_next(&q) > 0)
		*ret_version = atoi(query_get_text(&q, 0));
	return query_end(&q, err);
}

static int write_version(struct db *db, int version, struct err *err)
{
	struct query q;
	char text[16];

	snprintf(text, sizeof(text), "%d", version);
	db_query(&q, db, "INSERT OR REPLACE INTO meta(key, value) VALUES ('version', ?)");
	query_text(&q, text);
	return query_run(&q, err);
}

static int create_tables(struct db *db, const struct db_tables *tables, struct err *err)
{
	int r = 0;

	for (const char *const *part = tables->create; r == 0 && *part; part++)
		r = db_run(db, *part, err);
	return r == 0 ? write_version(db, tables->version, err) : r;
}

/* ---- upwards */

/* NULL: nobody knows the way. */
static const struct db_step *find_step(const struct db_tables *tables, int from)
{
	const struct db_step *step = tables->steps;

	if (!step)
		return NULL;
	while (step->from < from && step->from != tables->version)
		step++;
	return step->from == from && from < tables->version ? step : NULL;
}

/* Under the write lock, through a handle of its own: what is copied is what they begin with. */
static int copy_before(struct db *db, const struct db_tables *tables, struct err *err)
{
	char path[PATH_MAX];
	int length = snprintf(
		path, sizeof(path), "%s.before-schema-%d", db_path(db), tables->version);

	if (length >= (int)sizeof(path))
		return err_errno(err, -ENAMETOOLONG, "%s", db_path(db));
	return db_copy(db_path(db), path, err);
}

static int raise_tables(struct db *db, const struct db_tables *tables, int found, struct err *err)
{
	const struct db_step *step = find_step(tables, found);
	int r = copy_before(db, tables, err);

	for (; r == 0 && step->from < tables->version; step++) {
		if (step->sql)
			r = db_run(db, step->sql, err);
		if (r == 0 && step->run)
			r = step->run(db, err);
	}
	if (r == 0)
		r = write_version(db, tables->version, err);
	if (r < 0) {
		err_prefix(err, "from version %d to %d", found, tables->version);
		return r;
	}
	log_info("%s: its tables were of version %d, now of %d; as they were: %s.before-schema-%d",
		db_path(db), found, tables->version, db_path(db), tables->version);
	return 0;
}

static int settle(struct db *db, const struct db_tables *tables, enum db_may may, struct err *err)
{
	int found = 0, r = read_version(db, &found, err);

	if (r < 0 || found == tables->version)
		return r;
	if (!found && may == DB_MAY_CREATE)
		return create_tables(db, tables, err);
	if (!found)
		return err_set(err, -ENOENT, "%s: holds no tables yet", db_path(db));
	if (find_step(tables, found) && may != DB_MAY_LOOK)
		return raise_tables(db, tables, found, err);
	return err_set(err, -EPROTO, "%s: its tables are of version %d, this program knows %d%s",
		db_path(db), found, tables->version,
		find_step(tables, found) ? ": the collector brings them up when it starts" : "");
}

int db_schema(struct db *db, const struct db_tables *tables, enum db_may may, struct err *err)
{
	/* A look first: most often there is nothing to do, and nobody need wait for a lock. Of two
	 * processes that find an empty or an older file the lock decides who changes it. */
	int found = 0, r = db_begin_read(db, err);

	if (r < 0)
		return r;
	r = read_version(db, &found, err);
	db_rollback(db);
	if (r == 0 && (found != tables->version && may != DB_MAY_LOOK))
		r = db_begin(db, err);
	else if (r == 0)
		r = db_begin_read(db, err);
	if (r < 0)
		return r;
	r = settle(db, tables, may, err);
	if (r < 0) {
		db_rollback(db);
		return r;
	}
	return db_commit(db, err);
}
