/* SPDX-License-Identifier: Apache-2.0 */
/* RTT, loss and PDV of a row, over its U seconds: mergeable, so that groups have percentiles
 * too. */
#ifndef PANTAU_STORE_SLA_FIGURES_H
#define PANTAU_STORE_SLA_FIGURES_H

#include "collector/ledger/hist.h"
#include "collector/store/sla.h"

struct figures { /* 26 KiB */
	struct hist rtt, pdv;
	uint64_t sent, lost;
};

void figures_init(struct figures *figures);
/* The row's U seconds. `ret_up` must be empty. */
int figures_up(const struct states *states, const struct month_row *row, struct spans *ret_up);
/* Adds the samples that the link sent within these seconds. `ledger` may be NULL. */
int figures_gather(struct figures *figures, struct ledger_db *ledger, int64_t link,
	const struct spans *up, struct err *err);
void figures_merge(struct figures *into, const struct figures *from);
void figures_publish(const struct figures *figures, struct sla_figures *ret_figures);

#endif
