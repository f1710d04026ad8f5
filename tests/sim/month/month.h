/* SPDX-License-Identifier: Apache-2.0 */
/* One story lived through: the router, the network, the collector's ledger, and what it says. */
#ifndef PANTAU_TESTS_SIM_MONTH_MONTH_H
#define PANTAU_TESTS_SIM_MONTH_MONTH_H

#include "collector/ledger/states.h"
#include "tests/sim/month/account.h"
#include "tests/sim/month/journal.h"

#define MONTH_BEGINS_S INT64_C(1767196800) /* January 2026 in WITA: the story's beginning, UTC */

struct month {
	struct account account; /* what was true */
	struct states states; /* what the ledger says */
	uint64_t slots, rounds, records;
};

/* plan: where to write what arrived; NULL: nowhere. */
void month_live(
	const struct story *story, const struct journal_plan *plan, struct month *ret_month);
void month_done(struct month *month);

#endif
