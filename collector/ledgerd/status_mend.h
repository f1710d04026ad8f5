/* SPDX-License-Identifier: Apache-2.0 */
/* The part of the ledger's status that tells of a damaged ledger.db and what is missing since. */
#ifndef PANTAU_LEDGERD_STATUS_MEND_H
#define PANTAU_LEDGERD_STATUS_MEND_H

#include "collector/store/ledger_db.h"
#include "common/json.h"

/*
 * "mending": null, or
 *   {"at": "2026-01-31T16:00:00Z", "aside": "ledger.db.damaged-20260131T160000Z", "why": "...",
 *    "done": true, "records": 1200, "holes": 1, "lost_runs": 2, "lost_records": 30}
 * "lost_records" is null where nobody knows how many. Fails as a reader of the ledger does.
 */
int status_mend_write(struct json *json, struct ledger_db *db, struct err *err);

#endif
