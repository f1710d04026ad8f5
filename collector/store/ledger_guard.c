/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/log.h"

static const char head[16] = "SQLite format 3"; /* with its 0 */

struct ledger_guard {
	struct db *db;
	int fd; /* kept open */
	char path[PATH_MAX], log[PATH_MAX], doubt[PATH_MAX];
	struct stat file, wal; /* wal.st_ino 0: there was none */
	uint64_t looked_us, read_us; /* at the head; at all pages */
};

int ledger_guard_new(
	const char *state, struct db *db, struct ledger_guard **ret_guard, struct err *err)
{
	struct ledger_guard *guard = calloc(1, sizeof(*guard));

	if (!guard)
		return err_errno(err, -ENOMEM, "%s", state);
	guard->db = db;
	guard->fd = -1;
	if (file_join(guard->path, PATH_MAX, state, "ledger.db") < 0 ||
		file_join(guard->log, PATH_MAX, state, "ledger.db-wal") < 0 ||
		file_join(guard->doubt, PATH_MAX, state, LEDGER_DOUBT) < 0) {
		ledger_guard_free(guard);
		return err_errno(err, -ENAMETOOLONG, "%s", state);
	}
	guard->fd = open(guard->path, O_RDONLY | O_CLOEXEC);
	if (guard->fd < 0 || fstat(guard->fd, &guard->file) < 0) {
		int r = err_errno(err, -errno, "%s", guard->path);

		ledger_guard_free(guard);
		return r;
	}
	if (stat(guard->log, &guard->wal) < 0)
		guard->wal.st_ino = 0;
	*ret_guard = guard;
	return 0;
}

void ledger_guard_free(struct ledger_guard *guard)
{
	if (!guard)
		return;
	if (guard->fd >= 0)
		close(guard->fd);
	free(guard);
}

static bool is_same(const char *path, const struct stat *opened)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_ino == opened->st_ino && st.st_dev == opened->st_dev;
}

static int look_at_head(struct ledger_guard *guard, struct err *err)
{
	char bytes[sizeof(head)];

	if (!is_same(guard->path, &guard->file))
		return err_set(
			err, -EBADMSG, "%s: it was taken away while it was in use", guard->path);
	if (guard->wal.st_ino && !is_same(guard->log, &guard->wal))
		return err_set(
			err, -EBADMSG, "%s: it was taken away while it was in use", guard->log);
	/* an empty file has all of its pages in the log still */
	if (pread(guard->fd, bytes, sizeof(bytes), 0) == (ssize_t)sizeof(bytes) &&
		memcmp(bytes, head, sizeof(head)) != 0)
		return err_set(err, -EBADMSG, "%s: its first page was overwritten", guard->path);
	return 0;
}

/* What it has in memory would hide what lies in the file. */
static int look_at_pages(struct ledger_guard *guard, struct err *err)
{
	struct err why = {0};
	struct query q;
	bool sound = true;
	int r = db_run(guard->db, "PRAGMA shrink_memory", err);

	if (r < 0)
		return r;
	db_query(&q, guard->db, "PRAGMA quick_check(1)");
	if (query_next(&q) > 0)
		sound = strcmp(query_get_text(&q, 0), "ok") == 0;
	if (!sound)
		err_set(&why, -EBADMSG, "%.120s", query_get_text(&q, 0));
	r = query_end(&q, err);
	if (r == 0 && !sound)
		return err_set(err, -EBADMSG, "%s: %s", guard->path, why.text);
	if (r == 0)
		log_info("ledger: a reader took ledger.db for damaged; it is sound");
	return r;
}

int ledger_guard_look(struct ledger_guard *guard, uint64_t now_us, struct err *err)
{
	int r;

	if (now_us - guard->looked_us < GUARD_LOOK_S * 1000000ULL)
		return 0;
	guard->looked_us = now_us;
	r = look_at_head(guard, err);
	if (r < 0 || access(guard->doubt, F_OK) < 0 ||
		(guard->read_us && now_us - guard->read_us < GUARD_PAGES_S * 1000000ULL))
		return r;
	guard->read_us = now_us;
	unlink(guard->doubt);
	return look_at_pages(guard, err);
}
