/* SPDX-License-Identifier: Apache-2.0 */
/*
 * STATE/ledger.sock: each client gets one JSON object and the end of the stream (common/ask.h).
 *
 *   {"program": "ledger", "version": "0.1.0", "since": "2026-01-31T16:00:00Z", "pid": 1,
 *    "fault": null, "cursor": "1 1190", "registry_sequence": 12,
 *    "slots": 1200, "duplicates": 0, "conflicts": 0, "rejected": 0, "unplaced": 0, "unbound": 0,
 *    "unbound_wans": [{"agent": 7, "wan": "wan2", "slots": 3, "last": "2026-01-31T16:00:00Z"}],
 *    "outbox": 0, "db_bytes": 400000,
 *    "export": {"on": true, "position": 4000, "points": 3900, "refused": 0, "failures": 0,
 *               "error": null}}
 *
 * "fault" is null or what keeps the ledger from going on; "outbox" counts rows that the exporter
 * has not taken.
 */
#ifndef PANTAU_LEDGERD_STATUS_H
#define PANTAU_LEDGERD_STATUS_H

#include <uv.h>

#include "collector/ledgerd/desk.h"

struct ledger_status;

/* Opens ledger.db for its own reading. Copies the path, borrows the desk. */
int ledger_status_new(uv_loop_t *loop, const char *state, struct desk *desk,
	struct ledger_status **ret_status, struct err *err);
/* The loop must run once more to close its handle. NULL is accepted. */
void ledger_status_close(struct ledger_status *status);

#endif
