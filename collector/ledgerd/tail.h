/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a link's timeline, no longer than needed. A run of at least W of known seconds
 * decides: what follows it does not depend on what came before. So the tail begins with such a run
 * that ends before anything that has changed, or with the link itself.
 *
 *	... | good good good | changed seconds ... last slot | unknown without end
 *	    ^ decided: every state from here on is right
 */
#ifndef PANTAU_LEDGERD_TAIL_H
#define PANTAU_LEDGERD_TAIL_H

#include "collector/ledger/states.h"
#include "collector/store/ledger_db.h"

struct tail_of {
	int64_t link;
	int64_t begins; /* of the timeline, as for states_compute() */
	int64_t changed_s; /* nothing before it is new */
	const struct terms *terms;
};

struct tail {
	struct states states;
	int64_t decided_s; /* INT64_MIN: the whole history is here */
};

/* At least reach_s seconds before what has changed: the longer, the earlier it is decided. */
int tail_load(struct tail *ret_tail, struct ledger_db *db, const struct tail_of *of,
	int64_t reach_s, struct err *err);
void tail_done(struct tail *tail);

#endif
