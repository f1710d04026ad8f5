/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "collector/store/ledger_guard.h"
#include "collector/store/ledger_mend.h"
#include "collector/store/ledger_page.h"
#include "collector/store/ledger_run.h"
#include "collector/store/ledger_twin.h"
#include "common/file.h"

#define CACHE_KIB 2048 /* of a part of a lot the newest pages of the links at hand */

static int take_lock(const char *state, int *ret_fd, struct err *err)
{
	char path[PATH_MAX];
	int fd, r = file_join(path, sizeof(path), state, "ledger.lock");

	if (r < 0)
		return err_errno(err, r, "%s", state);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0660);
	if (fd < 0)
		return err_errno(err, -errno, "%s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		r = errno == EWOULDBLOCK ? -EBUSY : -errno;
		close(fd);
		return err_set(err, r, "%s: another process writes the ledger", path);
	}
	*ret_fd = fd;
	return 0;
}

static int load_mending(struct ledger_writer *writer, struct err *err)
{
	struct mending mending;
	int r = ledger_mending(writer->view, &mending, err);

	writer->mending = r == 0 && !mending.done;
	return r == -ENOENT ? 0 : r;
}

static int open_tables(struct ledger_writer *writer, const char *state, struct err *err)
{
	char path[PATH_MAX];
	int r = file_join(path, sizeof(path), state, "ledger.db");

	if (r < 0)
		return err_errno(err, r, "%s", state);
	r = db_open(path, DB_CREATE, &writer->db, err);
	if (r == 0)
		r = ledger_schema(writer->db, DB_MAY_CREATE, err);
	if (r == 0 && ledger_db_wrap(writer->db, &writer->view) < 0)
		r = err_errno(err, -ENOMEM, "%s", path);
	if (r == 0)
		r = bindings_load(writer, err);
	if (r == 0)
		r = load_mending(writer, err);
	return r;
}

/* The first and the last row of what is large: most damage shows at once. */
static int glance(struct ledger_writer *writer, struct err *err)
{
	static const char *const looks[] = {
		"SELECT min(id), max(id), (SELECT body FROM page ORDER BY id DESC LIMIT 1) FROM "
		"page",
		"SELECT min(id), max(id) FROM boot",
		"SELECT min(rowid), max(rowid) FROM closed_month",
		"SELECT max(id), (SELECT payload FROM outbox ORDER BY id DESC LIMIT 1) FROM outbox",
		"SELECT a FROM position WHERE name = 'journal'",
		NULL,
	};
	struct query q;
	int r = 0;

	for (const char *const *look = looks; r == 0 && *look; look++) {
		db_query(&q, writer->db, *look);
		query_next(&q);
		r = query_end(&q, err);
	}
	return r;
}

static void close_tables(struct ledger_writer *writer)
{
	ledger_db_close(writer->view);
	db_close(writer->db);
	free(writer->bindings);
	writer->view = NULL;
	writer->db = NULL;
	writer->bindings = NULL;
	writer->binding_count = 0;
}

/* What is found to be damaged at once is mended at once. */
static int open_sound(struct ledger_writer *writer, const char *state, struct err *err)
{
	struct err why = {0};
	int r = open_tables(writer, state, &why);

	if (r == 0)
		r = glance(writer, &why);
	if (r != -EBADMSG)
		return r < 0 ? err_set(err, r, "%s", why.text) : 0;
	close_tables(writer);
	r = ledger_damaged(state, why.text, err);
	if (r == 0)
		r = ledger_mend(state, err);
	return r < 0 ? r : open_tables(writer, state, err);
}

int ledger_writer_open(const char *state, struct ledger_writer **ret_writer, struct err *err)
{
	struct ledger_writer *writer = calloc(1, sizeof(*writer));
	int r = 0;

	if (!writer)
		return err_errno(err, -ENOMEM, "%s", state);
	writer->lock_fd = -1;
	writer->record = calloc(1, sizeof(*writer->record));
	writer->runs = run_cache_new();
	writer->newest = newest_boots_new();
	if (!writer->record || !writer->runs || !writer->newest)
		r = err_errno(err, -ENOMEM, "%s", state);
	if (r == 0)
		r = take_lock(state, &writer->lock_fd, err);
	if (r == 0)
		r = ledger_mend(state, err);
	if (r == 0)
		r = open_sound(writer, state, err);
	if (r == 0)
		r = ledger_guard_new(state, writer->db, &writer->guard, err);
	if (r < 0) {
		ledger_writer_close(writer);
		return r;
	}
	*ret_writer = writer;
	return 0;
}

void ledger_writer_set_cache(struct ledger_writer *writer, size_t batch_bytes)
{
	size_t kib = batch_bytes / 1024 < CACHE_KIB ? batch_bytes / 1024 : CACHE_KIB;
	char sql[64];

	snprintf(sql, sizeof(sql), "PRAGMA cache_size = -%zu", kib);
	db_run(writer->db, sql, NULL); /* a matter of speed alone */
}

void ledger_writer_close(struct ledger_writer *writer)
{
	if (!writer)
		return;
	ledger_db_close(writer->view);
	/* Readers of this process may close after us, and cannot move the log into the file. */
	if (writer->db)
		db_run(writer->db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL);
	db_close(writer->db);
	ledger_guard_free(writer->guard);
	if (writer->lock_fd >= 0)
		close(writer->lock_fd);
	free(writer->bindings);
	run_cache_free(writer->runs);
	newest_boots_free(writer->newest);
	free(writer->moved);
	free(writer->signs);
	free(writer->suspects);
	free(writer->touched);
	free(writer->touched_at);
	free(writer->news);
	free(writer->record);
	free(writer);
}

int ledger_writer_look(struct ledger_writer *writer, uint64_t now_us, struct err *err)
{
	return ledger_guard_look(writer->guard, now_us, err);
}

struct ledger_db *ledger_writer_view(struct ledger_writer *writer)
{
	return writer->view;
}

static void forget_batch(struct ledger_writer *writer)
{
	writer->moved_count = writer->sign_count = writer->suspect_count = 0;
	writer->touched_count = writer->news_count = 0;
	if (writer->touched_at)
		memset(writer->touched_at, 0,
			(writer->touched_mask + 1) * sizeof(*writer->touched_at));
	writer->bindings_changed = false;
	memset(&writer->batch, 0, sizeof(writer->batch));
	anchor_cache_pin(writer->view->anchors, false);
}

void ledger_hush(struct ledger_writer *writer)
{
	writer->unread = true;
}

int ledger_begin(struct ledger_writer *writer, struct err *err)
{
	int64_t taken, missed = 0;
	int r;

	forget_batch(writer);
	if (run_cache_full(writer->runs))
		run_cache_clear(writer->runs);
	anchor_cache_pin(writer->view->anchors, true);
	r = db_begin(writer->db, err);
	if (r == 0)
		r = position_get(writer->db, "export", &taken, &missed, err);
	writer->unread = missed;
	return r;
}

static int flush_counters(struct ledger_writer *writer, struct err *err)
{
	const struct {
		const char *name;
		int64_t add;
	} counters[] = {
		{"slots", writer->batch.slots},
		{"duplicates", writer->batch.duplicates},
		{"conflicts", writer->batch.conflicts},
		{"rejected", writer->batch.rejected},
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof(counters) / sizeof(*counters); i++) {
		if (counters[i].add)
			r = counter_add(writer->db, counters[i].name, counters[i].add, err);
	}
	return r;
}

int ledger_commit(struct ledger_writer *writer, struct seglog_pos cursor, struct err *err)
{
	int r = flush_counters(writer, err);

	if (r == 0)
		r = position_put(writer->db, "journal", (int64_t)cursor.segment,
			(int64_t)cursor.record, err);
	if (r == 0)
		r = db_commit(writer->db, err);
	if (r < 0)
		return r;
	forget_batch(writer);
	return 0;
}

void ledger_rollback(struct ledger_writer *writer)
{
	db_rollback(writer->db);
	anchor_cache_clear(writer->view->anchors);
	run_cache_clear(writer->runs);
	newest_boots_clear(writer->newest);
	bundle_forget(writer->view);
	/* The replica in memory may be ahead of what was rolled back. */
	if (writer->bindings_changed)
		bindings_load(writer, NULL);
	forget_batch(writer);
}

int counter_add(struct db *db, const char *name, int64_t add, struct err *err)
{
	struct query q;

	db_query(&q, db,
		"INSERT INTO counter(name, value) VALUES (?, ?)"
		" ON CONFLICT(name) DO UPDATE SET value = value + excluded.value");
	query_text(&q, name);
	query_number(&q, add);
	return query_run(&q, err);
}

int position_put(struct db *db, const char *name, int64_t a, int64_t b, struct err *err)
{
	struct query q;

	db_query(&q, db,
		"INSERT INTO position(name, a, b) VALUES (?, ?, ?)"
		" ON CONFLICT(name) DO UPDATE SET a = excluded.a, b = excluded.b");
	query_text(&q, name);
	query_number(&q, a);
	query_number(&q, b);
	return query_run(&q, err);
}

int position_get(struct db *db, const char *name, int64_t *ret_a, int64_t *ret_b, struct err *err)
{
	struct query q;
	int64_t a = 0, b = 0;
	int r;

	db_query(&q, db, "SELECT a, b FROM position WHERE name = ?");
	query_text(&q, name);
	if (query_next(&q) > 0) {
		a = query_get_number(&q, 0);
		b = query_get_number(&q, 1);
	}
	r = query_end(&q, err);
	if (r == 0) {
		*ret_a = a;
		*ret_b = b;
	}
	return r;
}
