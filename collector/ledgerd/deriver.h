/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the ledger keeps beside the slots follows the registry: under which rules a link is derived,
 * and from when on. What is derived anew by that, and the figures of days and months that are over,
 * is done in the background, a part a batch; until then readers compute it from slots.
 */
#ifndef PANTAU_LEDGERD_DERIVER_H
#define PANTAU_LEDGERD_DERIVER_H

#include "collector/ledgerd/view.h"
#include "collector/store/ledger_writer.h"

struct deriver;

/* Borrows both. NULL: out of memory. */
struct deriver *deriver_new(const struct view *view, const char *state);
void deriver_free(struct deriver *deriver);

/* Inside a batch, before ledger_settle(): links that the registry speaks of otherwise than when it
 * was followed last. */
int deriver_follow(struct deriver *deriver, struct ledger_writer *writer, struct err *err);

struct deriver_turn {
	int64_t now_s; /* UTC */
	uint64_t budget_us; /* and a bit: a part that was begun is finished */
	bool caught_up; /* no: what is over is not over yet, so no figures are made */
};

/* Inside a batch, after ledger_settle(): works on what waits, rules before figures. *ret_more: some
 * of it waits still. */
int deriver_work(struct deriver *deriver, struct ledger_writer *writer,
	const struct deriver_turn *turn, bool *ret_more, struct err *err);
/* The batch never happened: all links are followed anew by the next one. */
void deriver_rollback(struct deriver *deriver);

#endif
