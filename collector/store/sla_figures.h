/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of a row: those of its U seconds, out of what is kept, or else of the slots. */
#ifndef PANTAU_STORE_SLA_FIGURES_H
#define PANTAU_STORE_SLA_FIGURES_H

#include "collector/ledger/figures.h"
#include "collector/store/sla.h"

/* The row's U seconds. `ret_up` must be empty. */
int figures_up(const struct states *states, const struct month_row *row, struct spans *ret_up);

struct figures_of { /* a link's month; borrowed */
	struct ledger_db *ledger;
	struct tally *tally; /* scratch */
	const struct registry_link *link;
	int64_t month_s; /* the local month's first second */
	bool keep_days; /* those that were not kept are, now: the ledger is its writer's own */
};

/* Adds the figures of these seconds of the month. */
int figures_gather(struct figures *figures, const struct figures_of *of, const struct spans *up,
	struct err *err);
/* The same, only of what lies within the span of whole days, and by days. */
int figures_gather_days(struct figures *figures, const struct figures_of *of,
	const struct spans *up, const struct span *days, struct err *err);
void figures_publish(const struct figures *figures, struct sla_figures *ret_figures);

#endif
