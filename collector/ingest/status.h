/* SPDX-License-Identifier: Apache-2.0 */
/*
 * STATE/journal/ingest.sock: each client gets one JSON object and the end (common/ask.h).
 *
 *   {"program": "ingest", "version": "0.1.0", "since": "2026-01-31T16:00:00Z",
 *    "before": "2026-01-31T15:59:58Z", "pid": 1,
 *    "listening": ["0.0.0.0:7443"], "connections": 3, "agents": 2, "agents_known": 1038,
 *    "roster_sequence": 12, "accepted": 40, "records": 1200, "duplicates": 0, "bytes": 90000,
 *    "rejected": {"malformed": 0, "invalid": 0, "unsupported": 0},
 *    "refused": {"protocol": 0, "unknown_agent": 0, "revoked": 0, "busy": 0, "replaced": 0},
 *    "clones": 0,
 *    "handshakes_failed": 0, "handshakes_late": 0, "idle_closed": 0, "over_limit": 0,
 *    "turned_away": 0,
 *    "journal": {"oldest": "1 0", "end": "1 1200", "bytes": 120000, "segments": 1},
 *    "ledger": {"cursor": "1 1190", "lag_records": 10, "lag_segments": 0},
 *    "read_back": {"done": true, "records": 1190}, "last_sync_us": 900,
 *    "ack_p50_us": 1000, "ack_p99_us": 2000,
 *    "free_bytes": 1, "free_inodes": 1, "cannot_write": null,
 *    "leases": {"held": 1, "at_once": 20, "per_provider": 4, "granted": 9, "refused": 2,
 *               "expired": 0},
 *    "configurations_refused": 0, "clock": {"given": true, "error_us": 1000}}
 *
 * "before" is when the process before this one wrote last to the journal, or null. "read_back" is
 * what the start found unread in the journal: until it is done, agents may be asked again for what
 * is in it. "accepted" counts connections; "configurations_refused" the agents that would not take
 * the newest; "cannot_write" is null or the reason.
 */
#ifndef PANTAU_COLLECTOR_INGEST_STATUS_H
#define PANTAU_COLLECTOR_INGEST_STATUS_H

#include <uv.h>

#include "collector/ingest/catch_up.h"
#include "collector/ingest/commit.h"
#include "collector/ingest/counters.h"
#include "collector/ingest/follow.h"
#include "collector/ingest/hub.h"
#include "collector/ingest/leases.h"
#include "collector/ingest/listener.h"
#include "collector/ingest/watch.h"
#include "proto/receiver.h"

#define STATUS_SOCKET "journal/ingest.sock" /* ingest writes into no other folder */

struct status_sources { /* all borrowed */
	const struct counters *counters;
	const struct hub *hub;
	const struct commit *commit;
	const struct watch *watch;
	const struct listener *listener;
	const struct receiver_clock *clock;
	struct leases *leases;
	const struct follow *follow;
	const struct catch_up *catch_up;
	int64_t since_s;
	int64_t before_s; /* when the process before wrote last; 0: never */
};

struct status;

/* Replaces a socket that a dead process left; the journal's lock says that it is dead. */
int status_new(uv_loop_t *loop, const char *state, const struct status_sources *sources,
	struct status **ret_status, struct err *err);
/* The loop must run once more to close its handle. NULL is accepted. */
void status_close(struct status *status);

#endif
