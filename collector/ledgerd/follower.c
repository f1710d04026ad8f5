/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/follower.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ledgerd/board.h"
#include "collector/ledgerd/closer.h"
#include "collector/ledgerd/deriver.h"
#include "collector/ledgerd/feed.h"
#include "collector/ledgerd/imports.h"
#include "collector/ledgerd/notices.h"
#include "collector/ledgerd/view.h"
#include "collector/store/closed_month.h"
#include "collector/store/ledger_writer.h"
#include "collector/store/ledger_settlement.h"
#include "common/clock.h"
#include "common/log.h"

/* What waits goes into one transaction, so that a link is judged once for many of its slots: each
 * full one lets the next be twice as large. These bound its memory and its time. Live, there is
 * little and it ends with the journal. */
#define BATCH_RECORDS_FIRST 2000
#define BATCH_RECORDS_MAX 200000
#define BATCH_BYTES (64 * 1024 * 1024)
#define BATCH_US 2000000
#define PACK_RECORDS 1200 /* records taken for which a day of a link is packed: it keeps pace */
#define PACK_DAYS 8 /* in a batch without records: 20 ms */
#define WORK_US 200000 /* of a batch, for what is derived in the background */
#define REFILL_SLOTS 500 /* a batch, once a second when nothing else comes */
#define IDLE_MS 200 /* how soon a record is in the ledger when little comes */
#define TICK_US 1000000 /* silence, exclusions, the registry, the exporter's position */
#define RETRY_MS 2000 /* after a failure: a full disk needs a person anyway */

struct follower {
	struct desk *desk;
	struct feed *feed;
	struct imports *imports;
	struct ledger_writer *writer;
	struct view *view;
	struct board *board;
	struct deriver *deriver;
	struct notices *notices;
	struct closer *closer;
	uint64_t ticked_us;
	int64_t exported; /* in the ledger */
	bool refill; /* the exporter may be owed something */
	bool waits; /* something is still to be derived */
	bool full; /* the last batch left records behind */
	unsigned batch_records; /* how many the next one may take */
	bool packs; /* something is still to be packed */
	bool view_fresh; /* the ledger has not followed it yet */
	bool failing;
	pthread_t thread;
	bool started;
};

/* ---- one batch */

struct batch {
	struct seglog_pos end;
	unsigned records, most;
	size_t bytes;
	uint64_t began_us;
	int64_t exported;
	bool full; /* there is more to be taken */
	bool refill; /* the exporter is owed more */
	bool packs; /* there may be more to be packed */
	bool waits; /* there is more to be derived */
};

static int follow_registry(struct follower *follower, struct err *err)
{
	const struct registry_settlement *settlements;
	const struct registry_binding *bindings;
	size_t count, settled;
	int r;

	if (!follower->view_fresh)
		return 0;
	bindings = view_bindings(follower->view, &count);
	settlements = view_settlements(follower->view, &settled);
	r = ledger_follow(follower->writer, bindings, count, view_sequence(follower->view), err);
	if (r == 0)
		r = ledger_follow_settlements(follower->writer, settlements, settled, err);
	if (r == 0)
		r = deriver_follow(follower->deriver, follower->writer, err);
	return r;
}

static int take(struct follower *follower, const struct feed_record *waiting, struct err *err)
{
	struct journal_record record;
	int r = journal_record_decode(waiting->bytes, waiting->length, &record);

	if (r == 0)
		return ledger_take(follower->writer, &record, waiting->again, err);
	/* What no version of ours wrote must not stop the ledger for ever. */
	log_warn("ledger: a record of the journal cannot be read and is passed over: %s",
		strerror(-r));
	return 0;
}

static bool has_room(const struct batch *batch)
{
	return batch->records < batch->most && batch->bytes < BATCH_BYTES &&
		clock_boot_us() - batch->began_us < BATCH_US;
}

/* Imports are journals too; the agents' comes first. */
static int take_imports(struct follower *follower, struct batch *batch, struct err *err)
{
	struct item item;
	int r = 0;

	while (r == 0 && has_room(batch)) {
		r = imports_peek(follower->imports, &item, err);
		if (r <= 0)
			break;
		r = take(follower,
			&(struct feed_record){.bytes = item.bytes, .length = item.length}, err);
		if (r < 0)
			return r;
		batch->bytes += item.length;
		imports_next(follower->imports);
		batch->records++;
	}
	return r < 0 ? r : imports_put(follower->imports, follower->writer, err);
}

static int take_records(struct follower *follower, struct batch *batch, struct err *err)
{
	struct feed_record waiting;
	int r;

	while (has_room(batch)) {
		r = feed_peek(follower->feed, &waiting, err);
		if (r <= 0)
			return r;
		r = take(follower, &waiting, err);
		if (r < 0)
			return r;
		batch->bytes += waiting.length;
		feed_next(follower->feed);
		batch->records++;
		if (!waiting.again)
			batch->end = waiting.after;
	}
	batch->full = true;
	return 0;
}

static int touch(void *arg, const struct ledger_span *span)
{
	board_touch(arg, span->link, &(struct span){span->from_s, span->to_s});
	return 0;
}

/* Before anything is taken: what an exporter missed is said again, and judged again to say its
 * states; without one, nobody is told of slots. */
static int refill(struct follower *follower, struct batch *batch, struct err *err)
{
	struct desk_export export;

	desk_get_export(follower->desk, &export);
	if (!export.on)
		return ledger_put_unread(follower->writer, err);
	return ledger_refill(follower->writer, REFILL_SLOTS, &batch->refill, err);
}

/* Without an exporter nobody waits for what comes. */
static int serve_exporter(struct follower *follower, struct batch *batch, struct err *err)
{
	struct desk_export export;
	int r = 0;

	desk_get_export(follower->desk, &export);
	if (!export.on)
		return batch->records ? ledger_put_unread(follower->writer, err) : 0;
	batch->exported = export.position;
	if (export.position > follower->exported)
		r = ledger_put_exported(follower->writer, export.position, err);
	return r;
}

static int pack(struct follower *follower, struct batch *batch, struct err *err)
{
	int days = batch->records ? (int)(1 + batch->records / PACK_RECORDS) : PACK_DAYS;

	return ledger_pack(follower->writer, clock_utc_us(), days, &batch->packs, err);
}

static int derive(struct follower *follower, struct batch *batch, struct err *err)
{
	struct deriver_turn turn = {.now_s = clock_utc_us() / 1000000, .budget_us = WORK_US};
	struct feed_record waiting;
	int r = feed_peek(follower->feed, &waiting, err);

	if (r < 0)
		return r;
	turn.caught_up = r == 0;
	return deriver_work(follower->deriver, follower->writer, &turn, &batch->waits, err);
}

static int fill_batch(struct follower *follower, struct batch *batch, struct err *err)
{
	struct ledger_writer *writer = follower->writer;
	int r = refill(follower, batch, err);

	if (r == 0)
		r = follow_registry(follower, err);
	if (r == 0)
		r = take_records(follower, batch, err);
	if (r == 0)
		r = take_imports(follower, batch, err);
	if (r == 0)
		r = ledger_settle(writer, err);
	if (r == 0)
		r = closed_month_touch(writer, clock_utc_us() / 1000000, err);
	if (r == 0) {
		ledger_touched(writer, touch, follower->board);
		r = board_write(follower->board, writer, follower->view, clock_utc_us(), err);
	}
	if (r == 0)
		r = serve_exporter(follower, batch, err);
	if (r == 0)
		r = derive(follower, batch, err);
	if (r == 0)
		r = pack(follower, batch, err);
	return r == 0 ? ledger_commit(writer, batch->end, err) : r;
}

/* Everything that waits, in one transaction. Returns the records taken. */
static int run_batch(struct follower *follower, struct err *err)
{
	struct batch batch = {
		.end = feed_cursor(follower->feed),
		.most = follower->batch_records,
		.began_us = clock_boot_us(),
		.exported = follower->exported,
	};
	int r = ledger_begin(follower->writer, err);

	if (r < 0)
		return r;
	r = fill_batch(follower, &batch, err);
	if (r < 0) {
		ledger_rollback(follower->writer);
		board_rollback(follower->board);
		deriver_rollback(follower->deriver);
		feed_back(follower->feed);
		imports_back(follower->imports);
		return r;
	}
	feed_commit(follower->feed, batch.end);
	imports_commit(follower->imports);
	follower->view_fresh = false;
	follower->refill = batch.refill;
	follower->waits = batch.waits;
	follower->full = batch.full;
	if (!batch.full)
		follower->batch_records = BATCH_RECORDS_FIRST;
	else if (follower->batch_records < BATCH_RECORDS_MAX)
		follower->batch_records *= 2;
	follower->packs = batch.packs;
	if (batch.exported > follower->exported)
		follower->exported = batch.exported;
	board_commit(follower->board, follower->view);
	if (batch.records)
		notices_expect(follower->notices);
	if (batch.records)
		log_debug("ledger: %u records, %" PRIu64 " ms", batch.records,
			(clock_boot_us() - batch.began_us) / 1000);
	return (int)batch.records;
}

/* ---- the loop */

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
	if (r == 0)
		r = notices_step(
			follower->notices, ledger_writer_view(follower->writer), at_us, err);
	if (r == 0)
		r = imports_follow(follower->imports, ledger_writer_view(follower->writer), err);
	if (r == 0 && !follower->packs)
		r = ledger_pack_look(follower->writer, clock_utc_us(), &follower->packs, err);
	if (r < 0)
		return r;
	desk_get_export(follower->desk, &export);
	*ret_wanted = follower->view_fresh || (export.on && follower->refill) ||
		(export.on && export.position > follower->exported) ||
		board_wants(follower->board, follower->view, clock_utc_us());
	return 0;
}

/* Returns the records taken; 0: nothing waits. */
static int step(struct follower *follower, struct err *err)
{
	struct feed_record waiting;
	bool wanted = false;
	int closed, r = tick(follower, &wanted, err);

	if (r == 0)
		r = feed_peek(follower->feed, &waiting, err);
	if (r < 0)
		return r;
	wanted |= follower->waits || follower->packs || imports_wait(follower->imports);
	r = r || wanted ? run_batch(follower, err) : 0;
	if (r < 0)
		return r;
	closed = closer_step(follower->closer, follower->writer,
		&(struct closer_now){follower->feed, follower->imports, follower->view}, err);
	return closed < 0 ? closed : r;
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

/* A full batch has more behind it: no wait; nor while something is still to be derived. */
static unsigned wait_ms_after(const struct follower *follower, int result)
{
	if (result < 0)
		return RETRY_MS;
	return follower->full || follower->waits || follower->packs ? 0 : IDLE_MS;
}

static void *run(void *arg)
{
	struct follower *follower = arg;
	struct err err = {0};
	bool stop = false;

	while (!stop) {
		int r = step(follower, &err);
		if (r >= 0) {
			int told = feed_tell(follower->feed, false, &err);
			r = told < 0 ? told : r;
		}
		report(follower, r, &err);
		stop = desk_wait_ms(follower->desk, wait_ms_after(follower, r));
	}
	/* what the exporter took last, and how far we are */
	if (run_batch(follower, &err) < 0 || feed_tell(follower->feed, true, &err) < 0)
		log_error("ledger: at its end: %s", err.text);
	return NULL;
}

/* ---- life */

static int load(struct follower *follower, const char *state, struct err *err)
{
	struct ledger_db *db = ledger_writer_view(follower->writer);
	struct ledger_counts counts;
	int r = ledger_counts(db, &counts, err);

	if (r == 0)
		r = ledger_exported(follower->writer, &follower->exported, err);
	if (r == 0)
		r = board_follow(follower->board, follower->view, err);
	if (r == 0)
		r = notices_look(follower->notices, db, err);
	if (r == 0)
		r = feed_new(state, counts.cursor, &follower->feed, err);
	if (r == 0)
		r = imports_new(state, &follower->imports, err);
	if (r == 0)
		r = imports_follow(follower->imports, db, err);
	if (r < 0)
		return r;
	desk_put_export(follower->desk, &(struct desk_export){.position = follower->exported});
	follower->refill = follower->waits = true;
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
	follower->batch_records = BATCH_RECORDS_FIRST;
	follower->board = board_new();
	r = follower->board ? notices_new(&follower->notices) : -ENOMEM;
	if (r < 0)
		err_errno(err, r, "%s", state);
	else
		r = view_open(state, &follower->view, err);
	if (r == 0) {
		follower->deriver = deriver_new(follower->view);
		r = follower->deriver ? 0 : err_errno(err, -ENOMEM, "%s", state);
	}
	if (r == 0)
		r = closer_new(state, &follower->closer, err);
	if (r == 0)
		r = ledger_writer_open(state, &follower->writer, err);
	if (r == 0)
		r = load(follower, state, err);
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
	feed_free(follower->feed);
	imports_free(follower->imports);
	ledger_writer_close(follower->writer);
	view_close(follower->view);
	closer_free(follower->closer);
	notices_free(follower->notices);
	deriver_free(follower->deriver);
	board_free(follower->board);
	free(follower);
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
