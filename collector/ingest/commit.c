/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/commit.h"

#include <errno.h>
#include <stdlib.h>

#include "common/clock.h"
#include "common/log.h"

/* One go of the worker: what goes in is set before, what comes out is read after. */
struct go {
	struct seglog_pos cursor;
	int64_t now_utc_us;
	bool trim;
	int result, trim_result;
	struct err err;
	struct journal_stats stats;
};

struct commit {
	struct journal *journal;
	struct commit_events events;
	struct batch batches[2];
	struct batch *filling, *flying; /* flying NULL: there is none, not even one to try again */
	bool busy; /* the worker has the journal and the flying batch */
	bool failing, draining, drained, closing;
	uint64_t failing_since_ms, trimmed_ms, launched_ms;
	struct seglog_pos cursor;
	struct err trouble;
	struct journal_stats stats;
	uv_loop_t *loop;
	uv_check_t gather; /* after all sockets of a turn were read */
	uv_timer_t timer; /* launches: the pace, or another try */
	uv_work_t work;
	struct go go;
};

/* ---- on the worker */

static void on_work(uv_work_t *work)
{
	struct commit *commit = work->data;
	struct journal *journal = commit->journal;
	struct go *go = &commit->go;

	journal_set_cursor(journal, go->cursor);
	/* First: it may make the room that the batch needs. */
	go->trim_result = go->trim ? journal_trim(journal, go->now_utc_us) : 0;
	if (commit->flying->count > 0)
		go->result = journal_write(journal, commit->flying, &go->err);
	else
		go->result = journal_check_space(journal, 0, &go->err);
	go->stats = journal_stats(journal);
}

/* ---- on the loop */

static void begin_trouble(struct commit *commit)
{
	commit->trouble = commit->go.err;
	if (!commit->failing) {
		commit->failing = true;
		commit->failing_since_ms = uv_now(commit->loop);
		log_error("cannot write: %s; nothing is acknowledged until it can",
			commit->trouble.text);
	}
}

static void end_trouble(struct commit *commit)
{
	if (!commit->failing)
		return;
	commit->failing = false;
	log_info("writes again after %llu s",
		(unsigned long long)(uv_now(commit->loop) - commit->failing_since_ms) / 1000);
}

static void finish_drain(struct commit *commit)
{
	size_t lost = commit->filling->count + (commit->flying ? commit->flying->count : 0);

	if (commit->drained)
		return;
	commit->drained = true;
	commit->events.drained(commit->events.arg, lost);
}

static void launch(struct commit *commit);

static void on_timer(uv_timer_t *timer)
{
	launch(timer->data);
}

static void after_work(uv_work_t *work, int status)
{
	struct commit *commit = work->data;
	struct batch *batch = commit->flying;

	commit->busy = false;
	commit->stats = commit->go.stats;
	if (commit->go.trim_result < 0)
		log_warn("old journal segments cannot be deleted: %s",
			uv_strerror(commit->go.trim_result));
	if (commit->go.result < 0) {
		begin_trouble(commit);
		if (!commit->draining)
			uv_timer_start(&commit->timer, on_timer, COMMIT_RETRY_MS, 0);
	} else {
		end_trouble(commit);
		commit->flying = NULL;
		if (batch->count > 0)
			commit->events.durable(commit->events.arg, batch);
		batch_clear(batch);
	}
	commit->events.moved(commit->events.arg);
	if (commit->draining && commit->failing)
		finish_drain(commit);
	else if (commit->draining && commit->filling->count == 0)
		finish_drain(commit);
	else if (commit->draining)
		launch(commit);
}

/* Sends the flying batch off: the one to try again, or what has gathered, be it nothing. */
static void launch(struct commit *commit)
{
	uint64_t now_ms = uv_now(commit->loop);

	if (commit->busy)
		return;
	if (!commit->flying) {
		commit->flying = commit->filling;
		commit->filling = &commit->batches[commit->flying == &commit->batches[0]];
	}
	commit->launched_ms = now_ms;
	commit->go = (struct go){.cursor = commit->cursor, .now_utc_us = clock_utc_us()};
	/* while nothing can be written: it may be what is in the way */
	commit->go.trim = commit->failing || now_ms - commit->trimmed_ms >= COMMIT_TRIM_S * 1000;
	if (commit->go.trim)
		commit->trimmed_ms = now_ms;
	commit->busy = uv_queue_work(commit->loop, &commit->work, on_work, after_work) == 0;
}

static void on_gather(uv_check_t *gather)
{
	struct commit *commit = gather->data;
	uint64_t since_ms = uv_now(commit->loop) - commit->launched_ms;

	if (commit->busy || commit->failing || commit->filling->count == 0)
		return;
	if (since_ms >= COMMIT_PACE_MS || batch_size(commit->filling) >= BATCH_BYTES_EAGER)
		launch(commit);
	else if (!uv_is_active((uv_handle_t *)&commit->timer))
		uv_timer_start(&commit->timer, on_timer, COMMIT_PACE_MS - since_ms, 0);
}

int commit_new(uv_loop_t *loop, struct journal *journal, const struct commit_events *events,
	struct commit **ret_commit)
{
	struct commit *commit = calloc(1, sizeof(*commit));

	if (!commit)
		return -ENOMEM;
	commit->loop = loop;
	commit->journal = journal;
	commit->events = *events;
	commit->stats = journal_stats(journal);
	commit->trimmed_ms = uv_now(loop);
	batch_init(&commit->batches[0]);
	batch_init(&commit->batches[1]);
	commit->filling = &commit->batches[0];
	uv_check_init(loop, &commit->gather);
	uv_timer_init(loop, &commit->timer);
	commit->gather.data = commit->timer.data = commit->work.data = commit;
	uv_check_start(&commit->gather, on_gather);
	*ret_commit = commit;
	return 0;
}

int commit_add(
	struct commit *commit, struct batch_entry *entry, const struct journal_record *record)
{
	return batch_add(commit->filling, entry, record);
}

bool commit_full(const struct commit *commit)
{
	size_t size = batch_size(commit->filling);

	if (commit->flying && commit->failing)
		size += batch_size(commit->flying);
	return size >= BATCH_BYTES_FULL;
}

void commit_tick(struct commit *commit, struct seglog_pos cursor)
{
	commit->cursor = cursor;
	if (!commit->busy && !commit->failing && !commit->draining)
		launch(commit);
}

const char *commit_trouble(const struct commit *commit)
{
	return commit->failing ? commit->trouble.text : NULL;
}

struct journal_stats commit_stats(const struct commit *commit)
{
	return commit->stats;
}

void commit_drain(struct commit *commit)
{
	commit->draining = true;
	uv_timer_stop(&commit->timer);
	uv_check_stop(&commit->gather);
	if (commit->busy)
		return;
	if (commit->filling->count > 0 || commit->flying)
		launch(commit);
	if (!commit->busy)
		finish_drain(commit);
}

void commit_close(struct commit *commit)
{
	if (!commit || commit->closing)
		return;
	commit->closing = true;
	uv_close((uv_handle_t *)&commit->gather, NULL);
	uv_close((uv_handle_t *)&commit->timer, NULL);
}

void commit_free(struct commit *commit)
{
	if (!commit)
		return;
	batch_done(&commit->batches[0]);
	batch_done(&commit->batches[1]);
	free(commit);
}
