/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a link's history to one line of seconds: overlaps decided, holes explained. No contract yet.
 *
 *   history  A: [slot][slot]      [slot]          line  [slot][slot]|hole: power|[slot][slot]
 *            B:             [slot][slot]    ->
 */
#ifndef PANTAU_LEDGER_TIMELINE_H
#define PANTAU_LEDGER_TIMELINE_H

#include "collector/ledger/cause.h"
#include "collector/ledger/history.h"

struct line_slot { /* sorted, disjoint */
	int64_t from, to;
	uint16_t due, made, lost;
	uint8_t cause; /* enum down_cause, for the case that the terms find it bad */
	bool disputed;
};

struct line_hole { /* sorted, disjoint; what no slot covers and no hole explains is silent */
	int64_t from, to;
	enum unknown_cause cause;
};

struct line {
	struct line_slot *slots;
	size_t slot_count;
	struct line_hole *holes;
	size_t hole_count;
};

/* 0 or -ENOMEM. */
int line_build(const struct history *history, struct line *ret_line);
void line_done(struct line *line);

#endif
