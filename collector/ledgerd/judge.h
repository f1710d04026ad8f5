/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the ledger says of a link after new records: which slots' states are final now, for the
 * outbox, and how the link stands at its last known second, for the wall.
 */
#ifndef PANTAU_LEDGERD_JUDGE_H
#define PANTAU_LEDGERD_JUDGE_H

#include "collector/ledgerd/view.h"
#include "collector/store/ledger_writer.h"

struct judgement { /* by what was measured; silence and exclusions are the board's */
	enum live_state state; /* NEVER, UP, DOWN or UNKNOWN */
	int64_t since_s;
	char cause[16];
	struct ledger_recent recent;
	struct ledger_run run;
};

/* Inside a batch, after ledger_settle(). touched: nothing beside it is new; an empty span beyond
 * the last second: nothing is. */
int judge_link(struct ledger_writer *writer, const struct view_link *link,
	const struct span *touched, struct judgement *ret_judgement, struct err *err);

/* The terms in force at the second: those of the contract, or the defaults where there is none. */
void judge_terms(const struct view_link *link, int64_t second, struct terms *ret_terms,
	struct span *ret_span);

#endif
