/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks, once a second and off the loop, at the two files that others write: the registry's roster
 * and the ledger's cursor.
 */
#ifndef PANTAU_COLLECTOR_INGEST_WATCH_H
#define PANTAU_COLLECTOR_INGEST_WATCH_H

#include <uv.h>

#include "collector/ingest/journal.h"
#include "collector/ingest/roster.h"
#include "common/seglog.h"

#define WATCH_PERIOD_MS 1000 /* a revoked agent is cut within two of these */

#define ROSTER_KEPT JOURNAL_FOLDER "/ingest.roster" /* ingest writes into no other folder */

struct watch_events {
	void *arg;
	/* The roster changed. Borrowed until the next call. */
	void (*roster)(void *arg, const struct roster *roster);
	/* After each look: where the ledger is. */
	void (*looked)(void *arg, struct seglog_pos cursor);
};

struct watch;

/* Reads both for the first time, at once; a missing roster is an empty one; instead of a damaged
 * one the last that could be read (ROSTER_KEPT) counts, or an empty one. Copies state, events. */
int watch_new(uv_loop_t *loop, const char *state, const struct watch_events *events,
	struct watch **ret_watch, struct err *err);
int watch_start(struct watch *watch);
/* Reads the roster again at the next look, changed or not. */
void watch_again(struct watch *watch);
/* Looks now, not in a second. The look that begins after this has the number that is returned. */
uint64_t watch_request(struct watch *watch);
uint64_t watch_looks(const struct watch *watch); /* the number of the last look that is done */
const struct roster *watch_roster(const struct watch *watch);
struct seglog_pos watch_cursor(const struct watch *watch);
/* Closes its handles; the loop must run until it is done. Then free. */
void watch_close(struct watch *watch);
void watch_free(struct watch *watch);

#endif
