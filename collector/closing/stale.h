/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Closed months that would perhaps come out differently now. Cheap: the ledger remembers in which
 * months something came late, the registry what was entered since; nothing is counted again.
 */
#ifndef PANTAU_CLOSING_STALE_H
#define PANTAU_CLOSING_STALE_H

#include "collector/store/closed_month.h"

struct stale_month {
	struct closed_month closed; /* the latest revision */
	int64_t records_since_s; /* 0: none came late */
	int64_t changes; /* of the registry, that reach into the month */
};

static inline bool is_stale(const struct stale_month *month)
{
	return month->records_since_s || month->changes;
}

/* Every closed month, whether it is stale or not; by month. `each` as in registry.h. */
int stale_months(struct registry *registry, struct ledger_db *ledger,
	int (*each)(void *arg, const struct stale_month *month), void *arg, struct err *err);

#endif
