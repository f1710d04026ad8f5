/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seconds of every link in a stretch of time, counted as a month's are: what the wall says of the
 * last day. No contract: no seconds.
 */
#ifndef PANTAU_STORE_SLA_DAY_H
#define PANTAU_STORE_SLA_DAY_H

#include "collector/ledger/terms.h"
#include "collector/store/sla.h"

struct sla_day {
	int64_t link;
	int64_t u, d, n, e;
	bool has_contract; /* in force at the end of the stretch */
	struct limit_terms limits; /* of that contract, or the defaults */
};

/* By link; one whose states cannot be read is left out. A transaction a link: the ledger is written
 * meanwhile, and its log must not grow for our sake. `each` as in registry.h. */
int sla_days(const struct sla_source *source, const struct span *stretch,
	int (*each)(void *arg, const struct sla_day *day), void *arg, struct err *err);

#endif
