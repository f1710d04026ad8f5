/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seconds of every link in a stretch of time, counted as a month's are: what the wall says of the
 * last day. No contract: no seconds.
 */
#ifndef PANTAU_STORE_SLA_DAY_H
#define PANTAU_STORE_SLA_DAY_H

#include "collector/ledger/terms.h"
#include "collector/store/sla.h"
#include "collector/store/sla_link.h"

#define SLA_LATELY_S 900 /* PDV of fewer slots says little; of more, it is no news */

struct sla_lately { /* how good it is, under the contract in force; nothing without one */
	bool has_pdv, has_down, has_up;
	int64_t pdv_us; /* 95th percentile of U seconds of the last SLA_LATELY_S */
	int64_t down_kbps, up_kbps; /* medians of the speed tests of the stretch */
	uint32_t least_down_kbps, least_up_kbps; /* that the contract asks for; 0: not judged */
};
/* Slower than the contract asks for. Pure. */
bool sla_lately_is_slow(const struct sla_lately *lately);

struct sla_day {
	int64_t link;
	int64_t u, d, n, e;
	bool has_contract; /* in force at the end of the stretch */
	struct limit_terms limits; /* of that contract, or the defaults */
	struct sla_lately lately; /* of sla_days() alone */
};

/* By link; one whose states cannot be read is left out. A transaction a link: the ledger is written
 * meanwhile, and its log must not grow for our sake. `each` as in registry.h. */
int sla_days(const struct sla_source *source, const struct span *stretch,
	int (*each)(void *arg, const struct sla_day *day), void *arg, struct err *err);
/* Of one case, whose period is set to the stretch. *ret_day is added to. */
int sla_day_count(struct sla_case *sla_case, const struct span *stretch, struct sla_day *ret_day,
	struct err *err);

#endif
