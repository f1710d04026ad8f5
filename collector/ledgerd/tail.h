/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a link's timeline, no longer than needed. A run of at least W of known seconds decides:
 * what follows it does not depend on what came before. So the tail begins with such a run that ends
 * before anything that has changed, or with the link itself.
 *
 *	... | good good good | changed seconds ... last slot | unknown without end
 *	    ^ decided: every state from here on is right
 */
#ifndef PANTAU_LEDGERD_TAIL_H
#define PANTAU_LEDGERD_TAIL_H

#include "collector/ledger/states.h"
#include "collector/store/ledger_db.h"

struct tail {
	struct line line;
	int64_t decided_s; /* INT64_MIN: the whole history is here */
};

/* The tail for these terms, before `changed_s`, at least `reach_s` seconds long; the longer the
 * reach, the earlier it is decided. */
int tail_load(struct tail *ret_tail, struct ledger_db *db, int64_t link, const struct terms *terms,
	int64_t changed_s, int64_t reach_s, struct err *err);
void tail_done(struct tail *tail);

/* The states of the tail: right from decided_s on. `begins` as for states_compute(). */
int tail_states(const struct tail *tail, const struct terms *terms, int64_t begins,
	struct states *ret_states);

#endif
