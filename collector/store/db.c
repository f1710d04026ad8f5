/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CACHE_MAX 192 /* statements of the largest user and some to spare */
/* Both databases have several processes: a short transaction of another one is waited for. */
#define BUSY_MS 5000
#define FILE_MODE 0660 /* the group of the service shares the state folder */

struct cached {
	const char *sql; /* compared by address: literals */
	sqlite3_stmt *stmt;
	bool used; /* by a query that has not ended */
};

struct db {
	sqlite3 *handle;
	char *path, *doubt; /* doubt NULL: damage is said to the caller alone */
	size_t cached_count;
	struct cached cached[CACHE_MAX];
};

int db_errno(int code)
{
	/* only a file whose maker was killed before WAL was on has this journal: no tables yet */
	if (code == SQLITE_READONLY_ROLLBACK)
		return -ENOENT;
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE: return 0;
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return -EBUSY;
	case SQLITE_FULL: return -ENOSPC;
	case SQLITE_NOMEM: return -ENOMEM;
	case SQLITE_CONSTRAINT: return -EEXIST;
	case SQLITE_READONLY: return -EROFS;
	case SQLITE_PERM: return -EACCES;
	case SQLITE_CANTOPEN: return -ENOENT;
	case SQLITE_TOOBIG: return -EFBIG;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB: return -EBADMSG;
	default: return -EIO;
	}
}

static void hint(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, FILE_MODE);

	if (fd >= 0)
		close(fd);
}

static int say(const struct db *db, int code, struct err *err)
{
	if (code == -EBADMSG && db->doubt)
		hint(db->doubt);
	if (code == -EBADMSG)
		err_set(err, code, "%s is damaged: %s", db->path, sqlite3_errmsg(db->handle));
	else if (code < 0)
		err_set(err, code, "%s: %s", db->path, sqlite3_errmsg(db->handle));
	return code;
}

int db_run(struct db *db, const char *sql, struct err *err)
{
	return say(db, db_errno(sqlite3_exec(db->handle, sql, NULL, NULL, NULL)), err);
}

/*
 * SQLite would make the file with the process's umask: the group could not write. A file that is
 * there is not opened for the look: closing it would take away the locks that another handle of
 * this process holds on it.
 */
static int touch(const char *path, enum db_mode mode, struct err *err)
{
	int fd, r = 0;

	if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0)
		return 0;
	if (errno != ENOENT || mode != DB_CREATE)
		return err_errno(err, -errno, "%s", path);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
	if (fd < 0)
		return err_errno(err, -errno, "%s", path);
	if (fchmod(fd, FILE_MODE) < 0)
		r = -errno;
	close(fd);
	return r < 0 ? err_errno(err, r, "%s", path) : 0;
}

static int configure(struct db *db, enum db_mode mode, struct err *err)
{
	sqlite3_busy_timeout(db->handle, BUSY_MS);
	sqlite3_extended_result_codes(db->handle, 1);
	if (mode == DB_READ)
		return db_run(db, "PRAGMA query_only = 1; PRAGMA mmap_size = 268435456", err);
	return db_run(db,
		"PRAGMA auto_vacuum = INCREMENTAL;"
		"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = 1;"
		"PRAGMA cache_size = -16384;"
		"PRAGMA journal_size_limit = 16777216", /* what a long batch made is given back */
		err);
}

int db_open(const char *path, enum db_mode mode, struct db **ret_db, struct err *err)
{
	/* a handle is used by one thread at a time: its list of statements has no lock either */
	int flags = SQLITE_OPEN_NOMUTEX |
		(mode == DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
	struct db *db;
	int r = touch(path, mode, err);
	if (r < 0)
		return r;
	db = calloc(1, sizeof(*db));
	if (!db)
		return err_errno(err, -ENOMEM, "%s", path);
	db->path = strdup(path);
	if (!db->path) {
		r = err_errno(err, -ENOMEM, "%s", path);
		goto fail;
	}
	r = say(db, db_errno(sqlite3_open_v2(path, &db->handle, flags, NULL)), err);
	/* a statement is planned once, not anew for each value that a partial index could serve */
	if (db->handle)
		sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	if (r == 0)
		r = configure(db, mode, err);
	if (r < 0)
		goto fail;
	*ret_db = db;
	return 0;

fail:
	db_close(db);
	return r;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	for (size_t i = 0; i < db->cached_count; i++)
		sqlite3_finalize(db->cached[i].stmt);
	sqlite3_close(db->handle);
	free(db->doubt);
	free(db->path);
	free(db);
}

int db_doubt(struct db *db, const char *path)
{
	db->doubt = strdup(path);
	return db->doubt ? 0 : -ENOMEM;
}

const char *db_path(const struct db *db)
{
	return db->path;
}

int db_begin(struct db *db, struct err *err)
{
	return db_run(db, "BEGIN IMMEDIATE", err);
}

int db_begin_read(struct db *db, struct err *err)
{
	return db_run(db, "BEGIN", err);
}

int db_commit(struct db *db, struct err *err)
{
	int r = db_run(db, "COMMIT", err);
	if (r < 0)
		db_rollback(db);
	return r;
}

void db_rollback(struct db *db)
{
	if (db && !sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

int64_t db_last_id(const struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

int64_t db_changed(const struct db *db)
{
	return sqlite3_changes64(db->handle);
}

static sqlite3_stmt *prepare(struct db *db, const char *sql, unsigned flags, int *ret_failed)
{
	sqlite3_stmt *stmt = NULL;
	*ret_failed = db_errno(sqlite3_prepare_v3(db->handle, sql, -1, flags, &stmt, NULL));
	return stmt;
}

/* A kept statement, or a free place in the cache; -1 when this query needs a statement of its own:
 * the cache is full, or the same one runs already. */
static int cache_slot(struct db *db, const char *sql)
{
	for (size_t i = 0; i < db->cached_count; i++) {
		if (db->cached[i].sql == sql)
			return db->cached[i].used ? -1 : (int)i;
	}
	if (db->cached_count == CACHE_MAX)
		return -1;
	db->cached[db->cached_count] = (struct cached){.sql = sql};
	return (int)db->cached_count++;
}

void db_query(struct query *query, struct db *db, const char *sql)
{
	*query = (struct query){.db = db, .slot = cache_slot(db, sql)};
	if (query->slot < 0) {
		query->stmt = prepare(db, sql, 0, &query->failed);
		return;
	}
	struct cached *cached = &db->cached[query->slot];
	if (!cached->stmt)
		cached->stmt = prepare(db, sql, SQLITE_PREPARE_PERSISTENT, &query->failed);
	cached->used = true;
	query->stmt = cached->stmt;
}

void db_query_once(struct query *query, struct db *db, const char *sql)
{
	*query = (struct query){.db = db, .slot = -1};
	query->stmt = prepare(db, sql, 0, &query->failed);
}

static void keep_error(struct query *query, int code)
{
	if (!query->failed)
		query->failed = db_errno(code);
}

void query_number(struct query *query, int64_t value)
{
	if (!query->failed)
		keep_error(query, sqlite3_bind_int64(query->stmt, ++query->bound, value));
}

void query_real(struct query *query, double value)
{
	if (!query->failed)
		keep_error(query, sqlite3_bind_double(query->stmt, ++query->bound, value));
}

void query_text(struct query *query, const char *text)
{
	if (!query->failed)
		keep_error(query,
			sqlite3_bind_text(query->stmt, ++query->bound, text, -1, SQLITE_STATIC));
}

void query_text_part(struct query *query, const char *text, size_t length)
{
	if (!query->failed)
		keep_error(query,
			sqlite3_bind_text64(query->stmt, ++query->bound, text ? text : "", length,
				SQLITE_STATIC, SQLITE_UTF8));
}

void query_bytes(struct query *query, const void *bytes, size_t length)
{
	if (!query->failed)
		keep_error(query,
			sqlite3_bind_blob64(query->stmt, ++query->bound, bytes ? bytes : "", length,
				SQLITE_STATIC));
}

void query_null(struct query *query)
{
	if (!query->failed)
		keep_error(query, sqlite3_bind_null(query->stmt, ++query->bound));
}

void query_until(struct query *query, int64_t to_s)
{
	if (to_s == INT64_MAX)
		query_null(query);
	else
		query_number(query, to_s);
}

int query_next(struct query *query)
{
	int code;

	if (query->failed)
		return query->failed;
	code = sqlite3_step(query->stmt);
	if (code == SQLITE_ROW)
		return 1;
	if (code != SQLITE_DONE)
		keep_error(query, code);
	return query->failed;
}

int query_end(struct query *query, struct err *err)
{
	int r = say(query->db, query->failed, err);

	if (query->slot < 0) {
		sqlite3_finalize(query->stmt);
	} else {
		if (query->stmt) {
			sqlite3_reset(query->stmt);
			sqlite3_clear_bindings(query->stmt);
		}
		query->db->cached[query->slot].used = false;
	}
	query->stmt = NULL;
	return r;
}

int query_run(struct query *query, struct err *err)
{
	query_next(query);
	return query_end(query, err);
}
