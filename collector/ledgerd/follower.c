/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/follower.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ledgerd/follower_private.h"
#include "collector/store/registry_copies.h"
#include "common/clock.h"
#include "common/log.h"

#define IDLE_MS 200 /* how soon a record is in the ledger when little comes */
#define TICK_US 1000000 /* silence, exclusions, the registry, the exporter's position */
#define COPY_US 60000000 /* between two copies of the registry */
#define COPY_AGAIN_US (24 * 3600 * 1000000ULL)
#define RETRY_MS 2000 /* after a failure: a full disk needs a person anyway */

static int refresh_view(struct follower *follower, struct err *err)
{
	int r = view_refresh(follower->view, err);

	if (r <= 0)
		return r;
	follower->view_fresh = true;
	return board_follow(follower->board, follower->view, err);
}

/* A minute after a change, and once a day: what is damaged is found, too. No reason to stop. */
static void copy_registry(struct follower *follower)
{
	uint64_t at_us = clock_boot_us(), since_us = at_us - follower->copied_us;
	int64_t sequence = view_sequence(follower->view);
	struct err err = {0};

	if (since_us < COPY_US || (sequence == follower->copied && since_us < COPY_AGAIN_US))
		return;
	follower->copied_us = at_us;
	follower->copied = sequence;
	if (registry_copy(follower->state, clock_utc_us() / 1000000, &err) < 0)
		log_error("no copy of the registry can be made: %s", err.text);
}

static void listen(struct follower *follower)
{
	const struct own_outage *outages;
	size_t count;

	follower->hears = ears_look(follower->ears);
	outages = ears_outages(follower->ears, &count);
	board_excuse(follower->board, outages, count);
}

/* What a second may have changed beside the records. */
static int look_around(struct follower *follower, uint64_t at_us, struct err *err)
{
	int r = ledger_writer_look(follower->writer, at_us, err);

	if (r == 0)
		r = refresh_view(follower, err);
	if (r == 0)
		r = notices_step(
			follower->notices, ledger_writer_view(follower->writer), at_us, err);
	if (r == 0)
		r = imports_follow(follower->imports, ledger_writer_view(follower->writer), err);
	if (r < 0)
		return r;
	listen(follower);
	copy_registry(follower);
	return follower->packs
		? 0
		: ledger_pack_look(follower->writer, clock_utc_us(), &follower->packs, err);
}

static bool export_wants(const struct follower *follower)
{
	struct desk_export export;

	desk_get_export(follower->desk, &export);
	return export.on && (follower->refill || export.position > follower->exported);
}

/* Once a second, whether records come or not. *ret_wanted: a batch must run although none came. */
static int tick(struct follower *follower, bool *ret_wanted, struct err *err)
{
	uint64_t at_us = clock_boot_us();
	int r;

	if (at_us - follower->ticked_us < TICK_US)
		return 0;
	follower->ticked_us = at_us;
	r = look_around(follower, at_us, err);
	if (r < 0)
		return r;
	*ret_wanted = follower->view_fresh || export_wants(follower) ||
		board_wants(follower->board, follower->view, clock_utc_us()) ||
		forgetter_wants(follower->forgetter, clock_utc_us() / 1000000);
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
	wanted |= follower->waits || follower->packs || imports_wait(follower->imports) ||
		mender_works(follower->mender) || mender_tells(follower->mender) || follower->hears;
	r = r || wanted ? follower_batch(follower, err) : 0;
	if (r < 0)
		return r;
	atomic_store(&follower->mends, mender_works(follower->mender));
	if (mender_works(follower->mender))
		return r;
	closed = closer_step(follower->closer, follower->writer,
		&(struct closer_now){
			follower->feed, follower->imports, follower->view, follower->mender},
		err);
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
	return follower->full || follower->waits || follower->packs ||
			mender_tells(follower->mender)
		? 0
		: IDLE_MS;
}

/* A damaged database is no matter of waiting. The ledger's own is marked, so that the next start
 * mends it; of the registry's a person must put a copy back. Either way this process ends. */
static bool is_hopeless(struct follower *follower, int result, const struct err *why)
{
	struct err err = {0};

	if (result != -EBADMSG)
		return false;
	log_error("ledger: %s", why->text);
	if (registry_check(follower->state, &err) == -EBADMSG)
		log_error("ledger: %s: \"pantau restore\" puts a copy back", err.text);
	else if (ledger_damaged(follower->state, why->text, &err) < 0)
		log_error("ledger: %s", err.text);
	return true;
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
		if (is_hopeless(follower, r, &err)) {
			atomic_store(&follower->ended, true);
			return NULL;
		}
		stop = desk_wait_ms(follower->desk, wait_ms_after(follower, r));
	}
	listen(follower);
	/* what the exporter took last, how far we are, until when all was well */
	if (follower_batch(follower, &err) < 0 || feed_tell(follower->feed, true, &err) < 0)
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
		r = ledger_lot(db, &follower->lot, err);
	if (r == 0)
		r = feed_new(state, counts.cursor, &follower->feed, err);
	if (r == 0)
		r = imports_new(state, &follower->imports, err);
	if (r == 0)
		r = mender_new(state, db, &follower->mender, err);
	if (r == 0)
		r = ears_new(state, follower->desk, db, &follower->ears, err);
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
	follower->state = strdup(state);
	follower->copied_us = clock_boot_us();
	follower->copied = -1;
	r = follower->board && follower->state ? notices_new(&follower->notices) : -ENOMEM;
	if (r < 0)
		err_errno(err, r, "%s", state);
	else
		r = view_open(state, &follower->view, err);
	if (r == 0) {
		follower->deriver = deriver_new(follower->view, follower->state);
		follower->forgetter = forgetter_new();
		r = follower->deriver && follower->forgetter ? 0
							     : err_errno(err, -ENOMEM, "%s", state);
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

void follower_set_batch(struct follower *follower, size_t bytes)
{
	follower->lot_bytes = bytes;
	ledger_writer_set_cache(follower->writer, bytes);
}

void follower_keep(struct follower *follower, int64_t months)
{
	forgetter_keep(follower->forgetter, months);
}

void follower_free(struct follower *follower)
{
	if (!follower)
		return;
	feed_free(follower->feed);
	imports_free(follower->imports);
	mender_free(follower->mender);
	ears_free(follower->ears);
	ledger_writer_close(follower->writer);
	view_close(follower->view);
	closer_free(follower->closer);
	notices_free(follower->notices);
	deriver_free(follower->deriver);
	forgetter_free(follower->forgetter);
	board_free(follower->board);
	free(follower->state);
	free(follower);
}

int follower_start(struct follower *follower, struct err *err)
{
	int r = ears_start(follower->ears, err);

	if (r < 0)
		return r;
	r = pthread_create(&follower->thread, NULL, run, follower);

	if (r)
		return err_errno(err, -r, "thread of the ledger");
	follower->started = true;
	return 0;
}

bool follower_mends(struct follower *follower)
{
	return atomic_load(&follower->mends);
}

bool follower_ended(struct follower *follower)
{
	return atomic_load(&follower->ended);
}

void follower_join(struct follower *follower)
{
	if (follower && follower->started)
		pthread_join(follower->thread, NULL);
}
