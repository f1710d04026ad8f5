/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the ledger may say and what it must say of each second, from what was true. A slot is a
 * minute, so that an edge may lie half a slot and a round away from the truth; within that, and by
 * the rules of sla.md applied to the truth itself, all is right:
 *
 *   truth     ......|#### down ####|.......
 *   must_d             |########|             D here, or it was missed
 *   may_d       |####################|        D elsewhere is false
 *   may_n                                     N where nothing is known, and what hangs on it
 */
#ifndef PANTAU_TESTS_SIM_MONTH_BOUNDS_H
#define PANTAU_TESTS_SIM_MONTH_BOUNDS_H

#include "tests/sim/month/account.h"

#define BOUNDS_ROUNDING_S 5
#define BOUNDS_DRIFT_S 30 /* more, where nobody but a collector that is away tells the time */
#define BOUNDS_WINDOW_S 300
#define BOUNDS_BRIDGE_S 120
#define BOUNDS_SURE_S 360 /* with either profile an outage of six minutes is never missed */
#define BOUNDS_SLOT_S 60 /* the longest */

struct bounds {
	size_t seconds;
	size_t edge_s; /* half a slot, a round, and how wrong the time may be */
	size_t sure_s; /* an outage of so long is never missed */
	size_t short_s; /* one that is shorter need not make any slot bad */
	uint8_t *may_d, *must_d, *may_n;
	uint16_t *allowed; /* bits of enum unknown_cause: what was at work there */
	uint64_t missing; /* seconds of which nothing is known, for no reason */
};

void bounds_init(struct bounds *bounds, const struct account *account, const struct story *story);
void bounds_done(struct bounds *bounds);

#endif
