/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/db_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/store/db.h"
#include "common/file.h"

#define SPARE_BYTES (16U << 20) /* beside the copy: those who write meanwhile need room, too */
#define BUSY_WAIT_MS 50
#define BUSY_TURNS 100 /* 5 s */

static int sync_path(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), r = 0;

	if (fd < 0)
		return -errno;
	if (fsync(fd) < 0)
		r = -errno;
	close(fd);
	return r;
}

static int sync_folder_of(const char *path, struct err *err)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s", path);
	return file_sync_folder(dirname(folder), err);
}

/* An empty file with the owner and the mode of the other one. */
static int make_like(const char *path, const struct stat *like)
{
	int fd, r = 0;

	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	/* only root can give it away, and only root needs to */
	if (fchown(fd, like->st_uid, like->st_gid) < 0 && geteuid() == 0)
		r = -errno;
	if (r == 0 && fchmod(fd, like->st_mode & 0777) < 0)
		r = -errno;
	close(fd);
	return r;
}

static int make_room(const char *from, const char *temp, struct err *err)
{
	uint64_t bytes, inodes;
	struct stat st;
	int r;

	if (stat(from, &st) < 0)
		return err_errno(err, -errno, "%s", from);
	r = make_like(temp, &st);
	if (r < 0)
		return err_errno(err, r, "%s", temp);
	r = file_space(temp, &bytes, &inodes, err);
	if (r == 0 && bytes < (uint64_t)st.st_size + SPARE_BYTES)
		r = err_set(err, -ENOSPC,
			"%s: a copy of it needs %" PRIu64 " MiB, %" PRIu64 " MiB are free", from,
			((uint64_t)st.st_size + SPARE_BYTES) >> 20, bytes >> 20);
	return r;
}

static int step(sqlite3_backup *backup)
{
	int code = SQLITE_BUSY;

	for (int turn = 0; turn < BUSY_TURNS; turn++) {
		code = sqlite3_backup_step(backup, -1);
		if (code != SQLITE_BUSY && code != SQLITE_LOCKED)
			break;
		sqlite3_sleep(BUSY_WAIT_MS);
	}
	return code;
}

static int say(sqlite3 *handle, int code, const char *path, struct err *err)
{
	int r = db_errno(code);

	return r < 0 ? err_set(err, r, "%s: %s", path, sqlite3_errmsg(handle)) : 0;
}

static int fill(sqlite3 *source, sqlite3 *target, const char *temp, struct err *err)
{
	sqlite3_backup *backup;
	int code;

	/* nobody sees it before it is whole: it is synced once, at the end */
	sqlite3_exec(
		target, "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF", NULL, NULL, NULL);
	backup = sqlite3_backup_init(target, "main", source, "main");
	if (!backup)
		return say(target, sqlite3_errcode(target), temp, err);
	step(backup);
	code = sqlite3_backup_finish(backup);
	return say(target, code, temp, err);
}

static int open_file(const char *path, int flags, sqlite3 **ret_handle, struct err *err)
{
	int code = sqlite3_open_v2(path, ret_handle, flags, NULL);

	sqlite3_busy_timeout(*ret_handle, BUSY_WAIT_MS * BUSY_TURNS);
	return say(*ret_handle, code, path, err);
}

static int copy_pages(const char *from, const char *temp, struct err *err)
{
	sqlite3 *source = NULL, *target = NULL;
	int r = open_file(from, SQLITE_OPEN_READONLY, &source, err);

	if (r == 0)
		r = open_file(temp, SQLITE_OPEN_READWRITE, &target, err);
	if (r == 0)
		r = fill(source, target, temp, err);
	sqlite3_close(target);
	sqlite3_close(source);
	return r;
}

int db_copy(const char *from, const char *to, struct err *err)
{
	char temp[PATH_MAX];
	int r;

	if (snprintf(temp, sizeof(temp), "%s.new", to) >= (int)sizeof(temp))
		return err_errno(err, -ENAMETOOLONG, "%s", to);
	r = make_room(from, temp, err);
	if (r == 0)
		r = copy_pages(from, temp, err);
	if (r == 0) {
		r = sync_path(temp);
		if (r == 0 && rename(temp, to) < 0)
			r = -errno;
		if (r < 0)
			err_errno(err, r, "%s", to);
	}
	if (r < 0) {
		unlink(temp);
		return r;
	}
	return sync_folder_of(to, err);
}

/* ---- whether it is sound */

static int check_answer(sqlite3_stmt *stmt, const char *path, struct err *err)
{
	int code = sqlite3_step(stmt);
	const char *text;

	if (code != SQLITE_ROW)
		return say(sqlite3_db_handle(stmt), code, path, err);
	text = (const char *)sqlite3_column_text(stmt, 0);
	if (text && strcmp(text, "ok") == 0)
		return 0;
	return err_set(err, -EBADMSG, "%s: %.120s", path, text ? text : "it cannot be checked");
}

int db_check(const char *path, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3 *handle = NULL;
	int r;

	if (access(path, F_OK) < 0)
		return err_errno(err, -errno, "%s", path);
	r = open_file(path, SQLITE_OPEN_READONLY, &handle, err);
	if (r == 0) {
		int code = sqlite3_prepare_v2(handle, "PRAGMA quick_check(1)", -1, &stmt, NULL);
		r = say(handle, code, path, err);
	}
	if (r == 0)
		r = check_answer(stmt, path, err);
	sqlite3_finalize(stmt);
	sqlite3_close(handle);
	return r;
}
