/* SPDX-License-Identifier: Apache-2.0 */
/* The starts of the agents of a link, each with the word for why it began. */
#ifndef PANTAU_STORE_LEDGER_STARTS_H
#define PANTAU_STORE_LEDGER_STARTS_H

#include "collector/ledger/start_word.h"
#include "collector/store/ledger_db.h"

struct ledger_start {
	uint32_t agent, run;
	int64_t at_us; /* UTC */
	enum start_word word;
	const struct start *start; /* decoded; borrowed for the call */
};

/* Those within the span, by agent and run; of boots that have a place on UTC. `each` as in
 * registry.h. */
int ledger_starts(struct ledger_db *db, const struct ledger_span *span,
	int (*each)(void *arg, const struct ledger_start *start), void *arg, struct err *err);

#endif
