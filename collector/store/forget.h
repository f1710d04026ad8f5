/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Retention: slots are kept for so many months, and then go; with them go the fetched pages and the
 * observations (but for certificates of installation). What was derived of them stays:
 * states, outages and the figures of months are read from the derived tables for ever, as they were
 * when the slots were there. It is final: from a link's `until` back nothing is derived any more,
 * whatever arrives or is decided, and a question that would need the slots is refused with words.
 *
 *	first slot        until - a day      until                      now
 *	| derived, slots gone   | derived, slots there for what follows  |
 */
#ifndef PANTAU_STORE_FORGET_H
#define PANTAU_STORE_FORGET_H

#include "collector/store/ledger_writer.h"

struct forgotten { /* one pass that dropped something */
	char month[8]; /* the last one whose slots went: "2024-09" */
	int64_t until_s, slots, at_s;
};

/* The latest first. `each` as in registry.h. */
int ledger_forgotten(struct ledger_db *db,
	int (*each)(void *arg, const struct forgotten *forgotten), void *arg, struct err *err);
/* No slot of the link before this second can be counted on; INT64_MIN: all are there. */
int ledger_forgotten_until(
	struct ledger_db *db, int64_t link, int64_t *ret_until_s, struct err *err);

struct forgetting { /* a pass over all boots, some of them in each batch */
	char month[8];
	int64_t until_s, now_s;
	int64_t boot; /* done up to this row; 0: it begins */
	int64_t slots; /* dropped so far */
};

/* The months that are kept end before this one: the last month that is not, and its end everywhere.
 * False: everything is kept. */
bool forgetting_begin(struct forgetting *pass, int64_t now_s, int64_t keep_months);
/* Inside a batch, when nothing waits to be derived. *ret_more: it is not done. */
int ledger_forget(
	struct ledger_writer *writer, struct forgetting *pass, bool *ret_more, struct err *err);

#endif
