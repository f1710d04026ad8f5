/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures are made once and kept (kept_figures.h): those of a link's days when they are over, those
 * of its months up to the last such day. Nothing hangs on it but time: whoever finds no figures for
 * his seconds makes them from slots.
 */
#ifndef PANTAU_STORE_SLA_KEEP_H
#define PANTAU_STORE_SLA_KEEP_H

#include "collector/ledger/figures.h"
#include "collector/store/ledger_writer.h"

struct sla_subject { /* what was decided of a link; borrowed */
	const struct registry_link *link;
	const struct registry_contract *contracts; /* by beginning */
	size_t contract_count;
	const struct exclusion *exclusions;
	size_t exclusion_count;
};

/* A day's figures are made so long after its end: most of what comes late is there then. */
#define SLA_KEEP_LATE_S 600
/* derived_unfigured() with this finds links that have such a day. */
#define SLA_KEEP_BEFORE(now_s) ((now_s)-SLA_KEEP_LATE_S - 86400)

/* Inside a batch: the next month or two of what is over by now_s. */
int sla_keep(struct ledger_writer *writer, const struct sla_subject *subject, int64_t now_s,
	struct tally *scratch, struct err *err);

#endif
