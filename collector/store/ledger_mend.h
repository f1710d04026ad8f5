/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A damaged ledger.db is set aside and made anew:
 *
 *	ledger_damaged()      STATE/ledger.damage says why; the process ends
 *	next start            ledger.db -> ledger.db.damaged-20260131T160000Z, a new ledger.db
 *	at once               what nobody could make again is copied: issued documents, what the
 *	                      outbox holds and has said, how far imports and the exporter came
 *	then, batch by batch  the journal from its oldest segment, and then every record that can
 *	                      still be read in the damaged file and is not there yet (salvage.h)
 *	at the end            what is missing is named, run by run (ledger_lost.h)
 *
 * Killed anywhere in between, the next start goes on. The damaged file stays until a person takes
 * it away.
 */
#ifndef PANTAU_STORE_LEDGER_MEND_H
#define PANTAU_STORE_LEDGER_MEND_H

#include "collector/store/ledger_writer.h"

#define LEDGER_NAME "ledger.db"
#define LEDGER_DAMAGE "ledger.damage" /* in the state folder: the mark */
#define MEND_NAME_BYTES 64
#define MEND_WHY_BYTES 200

extern const char ledger_mend_schema[];

/* Leaves the mark. The first one stands. */
int ledger_damaged(const char *state, const char *why, struct err *err);
/* Under the ledger's lock, before it is opened: what a mark asks for is done, or finished. */
int ledger_mend(const char *state, struct err *err);

/* Stages beyond the salvage's: all is here, and links are told of, by number; that is done, too. */
#define MENDING_TELLS 100
#define MENDING_TOLD 101

struct mending { /* one damaged file and what became of it */
	int64_t id;
	int64_t at_s; /* when it was set aside */
	char aside[MEND_NAME_BYTES]; /* its name; "" there was none, it was gone */
	char why[MEND_WHY_BYTES];
	struct seglog_pos
		told; /* up to here of the journal the damaged ledger had told the outbox */
	bool unsure; /* closings may have been executed of which nothing is left */
	bool done;
	int64_t journal_s; /* the journal holds all that came since; 0: nobody looked yet */
	int64_t records; /* salvaged so far */
	int64_t holes; /* stretches of the damaged file that could not be read */
	/* where the salvage goes on (salvage.h) */
	int stage;
	int64_t part[3];
};

/* The latest one. -ENOENT, without words: there was none. */
int ledger_mending(struct ledger_db *db, struct mending *ret_mending, struct err *err);
/* Inside a batch: how far it came. */
int ledger_put_mending(
	struct ledger_writer *writer, const struct mending *mending, struct err *err);

#endif
