/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/db_snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "collector/store/db.h"
#include "common/file.h"

#define BUSY_WAIT_MS 5000
#define PART_PAGES 64 /* 256 KiB */
#define SPARE_BYTES (16U << 20) /* beside the copy: those who write meanwhile need room, too */

struct db_snapshot {
	sqlite3 *handle;
	char path[PATH_MAX];
};

static int say(sqlite3 *handle, int code, const char *path, struct err *err)
{
	int r = db_errno(code);

	return r < 0 ? err_set(err, r, "%s: %s", path, sqlite3_errmsg(handle)) : 0;
}

static int64_t ask_number(sqlite3 *handle, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t number = 0;

	if (sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL) == SQLITE_OK &&
		sqlite3_step(stmt) == SQLITE_ROW)
		number = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return number;
}

int db_snapshot_open(const char *path, struct db_snapshot **ret_snapshot, struct err *err)
{
	struct db_snapshot *snapshot;
	int code, r;

	if (access(path, F_OK) < 0)
		return err_errno(err, -errno, "%s", path);
	snapshot = calloc(1, sizeof(*snapshot));
	if (!snapshot)
		return err_errno(err, -ENOMEM, "%s", path);
	snprintf(snapshot->path, sizeof(snapshot->path), "%s", path);
	code = sqlite3_open_v2(path, &snapshot->handle, SQLITE_OPEN_READONLY, NULL);
	sqlite3_busy_timeout(snapshot->handle, BUSY_WAIT_MS);
	/* a transaction begins with its first read */
	if (code == SQLITE_OK)
		code = sqlite3_exec(snapshot->handle, "BEGIN; SELECT count(*) FROM sqlite_master",
			NULL, NULL, NULL);
	r = say(snapshot->handle, code, path, err);
	if (r < 0)
		db_snapshot_close(snapshot);
	else
		*ret_snapshot = snapshot;
	return r;
}

void db_snapshot_close(struct db_snapshot *snapshot)
{
	if (!snapshot)
		return;
	sqlite3_close(snapshot->handle);
	free(snapshot);
}

/* ---- the copy */

static int make_room(struct db_snapshot *snapshot, const char *to, struct err *err)
{
	uint64_t need = SPARE_BYTES, bytes, inodes;
	int fd, r;

	need += (uint64_t)ask_number(snapshot->handle, "PRAGMA page_count") *
		(uint64_t)ask_number(snapshot->handle, "PRAGMA page_size");
	fd = open(to, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(err, -errno, "%s", to);
	close(fd);
	r = file_space(to, &bytes, &inodes, err);
	if (r == 0 && bytes < need)
		r = err_set(err, -ENOSPC,
			"%s: a copy of %s needs %" PRIu64 " MiB, %" PRIu64 " MiB are free", to,
			snapshot->path, need >> 20, bytes >> 20);
	return r;
}

static int fill(struct db_snapshot *snapshot, sqlite3 *target, const char *to,
	const struct db_pace *pace, struct err *err)
{
	sqlite3_backup *backup;
	uint64_t part;
	int code, finished;

	sqlite3_exec(
		target, "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF", NULL, NULL, NULL);
	backup = sqlite3_backup_init(target, "main", snapshot->handle, "main");
	if (!backup)
		return say(target, sqlite3_errcode(target), to, err);
	part = PART_PAGES * (uint64_t)ask_number(snapshot->handle, "PRAGMA page_size");
	/* the transaction of the source goes on: no step begins anew, whoever writes */
	while ((code = sqlite3_backup_step(backup, PART_PAGES)) == SQLITE_OK)
		pace->rest(pace->arg, part);
	/* tells no step that was refused for a lock, and what was copied until then is not all */
	finished = sqlite3_backup_finish(backup);
	if (finished != SQLITE_OK || code == SQLITE_DONE)
		code = finished;
	return say(target, code, to, err);
}

int db_snapshot_copy(
	struct db_snapshot *snapshot, const char *to, const struct db_pace *pace, struct err *err)
{
	sqlite3 *target = NULL;
	int r = make_room(snapshot, to, err);

	if (r == 0)
		r = say(target, sqlite3_open_v2(to, &target, SQLITE_OPEN_READWRITE, NULL), to, err);
	if (r == 0)
		r = fill(snapshot, target, to, pace, err);
	sqlite3_close(target);
	if (r < 0 && r != -EEXIST)
		unlink(to);
	return r;
}
