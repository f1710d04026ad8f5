/* SPDX-License-Identifier: Apache-2.0 */
/* One batch of the follower. */
#include <inttypes.h>
#include <string.h>

#include "collector/ledgerd/follower.h"
#include "collector/ledgerd/follower.h"
#include "collector/ledgerd/follower_private.h"
#include "collector/store/closed_month.h"
#include "collector/store/ledger_settlement.h"
#include "common/clock.h"
#include "common/log.h"

#define BATCH_US 2000000
#define PACK_RECORDS 1200 /* records taken for which a day of a link is packed: it keeps pace */
#define PACK_DAYS 8 /* in a batch without records: 20 ms */
#define WORK_US 200000 /* of a batch, for what is derived in the background */
#define REFILL_SLOTS 500 /* a batch, once a second when nothing else comes */

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

int follower_take(struct follower *follower, const struct feed_record *waiting, struct err *err)
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
	return batch->records < batch->most && batch->bytes < batch->most_bytes &&
		clock_boot_us() - batch->began_us < BATCH_US;
}

static int take_salvaged(void *arg, const struct journal_record *record, bool beside)
{
	struct follower *follower = arg;
	struct err err = {0};
	int r = ledger_take_salvaged(follower->writer, record, beside, &err);

	if (r < 0)
		log_error("ledger: %s", err.text);
	return r;
}

/* What a damaged ledger had, which the outbox knows. */
static int mend(struct follower *follower, struct batch *batch, struct err *err)
{
	struct feed_record waiting;
	struct journal_record next;
	int r = feed_peek(follower->feed, &waiting, err);
	struct mender_turn turn = {.records = BATCH_RECORDS_FIRST * 10,
		.caught_up = r == 0 || (r > 0 && !mender_knows(follower->mender, waiting.after)),
		.take = take_salvaged,
		.arg = follower};

	if (r < 0)
		return r;
	if (r > 0 && journal_record_decode(waiting.bytes, waiting.length, &next) == 0)
		turn.journal_s = next.received_utc_us / 1000000;
	ledger_hush(follower->writer);
	r = mender_step(follower->mender, follower->writer, &turn, err);
	batch->full = mender_works(follower->mender);
	batch->records += r > 0 ? (unsigned)r : 0;
	return r < 0 ? r : 0;
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
		r = follower_take(follower,
			&(struct feed_record){.bytes = item.bytes, .length = item.length}, err);
		if (r < 0)
			return r;
		batch->bytes += item.length;
		imports_next(follower->imports);
		batch->records++;
	}
	return r < 0 ? r : imports_put(follower->imports, follower->writer, err);
}

/* What comes, one record after the other. */
static int take_run(struct follower *follower, struct batch *batch, struct err *err)
{
	struct feed_record waiting;
	bool hushed = false;
	int r;

	while (has_room(batch)) {
		r = feed_peek(follower->feed, &waiting, err);
		if (r <= 0)
			return r;
		if (batch->lot.parts && !waiting.again) /* that is the lot's */
			break;
		/* a batch tells the outbox of all its records, or of none */
		if (batch->records && hushed != mender_knows(follower->mender, waiting.after))
			break;
		hushed = mender_knows(follower->mender, waiting.after);
		if (hushed)
			ledger_hush(follower->writer);
		r = follower_take(follower, &waiting, err);
		if (r < 0)
			return r;
		batch->bytes += waiting.length;
		feed_next(follower->feed);
		batch->records++;
		if (!waiting.again)
			batch->end = waiting.after;
	}
	batch->full = true;
	/* as much lies there as memory holds at once: the next comes link by link */
	batch->lots = batch->bytes >= batch->most_bytes && !waiting.again;
	return 0;
}

static int take_records(struct follower *follower, struct batch *batch, struct err *err)
{
	int r = lot_look(follower, batch, err);

	if (r < 0)
		return r;
	return r ? lot_take(follower, batch, err) : take_run(follower, batch, err);
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
	return r < 0 ? r : ledger_cap_outbox(follower->writer, export.rows_max, err);
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

	if (r < 0 || mender_works(follower->mender))
		return r < 0 ? r : 0; /* what half of the facts say would be said again */
	turn.caught_up = r == 0;
	r = deriver_work(follower->deriver, follower->writer, &turn, &batch->waits, err);
	if (r < 0 || batch->waits || !turn.caught_up)
		return r;
	return forgetter_work(
		follower->forgetter, follower->writer, turn.now_s, &batch->waits, err);
}

static int take_all(struct follower *follower, struct batch *batch, struct err *err)
{
	int r;

	if (batch->mends)
		return mend(follower, batch, err);
	r = mender_look(follower->mender, follower->writer, err);
	if (r == 0)
		r = take_records(follower, batch, err);
	return r < 0 ? r : take_imports(follower, batch, err);
}

static int fill_batch(struct follower *follower, struct batch *batch, struct err *err)
{
	struct ledger_writer *writer = follower->writer;
	int r = refill(follower, batch, err);

	if (r == 0)
		r = follow_registry(follower, err);
	if (r == 0)
		r = take_all(follower, batch, err);
	if (r == 0)
		r = ledger_settle(writer, err);
	if (r == 0)
		r = closed_month_touch(writer, clock_utc_us() / 1000000, err);
	if (r == 0) {
		ledger_touched(writer, touch, follower->board);
		r = board_write(follower->board, writer, follower->view, clock_utc_us(), err);
	}
	if (r == 0)
		r = ears_write(follower->ears, writer, err);
	if (r == 0)
		r = serve_exporter(follower, batch, err);
	if (r == 0)
		r = derive(follower, batch, err);
	if (r == 0)
		r = pack(follower, batch, err);
	if (r == 0)
		r = lot_write(follower, batch, err);
	return r == 0 ? ledger_commit(writer, batch->end, err) : r;
}

static void go_back(struct follower *follower)
{
	ledger_rollback(follower->writer);
	board_rollback(follower->board);
	deriver_rollback(follower->deriver);
	forgetter_rollback(follower->forgetter);
	feed_back(follower->feed);
	imports_back(follower->imports);
	mender_rollback(follower->mender);
}

int follower_batch(struct follower *follower, struct err *err)
{
	struct batch batch = {
		.end = feed_cursor(follower->feed),
		.most = follower->batch_records,
		.most_bytes = lot_bytes(follower) < LOT_PART_BYTES ? lot_bytes(follower)
								   : LOT_PART_BYTES,
		.lot = follower->lot,
		.began_us = clock_boot_us(),
		.exported = follower->exported,
		.mends = mender_turn(follower->mender),
	};
	int r = ledger_begin(follower->writer, err);

	if (r < 0)
		return r;
	r = fill_batch(follower, &batch, err);
	if (r < 0) {
		go_back(follower);
		return r;
	}
	feed_commit(follower->feed, batch.end);
	imports_commit(follower->imports);
	mender_commit(follower->mender);
	ears_commit(follower->ears);
	follower->view_fresh = false;
	follower->refill = batch.refill;
	follower->waits = batch.waits;
	follower->full = batch.full;
	follower->lot = batch.lot;
	follower->lots = batch.lots;
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
