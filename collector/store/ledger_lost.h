/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records that the ledger once had and has no more: of runs of agents, after a damaged ledger.db
 * was made anew. A hole in a link's line that lies there says nothing of the router, neither that
 * it stood still nor that its power was cut: it is unknown, as if the router had not come back yet.
 * A run of which all came again is lost no more.
 */
#ifndef PANTAU_STORE_LEDGER_LOST_H
#define PANTAU_STORE_LEDGER_LOST_H

#include "collector/store/salvage.h"

struct ledger_lost {
	uint32_t agent; /* 0: nobody knows whose: of any */
	uint32_t run;
	int64_t records; /* that are missing; 0: nobody knows how many */
	int64_t from_s, to_s; /* within; INT64_MIN, SPAN_FOREVER: nobody knows */
};

/* By agent and run. `each` as in registry.h. */
int ledger_lost_each(struct ledger_db *db, int (*each)(void *arg, const struct ledger_lost *lost),
	void *arg, struct err *err);

/* Inside a batch, after all that could be salvaged was taken: what the damaged ledger counted and
 * this one has not is noted. `salvage` NULL: nothing could be read, and everything before the
 * mending is doubtful. */
int ledger_lost_find(struct ledger_writer *writer, struct salvage *salvage,
	const struct mending *mending, struct err *err);
/* Inside a batch: runs of which all came again are lost no more. */
int ledger_lost_settle(struct ledger_writer *writer, struct err *err);

/* Inside a batch, when all is taken: the link after this one is touched as a whole, so that its
 * states are told where the outbox knows others. *ret_link 0: it was the last one. */
int ledger_touch_next(
	struct ledger_writer *writer, int64_t after, int64_t *ret_link, struct err *err);

/* What of it concerns the link's agents: history.lost. */
int history_load_lost(struct ledger_db *db, int64_t link, struct history *history, struct err *err);

#endif
