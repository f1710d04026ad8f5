/* SPDX-License-Identifier: Apache-2.0 */
/* The rounds around the edges of an outage: which was the first one lost, the first one answered. */
#ifndef PANTAU_STORE_SLA_EVIDENCE_H
#define PANTAU_STORE_SLA_EVIDENCE_H

#include "collector/store/ledger_db.h"

/* UTC microseconds, when the probe was sent; 0: no round says. [from_s, to_s): the outage as
 * counted, which begins and ends with slots; the evidence may lie in the slots beside them. */
int sla_evidence(struct ledger_db *ledger, int64_t link, int64_t from_s, int64_t to_s,
	int64_t *ret_first_lost_us, int64_t *ret_first_answered_us, struct err *err);

#endif
