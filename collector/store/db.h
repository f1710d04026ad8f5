/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite behind a handful of functions: open with the settings that durability needs, transactions,
 * and statements as cursors with a sticky error: ten binds, one check. Private to collector/store.
 *
 *	struct query q;
 *	db_query(&q, db, "SELECT name FROM region WHERE code = ?");
 *	query_text(&q, code);
 *	while ((r = query_next(&q)) > 0)
 *		... query_get_text(&q, 0) ...
 *	r = query_end(&q, err);		-- every db_query() ends with this, whatever happened
 */
#ifndef PANTAU_STORE_DB_H
#define PANTAU_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

enum db_mode { DB_READ, DB_WRITE, DB_CREATE };

struct db;
struct sqlite3_stmt;

/* What a result code of SQLite is as a negative errno: -EBADMSG is a damaged file. */
int db_errno(int code);

/* WAL, synchronous=FULL, foreign keys, busy timeout. -ENOENT when there is no such file (not
 * DB_CREATE), -EBUSY, -EIO, -ENOMEM. Copies the path. */
int db_open(const char *path, enum db_mode mode, struct db **ret_db, struct err *err);
void db_close(struct db *db);

/* Borrowed until db_close(). */
const char *db_path(const struct db *db);

/*
 * One step up, from tables of version `from` to those of from + 1; `sql`, then `run`, either may be
 * NULL. A step only adds (tables, columns with a default, rows): a program of the version before
 * that still runs goes on with what it has open. docs/adding-a-table.md tells how to write one.
 */
struct db_step {
	int from;
	const char *sql;
	int (*run)(struct db *db, struct err *err);
};

struct db_tables { /* what a program knows of a file; all borrowed only during the call */
	const char *const *create; /* statements, one part a room; the last one is NULL */
	int version;
	const struct db_step *steps; /* upwards without a gap; the last one is of `version`. NULL */
};

enum db_may { DB_MAY_LOOK, DB_MAY_RAISE, DB_MAY_CREATE };

/*
 * Creates the tables when there are none (DB_MAY_CREATE), brings older ones up to this program's
 * version (DB_MAY_RAISE, too), and checks the version that the file bears: -EPROTO with words when
 * it is another one. Before the first step a copy of the file is made beside it,
 * "NAME.before-schema-VERSION"; the steps are one transaction: whatever happens, the file is as it
 * was or of the new version.
 */
int db_schema(struct db *db, const struct db_tables *tables, enum db_may may, struct err *err);

/* Where damage that this handle finds is hinted at: an empty file, made there. Copies. */
int db_doubt(struct db *db, const char *path);

/* Statements without results. */
int db_run(struct db *db, const char *sql, struct err *err);
int db_begin(struct db *db, struct err *err); /* takes the write lock at once */
int db_begin_read(struct db *db, struct err *err); /* one moment for many queries */
int db_commit(struct db *db, struct err *err); /* rolled back when it fails */
void db_rollback(struct db *db); /* harmless outside a transaction */
int64_t db_last_id(const struct db *db);
int64_t db_changed(const struct db *db); /* rows that the last statement changed */

struct query {
	struct db *db;
	struct sqlite3_stmt *stmt;
	int slot; /* in the cache of statements; -1: its own */
	int bound; /* parameters so far */
	int failed; /* 0 or the first negative errno */
};

/* `sql` lives for ever (a literal): statements are kept prepared by its address. */
void db_query(struct query *query, struct db *db, const char *sql);
/* The same for a statement that was put together; borrowed until the end. */
void db_query_once(struct query *query, struct db *db, const char *sql);
void query_number(struct query *query, int64_t value);
void query_real(struct query *query, double value);
void query_text(struct query *query, const char *text); /* NULL binds null; borrows until the end */
void query_text_part(struct query *query, const char *text, size_t length); /* the same, no 0 */
void query_bytes(struct query *query, const void *bytes, size_t length); /* borrows until the end */
void query_null(struct query *query);
void query_until(struct query *query, int64_t to_s); /* INT64_MAX, no end, binds null */
/* 1: a row; 0: no more; negative errno. */
int query_next(struct query *query);
/* Lets go of the statement. 0 or the sticky error, with words. */
int query_end(struct query *query, struct err *err);
/* For statements without rows: steps and ends. */
int query_run(struct query *query, struct err *err);

/* Columns of the present row, from 0. Views are borrowed until the next query_next(). */
int64_t query_get_number(struct query *query, int column); /* NULL: 0 */
int64_t query_get_until(struct query *query, int column); /* NULL: INT64_MAX */
double query_get_real(struct query *query, int column);
bool query_is_null(struct query *query, int column);
bool query_is_number(struct query *query, int column);
bool query_is_text(struct query *query, int column);
bool query_is_real(struct query *query, int column);
const char *query_get_text(struct query *query, int column); /* NULL: NULL */
const void *query_get_bytes(struct query *query, int column, size_t *ret_length);
/* Copies a text, cut to size; NULL: "". */
void query_copy_text(struct query *query, int column, char *ret_text, size_t size);
int query_columns(struct query *query);
const char *query_column_name(struct query *query, int column);

#endif
