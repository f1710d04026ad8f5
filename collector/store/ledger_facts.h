/* SPDX-License-Identifier: Apache-2.0 */
/* What an agent ever sent, as far as it is kept: the raw evidence, for an export. */
#ifndef PANTAU_STORE_LEDGER_FACTS_H
#define PANTAU_STORE_LEDGER_FACTS_H

#include "collector/store/ledger_db.h"
#include "proto/journal_record.h"

/* Every record of the agent as it came: anchors, starts and stops, gap records, samples, then
 * slots, then other contents of known keys and what was rejected, each by its key. The run's nonce
 * is not kept (0). `each` as in registry.h. */
int ledger_facts(struct ledger_db *db, uint32_t agent,
	int (*each)(void *arg, const struct journal_record *record), void *arg, struct err *err);

#endif
