/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/mender.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_lost.h"
#include "common/clock.h"
#include "common/log.h"

#define STEP_US 500000 /* of a batch */
#define TELL_LINKS 16
#define LOOK_US 30000000 /* between two looks whether what was missing has come */

struct mender {
	char *state;
	bool any; /* there was a damaged ledger, once */
	struct mending mending, safe; /* as of this batch; in the ledger */
	struct salvage *salvage; /* NULL: to be opened */
	bool unreadable; /* it cannot be */
	bool turn;
	uint64_t looked_us;
};

int mender_new(const char *state, struct ledger_db *db, struct mender **ret_mender, struct err *err)
{
	struct mender *mender = calloc(1, sizeof(*mender));
	int r;

	if (!mender)
		return err_errno(err, -ENOMEM, "%s", state);
	mender->state = strdup(state);
	r = mender->state ? ledger_mending(db, &mender->mending, err)
			  : err_errno(err, -ENOMEM, "%s", state);
	if (r < 0 && r != -ENOENT) {
		mender_free(mender);
		return r;
	}
	mender->any = r == 0;
	mender->safe = mender->mending;
	*ret_mender = mender;
	return 0;
}

void mender_free(struct mender *mender)
{
	if (!mender)
		return;
	salvage_close(mender->salvage);
	free(mender->state);
	free(mender);
}

bool mender_works(const struct mender *mender)
{
	return mender->any && !mender->mending.done;
}

bool mender_turn(struct mender *mender)
{
	if (!mender_works(mender))
		return false;
	mender->turn = !mender->turn;
	return mender->turn;
}

bool mender_knows(const struct mender *mender, struct seglog_pos after)
{
	return mender_works(mender) && seglog_pos_compare(after, mender->mending.told) <= 0;
}

bool mender_doubts(const struct mender *mender, int64_t entered_s)
{
	return mender->any && mender->mending.unsure && entered_s <= mender->mending.at_s;
}

/* ---- the salvage */

static int open_salvage(struct mender *mender, struct err *err)
{
	struct err why = {0};
	int r;

	if (mender->salvage || mender->unreadable)
		return 0;
	r = mender->mending.aside[0]
		? salvage_open(mender->state, &mender->mending, &mender->salvage, &why)
		: -ENOENT;
	if (r == -ENOMEM)
		return err_set(err, r, "%s", why.text);
	if (r < 0) {
		log_error("ledger: nothing can be read in the damaged ledger.db: %s",
			mender->mending.aside[0] ? why.text : "it is gone");
		mender->unreadable = true;
	}
	return 0;
}

/* 1: there may be more. */
static int take_some(struct mender *mender, const struct mender_turn *turn, unsigned *ret_taken)
{
	uint64_t began_us = clock_boot_us();
	struct journal_record record;
	unsigned taken = 0;
	int r = 1;

	/* to the end of a row, so that a batch that never happened has a place to go on from */
	while (r > 0 &&
		((taken < turn->records && clock_boot_us() - began_us < STEP_US) ||
			!salvage_row_ends(mender->salvage))) {
		r = salvage_next(mender->salvage, &record);
		if (r <= 0)
			break;
		r = turn->take(turn->arg, &record, salvage_is_beside(mender->salvage));
		if (r < 0)
			break;
		r = 1;
		taken++;
	}
	*ret_taken = taken;
	return r;
}

static int say_lost(void *arg, const struct ledger_lost *lost)
{
	++*(int64_t *)arg;
	return 0;
}

static int finish(struct mender *mender, struct ledger_writer *writer, struct err *err)
{
	int64_t runs = 0;
	int r = ledger_lost_find(writer, mender->salvage, &mender->mending, err);

	if (r == 0)
		r = ledger_lost_each(ledger_writer_view(writer), say_lost, &runs, err);
	if (r < 0)
		return r;
	mender->mending.done = true;
	mender->mending.stage = MENDING_TELLS;
	memset(mender->mending.part, 0, sizeof(mender->mending.part));
	if (runs)
		log_error("ledger: made anew: %" PRId64 " records salvaged, but of %" PRId64
			  " runs of agents some are missing: \"pantau status\" says which",
			mender->mending.records, runs);
	else
		log_info("ledger: made anew: %" PRId64 " records salvaged, nothing is missing",
			mender->mending.records);
	return 0;
}

int mender_step(struct mender *mender, struct ledger_writer *writer, const struct mender_turn *turn,
	struct err *err)
{
	unsigned taken = 0;
	int r = open_salvage(mender, err);

	if (r < 0)
		return r;
	if (!mender->mending.journal_s)
		mender->mending.journal_s = turn->journal_s ? turn->journal_s
							    : mender->mending.at_s;
	/* The journal's records bear checksums, the damaged file's rows do not: so it comes first,
	 * and what is salvaged only fills what is missing then. */
	r = mender->salvage && turn->caught_up ? take_some(mender, turn, &taken) : 0;
	if (r < 0)
		return err_errno(err, r, "what is left of the damaged ledger");
	mender->mending.records += taken;
	if (mender->salvage)
		salvage_tell(mender->salvage, &mender->mending);
	/* in a batch of its own: what was taken is counted by then */
	if (r == 0 && !taken && turn->caught_up)
		r = finish(mender, writer, err);
	if (r >= 0)
		r = ledger_put_mending(writer, &mender->mending, err);
	return r < 0 ? r : (int)taken;
}

void mender_commit(struct mender *mender)
{
	mender->safe = mender->mending;
	if (!mender_works(mender)) {
		salvage_close(mender->salvage);
		mender->salvage = NULL;
	}
}

/* What was read since is read again. */
void mender_rollback(struct mender *mender)
{
	mender->mending = mender->safe;
	salvage_close(mender->salvage);
	mender->salvage = NULL;
}

bool mender_tells(const struct mender *mender)
{
	return mender->any && mender->mending.done && mender->mending.stage == MENDING_TELLS;
}

/* A few links in each batch. */
static int tell(struct mender *mender, struct ledger_writer *writer, struct err *err)
{
	int64_t *link = &mender->mending.part[0], next = 1;
	int r = 0;

	for (int i = 0; r == 0 && next && i < TELL_LINKS; i++) {
		r = ledger_touch_next(writer, *link, &next, err);
		*link = next ? next : *link;
	}
	if (!next)
		mender->mending.stage = MENDING_TOLD;
	return r < 0 ? r : ledger_put_mending(writer, &mender->mending, err);
}

int mender_look(struct mender *mender, struct ledger_writer *writer, struct err *err)
{
	uint64_t at_us = clock_boot_us();

	if (mender_tells(mender))
		return tell(mender, writer, err);

	if (!mender->any || !mender->mending.done || at_us - mender->looked_us < LOOK_US)
		return 0;
	mender->looked_us = at_us;
	return ledger_lost_settle(writer, err);
}
