/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/follower.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ledgerd/board.h"
#include "collector/ledgerd/view.h"
#include "collector/store/ledger_writer.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/log.h"

#define JOURNAL_FOLDER "journal"
#define CURSOR_MODE 0644

#define BATCH_RECORDS 2000 /* 40 ms of work: a reader never waits longer for a fresh answer */
#define BATCH_US 500000
#define IDLE_MS 200 /* how soon a record is in the ledger when little comes */
#define TICK_US 1000000 /* silence, exclusions, the registry, the exporter's position */
#define CURSOR_US 1000000 /* the cursor's file only tells ingest what it may trim */
#define RETRY_MS 2000 /* after a failure: a full disk needs a person anyway */

struct follower {
	char *state;
	struct desk *desk;
	struct ledger_writer *writer;
	struct view *view;
	struct board *board;
	struct seglog_reader *reader; /* NULL: to be opened */
	struct waiting { /* read, not yet taken; borrowed from the reader */
		bool there;
		const uint8_t *bytes;
		size_t length;
		struct seglog_pos after;
	} waiting;
	struct seglog_pos cursor; /* in the ledger */
	struct seglog_pos told; /* in the cursor's file */
	uint64_t told_us, ticked_us, damaged;
	int64_t exported; /* in the ledger */
	bool view_fresh; /* the ledger has not followed it yet */
	bool failing;
	pthread_t thread;
	bool started;
};

/* ---- one batch */

struct batch {
	struct seglog_pos end;
	unsigned records;
	uint64_t began_us;
};

static int follow_registry(struct follower *follower, struct err *err)
{
	const struct registry_binding *bindings;
	size_t count;

	if (!follower->view_fresh)
		return 0;
	bindings = view_bindings(follower->view, &count);
	return ledger_follow(follower->writer, bindings, count, view_sequence(follower->view), err);
}

/* 1: follower->waiting is there, 0: the journal has no more for now. */
static int peek(struct follower *follower, struct err *err)
{
	struct waiting *waiting = &follower->waiting;
	int got;

	if (waiting->there)
		return 1;
	got = seglog_read(follower->reader, &waiting->bytes, &waiting->length, &waiting->after);
	if (got < 0)
		return err_errno(err, got, "%s/" JOURNAL_FOLDER, follower->state);
	waiting->there = got > 0;
	return got;
}

static int take(struct follower *follower, struct batch *batch, struct err *err)
{
	struct waiting *waiting = &follower->waiting;
	bool again = seglog_pos_compare(waiting->after, follower->cursor) <= 0;
	struct journal_record record;
	int r = journal_record_decode(waiting->bytes, waiting->length, &record);

	/* What no version of ours wrote must not stop the ledger for ever. */
	if (r < 0)
		log_warn("ledger: a record of the journal cannot be read and is passed over: %s",
			strerror(-r));
	else
		r = ledger_take(follower->writer, &record, again, err);
	if (r < 0 && r != -EBADMSG && r != -EPROTONOSUPPORT)
		return r;
	waiting->there = false;
	batch->records++;
	if (!again)
		batch->end = waiting->after;
	return 0;
}

static int take_records(struct follower *follower, struct batch *batch, struct err *err)
{
	int r = 0;

	while (r == 0 && batch->records < BATCH_RECORDS &&
		clock_boot_us() - batch->began_us < BATCH_US) {
		r = peek(follower, err);
		if (r <= 0)
			return r;
		r = take(follower, batch, err);
	}
	return r;
}

static int touch(void *arg, int64_t link, int64_t from_s)
{
	board_touch(arg, link, from_s);
	return 0;
}

static int put_exported(
	struct follower *follower, bool records, int64_t *ret_position, struct err *err)
{
	struct desk_export export;

	desk_get_export(follower->desk, &export);
	/* without an exporter nobody waits for what comes: it counts as taken */
	if (!export.on)
		return records ? ledger_put_exported(follower->writer, INT64_MAX, err) : 0;
	*ret_position = export.position;
	if (export.position <= follower->exported)
		return 0;
	return ledger_put_exported(follower->writer, export.position, err);
}

static int fill_batch(
	struct follower *follower, struct batch *batch, int64_t *ret_exported, struct err *err)
{
	struct ledger_writer *writer = follower->writer;
	int r = follow_registry(follower, err);

	if (r == 0 && follower->reader)
		r = take_records(follower, batch, err);
	if (r == 0)
		r = ledger_settle(writer, err);
	if (r == 0) {
		ledger_touched(writer, touch, follower->board);
		r = board_write(follower->board, writer, follower->view, clock_utc_us(), err);
	}
	if (r == 0)
		r = put_exported(follower, batch->records > 0, ret_exported, err);
	return r == 0 ? ledger_commit(writer, batch->end, err) : r;
}

static void close_journal(struct follower *follower)
{
	seglog_reader_close(follower->reader);
	follower->reader = NULL;
	follower->waiting.there = false;
}

/* Everything that waits, in one transaction. Returns the records taken. */
static int run_batch(struct follower *follower, struct err *err)
{
	struct batch batch = {.end = follower->cursor, .began_us = clock_boot_us()};
	int64_t exported = follower->exported;
	int r = ledger_begin(follower->writer, err);

	if (r < 0)
		return r;
	r = fill_batch(follower, &batch, &exported, err);
	if (r < 0) {
		ledger_rollback(follower->writer);
		board_rollback(follower->board);
		close_journal(follower); /* what was read of it must be read again */
		return r;
	}
	follower->cursor = batch.end;
	follower->view_fresh = false;
	if (exported > follower->exported)
		follower->exported = exported;
	board_commit(follower->board, follower->view);
	if (batch.records)
		log_debug("ledger: %u records, %" PRIu64 " ms", batch.records,
			(clock_boot_us() - batch.began_us) / 1000);
	return (int)batch.records;
}

/* ---- the loop */

/* After a restore the journal may be a new one, whose numbers begin again: then our place in the old
 * one says nothing, and what we have already is passed over by its key. */
static int check_cursor(struct follower *follower, const char *path)
{
	uint64_t newest;
	int r = seglog_newest(path, &newest);

	if (r < 0 || newest >= follower->cursor.segment)
		return r;
	log_warn("ledger: the journal ends at segment %" PRIu64 ", the ledger had read to %" PRIu64
		 " of another one: it is read from its beginning",
		newest, follower->cursor.segment);
	follower->cursor = (struct seglog_pos){0, 0};
	return 0;
}

/*
 * From the beginning of the cursor's segment: what a power cut took from the journal's end after we
 * had read it will be sent again, and may now lie before the cursor. Whatever we have is passed over
 * by its key.
 */
static int open_journal(struct follower *follower, struct err *err)
{
	struct seglog_pos from;
	char path[PATH_MAX];
	int r;

	if (follower->reader)
		return 0;
	r = file_join(path, sizeof(path), follower->state, JOURNAL_FOLDER);
	if (r < 0)
		return err_errno(err, r, "%s", follower->state);
	r = check_cursor(follower, path);
	if (r < 0)
		return err_errno(err, r, "%s", path);
	from = (struct seglog_pos){.segment = follower->cursor.segment};
	return seglog_reader_open(path, from, &follower->reader, err);
}

static void note_damage(struct follower *follower)
{
	uint64_t damaged = follower->reader ? seglog_reader_damaged(follower->reader) : 0;

	if (damaged > follower->damaged)
		log_error("ledger: passed over %" PRIu64 " damaged places of the journal",
			damaged - follower->damaged);
	follower->damaged = damaged;
}

/* Tells ingest what it may trim. Never ahead of what is committed. */
static int tell_cursor(struct follower *follower, bool now, struct err *err)
{
	char path[PATH_MAX], text[64];
	uint64_t at_us = clock_boot_us();
	int r;

	if (!seglog_pos_compare(follower->cursor, follower->told) ||
		(!now && at_us - follower->told_us < CURSOR_US))
		return 0;
	r = snprintf(path, sizeof(path), "%s/" JOURNAL_FOLDER "/ledger.cursor", follower->state);
	if (r < 0 || (size_t)r >= sizeof(path))
		return err_errno(err, -ENAMETOOLONG, "%s", follower->state);
	snprintf(text, sizeof(text), "%" PRIu64 " %" PRIu64 "\n", follower->cursor.segment,
		follower->cursor.record);
	r = file_replace(path, text, strlen(text), CURSOR_MODE, err);
	if (r < 0)
		return r;
	follower->told = follower->cursor;
	follower->told_us = at_us;
	return 0;
}

static int refresh_view(struct follower *follower, struct err *err)
{
	int r = view_refresh(follower->view, err);

	if (r <= 0)
		return r;
	follower->view_fresh = true;
	return board_follow(follower->board, follower->view, err);
}

/* Once a second, whether records come or not. *ret_wanted: a batch must run although none came. */
static int tick(struct follower *follower, bool *ret_wanted, struct err *err)
{
	uint64_t at_us = clock_boot_us();
	struct desk_export export;
	int r;

	if (at_us - follower->ticked_us < TICK_US)
		return 0;
	follower->ticked_us = at_us;
	r = refresh_view(follower, err);
	if (r < 0)
		return r;
	desk_get_export(follower->desk, &export);
	*ret_wanted = follower->view_fresh || (export.on && export.position > follower->exported) ||
		board_wants(follower->board, follower->view, clock_utc_us());
	return 0;
}

/* Returns the records taken; 0: nothing waits. */
static int step(struct follower *follower, struct err *err)
{
	bool wanted = false;
	int r = tick(follower, &wanted, err);

	if (r == 0)
		r = open_journal(follower, err);
	if (r == 0)
		r = peek(follower, err);
	if (r < 0)
		return r;
	if (r || wanted)
		r = run_batch(follower, err);
	note_damage(follower);
	return r;
}

/* One line when it begins to fail, one when it goes on; in between the status says why. */
static void report(struct follower *follower, int result, const struct err *err)
{
	if (result < 0) {
		if (!follower->failing)
			log_error("ledger: stands still: %s", err->text);
		desk_put_fault(follower->desk, err->text);
	} else if (follower->failing) {
		log_info("ledger: goes on");
		desk_put_fault(follower->desk, "");
	}
	follower->failing = result < 0;
}

static void *run(void *arg)
{
	struct follower *follower = arg;
	struct err err = {0};
	bool stop = false;

	while (!stop) {
		int r = step(follower, &err);
		if (r >= 0) {
			int told = tell_cursor(follower, false, &err);
			r = told < 0 ? told : r;
		}
		report(follower, r, &err);
		stop = desk_wait_ms(follower->desk,
			r < 0                       ? RETRY_MS
				: r < BATCH_RECORDS ? IDLE_MS
						    : 0);
	}
	/* what the exporter took last, and how far we are */
	if (run_batch(follower, &err) < 0 || tell_cursor(follower, true, &err) < 0)
		log_error("ledger: at its end: %s", err.text);
	return NULL;
}

/* ---- life */

static int load(struct follower *follower, struct err *err)
{
	struct ledger_db *db = ledger_writer_view(follower->writer);
	struct ledger_counts counts;
	int r = ledger_counts(db, &counts, err);

	if (r == 0)
		r = ledger_exported(follower->writer, &follower->exported, err);
	if (r == 0)
		r = board_follow(follower->board, follower->view, err);
	if (r < 0)
		return r;
	follower->cursor = counts.cursor;
	follower->view_fresh = counts.registry_sequence != view_sequence(follower->view);
	return board_load(follower->board, db, !follower->view_fresh, err);
}

int follower_new(
	const char *state, struct desk *desk, struct follower **ret_follower, struct err *err)
{
	struct follower *follower = calloc(1, sizeof(*follower));
	int r;

	if (!follower)
		return err_errno(err, -ENOMEM, "%s", state);
	follower->desk = desk;
	follower->state = strdup(state);
	follower->board = board_new();
	if (follower->state && follower->board)
		r = view_open(state, &follower->view, err);
	else
		r = err_errno(err, -ENOMEM, "%s", state);
	if (r == 0)
		r = ledger_writer_open(state, &follower->writer, err);
	if (r == 0)
		r = load(follower, err);
	if (r < 0) {
		follower_free(follower);
		return r;
	}
	*ret_follower = follower;
	return 0;
}

void follower_free(struct follower *follower)
{
	if (!follower)
		return;
	close_journal(follower);
	ledger_writer_close(follower->writer);
	view_close(follower->view);
	board_free(follower->board);
	free(follower->state);
	free(follower);
}

int64_t follower_exported(const struct follower *follower)
{
	return follower->exported;
}

int follower_start(struct follower *follower, struct err *err)
{
	int r = pthread_create(&follower->thread, NULL, run, follower);

	if (r)
		return err_errno(err, -r, "thread of the ledger");
	follower->started = true;
	return 0;
}

void follower_join(struct follower *follower)
{
	if (follower && follower->started)
		pthread_join(follower->thread, NULL);
}
