/* SPDX-License-Identifier: Apache-2.0 */
/*
 * While a ledger that was damaged is made anew (store/ledger_mend.h): what can still be read in the
 * damaged file is taken, a stretch in every second batch, so that what the agents send now comes in
 * time all the same. What the damaged ledger had told the outbox is not told again.
 */
#ifndef PANTAU_LEDGERD_MENDER_H
#define PANTAU_LEDGERD_MENDER_H

#include <stdbool.h>

#include "collector/store/ledger_mend.h"
#include "common/err.h"
#include "common/seglog.h"

struct mender;

/* Copies the path. */
int mender_new(
	const char *state, struct ledger_db *db, struct mender **ret_mender, struct err *err);
void mender_free(struct mender *mender);

/* There is something to be salvaged, or to be summed up. */
bool mender_works(const struct mender *mender);
/* Whether this batch is for the salvage; every second one that asks. */
bool mender_turn(struct mender *mender);
/* A record that ends there in the journal: the outbox knows it. */
bool mender_knows(const struct mender *mender, struct seglog_pos after);
/* Whether closings before that moment may have been executed, although nothing of it is here. */
bool mender_doubts(const struct mender *mender, int64_t entered_s);

struct mender_turn {
	unsigned records; /* about as many */
	int64_t journal_s; /* when the record that is next in the journal came; 0: there is none */
	bool caught_up; /* the journal was read to its end, or beyond what the outbox knows */
	int (*take)(void *arg, const struct journal_record *record, bool beside);
	void *arg;
};
/* Inside a batch. Returns the records taken. */
int mender_step(struct mender *mender, struct ledger_writer *writer, const struct mender_turn *turn,
	struct err *err);
/* The batch is in the ledger; or it never happened. */
void mender_commit(struct mender *mender);
void mender_rollback(struct mender *mender);

/* Links wait to be told of. */
bool mender_tells(const struct mender *mender);
/* Inside a batch that tells the outbox: links whose states it may know otherwise; now and then,
 * whether what was missing has come. */
int mender_look(struct mender *mender, struct ledger_writer *writer, struct err *err);

#endif
