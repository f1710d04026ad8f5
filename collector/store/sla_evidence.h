/* SPDX-License-Identifier: Apache-2.0 */
/* The rounds around the edges of an outage: which was the first one lost, the first one
 * answered. */
#ifndef PANTAU_STORE_SLA_EVIDENCE_H
#define PANTAU_STORE_SLA_EVIDENCE_H

#include "collector/store/ledger_db.h"

struct sla_evidence { /* when the probe left, when its answer came, UTC; 0: no round says */
	int64_t first_lost_us, first_answered_us;
};

/* `outage`: as counted, which begins and ends with slots; the evidence may lie in those beside. */
int sla_evidence(struct ledger_db *ledger, const struct ledger_span *outage,
	struct sla_evidence *ret_evidence, struct err *err);

#endif
