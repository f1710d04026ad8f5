/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_mend.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/store/imports.h"
#include "collector/store/ledger_mend_copy.h"
#include "collector/store/ledger_private.h"
#include "common/civil.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/log.h"

#define MARK_BYTES_MAX 4096
#define MARK_MODE 0660
#define CURSOR_PATH "journal/ledger.cursor"
#define NEW_NAME LEDGER_NAME ".new"
#define STAMP_BYTES 24 /* 20260131T160000Z */

const char ledger_mend_schema[] =
	/* told_*: the damaged ledger's place in the journal; stage, part*: of the salvage */
	"CREATE TABLE mend(id INTEGER PRIMARY KEY, at_s INTEGER NOT NULL, aside TEXT NOT NULL,"
	"  why TEXT NOT NULL, told_segment INTEGER NOT NULL, told_record INTEGER NOT NULL,"
	"  unsure INTEGER NOT NULL, done INTEGER NOT NULL, records INTEGER NOT NULL,"
	"  holes INTEGER NOT NULL, stage INTEGER NOT NULL, part0 INTEGER NOT NULL,"
	"  part1 INTEGER NOT NULL, part2 INTEGER NOT NULL, journal_s INTEGER NOT NULL DEFAULT 0) "
	"STRICT;"
	/* records that were known and are not here: of a run; agent 0: nobody knows whose */
	"CREATE TABLE lost(id INTEGER PRIMARY KEY, agent INTEGER NOT NULL, run INTEGER NOT NULL,"
	"  records INTEGER NOT NULL, from_s INTEGER, to_s INTEGER) STRICT;";

struct mark {
	char stamp[STAMP_BYTES];
	char why[MEND_WHY_BYTES];
};

struct paths {
	char mark[PATH_MAX], ledger[PATH_MAX], fresh[PATH_MAX], aside[PATH_MAX], imports[PATH_MAX];
};

static int64_t now_s(void)
{
	return clock_utc_us() / 1000000;
}

/* ---- the mark: "20260131T160000Z why it is damaged\n" */

static void write_stamp(char ret_stamp[STAMP_BYTES])
{
	char text[CIVIL_TIME_BYTES];
	size_t length = 0;

	civil_format(now_s(), text);
	for (const char *c = text; *c && length + 1 < STAMP_BYTES; c++) {
		if (*c != '-' && *c != ':')
			ret_stamp[length++] = *c;
	}
	ret_stamp[length] = '\0';
}

static int mark_path(const char *state, char ret_path[PATH_MAX], struct err *err)
{
	int r = file_join(ret_path, PATH_MAX, state, LEDGER_DAMAGE);

	return r < 0 ? err_errno(err, r, "%s", state) : 0;
}

int ledger_damaged(const char *state, const char *why, struct err *err)
{
	char path[PATH_MAX], text[MEND_WHY_BYTES + STAMP_BYTES + 2], stamp[STAMP_BYTES];
	int r = mark_path(state, path, err);

	if (r < 0 || access(path, F_OK) == 0)
		return r;
	write_stamp(stamp);
	snprintf(text, sizeof(text), "%s %.*s\n", stamp, MEND_WHY_BYTES - 1, why);
	return file_replace(path, text, strlen(text), MARK_MODE, err);
}

/* What cannot be read is a mark all the same. */
static void parse_mark(const char *text, struct mark *ret_mark)
{
	size_t stamp = strcspn(text, " \n");

	*ret_mark = (struct mark){.why = "nobody knows why"};
	write_stamp(ret_mark->stamp);
	if (stamp == strlen("20260131T160000Z") && !memchr(text, '/', stamp)) {
		memcpy(ret_mark->stamp, text, stamp);
		ret_mark->stamp[stamp] = '\0';
		text += stamp + (text[stamp] == ' ');
		snprintf(ret_mark->why, sizeof(ret_mark->why), "%.*s", (int)strcspn(text, "\n"),
			text);
	}
}

/* 1: there is one; 0. */
static int read_mark(const char *path, struct mark *ret_mark, struct err *err)
{
	uint8_t *bytes;
	size_t length;
	int r = file_read(path, MARK_BYTES_MAX, &bytes, &length, err);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	parse_mark((const char *)bytes, ret_mark);
	free(bytes);
	return 1;
}

/* ---- aside */

static int find_paths(
	const char *state, const struct mark *mark, struct paths *ret_paths, struct err *err)
{
	char name[MEND_NAME_BYTES];
	int r = mark_path(state, ret_paths->mark, err);

	snprintf(name, sizeof(name), LEDGER_NAME ".damaged-%s", mark->stamp);
	if (r == 0 &&
		(file_join(ret_paths->ledger, PATH_MAX, state, LEDGER_NAME) < 0 ||
			file_join(ret_paths->fresh, PATH_MAX, state, NEW_NAME) < 0 ||
			file_join(ret_paths->aside, PATH_MAX, state, name) < 0 ||
			file_join(ret_paths->imports, PATH_MAX, state, IMPORT_FOLDER) < 0))
		r = err_errno(err, -ENAMETOOLONG, "%s", state);
	return r;
}

/* With what lies beside it; what is not there was moved before. */
static int move(const char *from, const char *to, struct err *err)
{
	static const char *const parts[] = {"-wal", "-shm", ""};
	char from_part[PATH_MAX + 8], to_part[PATH_MAX + 8];

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		snprintf(from_part, sizeof(from_part), "%s%s", from, parts[i]);
		snprintf(to_part, sizeof(to_part), "%s%s", to, parts[i]);
		if (rename(from_part, to_part) < 0 && errno != ENOENT)
			return err_errno(err, -errno, "%s", from_part);
	}
	return 0;
}

static void remove_fresh(const struct paths *paths)
{
	static const char *const parts[] = {"", "-wal", "-shm", "-journal"};
	char path[PATH_MAX + 16];

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		snprintf(path, sizeof(path), "%s%s", paths->fresh, parts[i]);
		unlink(path);
	}
}

static int insert_mending(struct db *db, const struct mending *mending, struct err *err)
{
	struct query q;

	db_query(&q, db,
		"INSERT INTO mend(at_s, aside, why, told_segment, told_record, unsure, done,"
		" records, holes, stage, part0, part1, part2)"
		" VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?, 0, 0, 0, 0)");
	query_number(&q, mending->at_s);
	query_text(&q, mending->aside);
	query_text(&q, mending->why);
	query_number(&q, (int64_t)mending->told.segment);
	query_number(&q, (int64_t)mending->told.record);
	query_number(&q, mending->unsure);
	query_number(&q, mending->holes);
	return query_run(&q, err);
}

static int fill_fresh(
	struct db *to, const struct paths *paths, struct mending *mending, struct err *err)
{
	struct db *from = NULL;
	int r = db_begin(to, err);

	if (r < 0)
		return r;
	/* Where not even this can be opened, nothing is salvaged, and all of it is a hole. */
	if (mending->aside[0] && db_open(paths->aside, DB_READ, &from, NULL) == 0) {
		r = mend_copy(to, from, mending, err);
		db_close(from);
		if (r == 0)
			r = mend_forget_imports(to, paths->imports, err);
	} else {
		mending->unsure = true;
		mending->holes = 1;
	}
	if (r == 0)
		r = insert_mending(to, mending, err);
	if (r < 0) {
		db_rollback(to);
		return r;
	}
	return db_commit(to, err);
}

static int make_fresh(const struct paths *paths, struct mending *mending, struct err *err)
{
	struct db *db = NULL;
	int r;

	remove_fresh(paths);
	r = db_open(paths->fresh, DB_CREATE, &db, err);
	if (r == 0)
		r = ledger_schema(db, DB_MAY_CREATE, err);
	if (r == 0)
		r = fill_fresh(db, paths, mending, err);
	if (r == 0)
		r = db_run(db, "PRAGMA wal_checkpoint(TRUNCATE)", err);
	db_close(db);
	return r;
}

/* ---- the ritual */

/*
 * As long as the mark lies there, the file named ledger.db is the damaged one, unless one was set
 * aside under the mark's name already: then it is the new one, whole, and only the mark was left.
 */
static int settle_mark(
	const char *state, const struct mark *mark, const struct paths *paths, struct err *err)
{
	struct mending mending = {.at_s = now_s()};
	int r = 0;

	snprintf(mending.why, sizeof(mending.why), "%s", mark->why);
	if (access(paths->aside, F_OK) < 0)
		r = move(paths->ledger, paths->aside, err);
	else if (access(paths->ledger, F_OK) == 0)
		return 0;
	if (r < 0)
		return r;
	if (access(paths->aside, F_OK) == 0)
		snprintf(mending.aside, sizeof(mending.aside), LEDGER_NAME ".damaged-%s",
			mark->stamp);
	r = make_fresh(paths, &mending, err);
	if (r < 0)
		return r;
	if (rename(paths->fresh, paths->ledger) < 0)
		return err_errno(err, -errno, "%s", paths->fresh);
	if (mending.aside[0])
		log_error("ledger: ledger.db is damaged (%s): set aside as %s, a new one is made "
			  "of the journal and of what can still be read in it",
			mark->why, mending.aside);
	else
		log_error("ledger: ledger.db is missing (%s): a new one is made of the journal",
			mark->why);
	return file_sync_folder(state, err);
}

/* Once it has told ingest how far it is there was a ledger.db, with something in it. */
static int miss_ledger(const char *state, struct err *err)
{
	char ledger[PATH_MAX], cursor[PATH_MAX];
	struct stat st;
	bool there;

	if (file_join(ledger, sizeof(ledger), state, LEDGER_NAME) < 0 ||
		file_join(cursor, sizeof(cursor), state, CURSOR_PATH) < 0)
		return err_errno(err, -ENAMETOOLONG, "%s", state);
	there = stat(ledger, &st) == 0;
	if ((there && st.st_size > 0) || access(cursor, F_OK) < 0)
		return 0;
	return ledger_damaged(state, there ? "it is empty" : "it is gone", err);
}

int ledger_mend(const char *state, struct err *err)
{
	struct paths paths;
	struct mark mark;
	char path[PATH_MAX];
	int r = mark_path(state, path, err);

	if (r == 0)
		r = miss_ledger(state, err);
	if (r == 0)
		r = read_mark(path, &mark, err);
	if (r <= 0)
		return r;
	r = find_paths(state, &mark, &paths, err);
	if (r == 0)
		r = settle_mark(state, &mark, &paths, err);
	if (r < 0)
		return r;
	if (unlink(paths.mark) < 0)
		return err_errno(err, -errno, "%s", paths.mark);
	return file_sync_folder(state, err);
}

/* ---- how far */

int ledger_mending(struct ledger_db *db, struct mending *ret_mending, struct err *err)
{
	struct mending mending = {0};
	struct query q;
	int found, r;

	db_query(&q, db->db,
		"SELECT id, at_s, told_segment, told_record, unsure, done, records, holes, stage,"
		" part0, part1, part2, aside, why, journal_s FROM mend ORDER BY id DESC LIMIT 1");
	found = query_next(&q);
	if (found > 0) {
		mending.id = query_get_number(&q, 0);
		mending.at_s = query_get_number(&q, 1);
		mending.told.segment = (uint64_t)query_get_number(&q, 2);
		mending.told.record = (uint64_t)query_get_number(&q, 3);
		mending.unsure = query_get_number(&q, 4) != 0;
		mending.done = query_get_number(&q, 5) != 0;
		mending.records = query_get_number(&q, 6);
		mending.holes = query_get_number(&q, 7);
		mending.stage = (int)query_get_number(&q, 8);
		for (int i = 0; i < 3; i++)
			mending.part[i] = query_get_number(&q, 9 + i);
		query_copy_text(&q, 12, mending.aside, sizeof(mending.aside));
		query_copy_text(&q, 13, mending.why, sizeof(mending.why));
		mending.journal_s = query_get_number(&q, 14);
	}
	r = query_end(&q, err);
	if (r < 0 || found <= 0)
		return r < 0 ? r : -ENOENT;
	*ret_mending = mending;
	return 0;
}

int ledger_put_mending(struct ledger_writer *writer, const struct mending *mending, struct err *err)
{
	struct query q;

	db_query(&q, writer->db,
		"UPDATE mend SET done = ?, records = ?, holes = ?, stage = ?, part0 = ?, part1 = ?,"
		" part2 = ?, journal_s = ? WHERE id = ?");
	query_number(&q, mending->done);
	query_number(&q, mending->records);
	query_number(&q, mending->holes);
	query_number(&q, mending->stage);
	for (int i = 0; i < 3; i++)
		query_number(&q, mending->part[i]);
	query_number(&q, mending->journal_s);
	query_number(&q, mending->id);
	writer->mending = !mending->done;
	return query_run(&q, err);
}
