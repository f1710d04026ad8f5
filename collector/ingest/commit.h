/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Group commit: what all sessions bring while one batch is on its way to the disk is the next one.
 *
 *   commit_add()  ->  [ filling ]  --one worker at a time-->  [ flying ]  ->  events.durable()
 *
 * A batch leaves at once when the last one left a while ago: a lone record waits for nobody.
 * While the disk refuses, the flying batch is kept and tried again every few seconds, the other one
 * fills up, and then nobody is read: nothing is acknowledged, nothing is dropped.
 */
#ifndef PANTAU_COLLECTOR_INGEST_COMMIT_H
#define PANTAU_COLLECTOR_INGEST_COMMIT_H

#include <uv.h>

#include "collector/ingest/batch.h"
#include "collector/ingest/journal.h"

/* From one batch to the next. A batch of seven costs as much as 15 reports do on their way to it;
 * what waits this long is still answered five times as early as it must be. */
#define COMMIT_PACE_MS 20
#define COMMIT_RETRY_MS 2000 /* between two tries on a disk that refuses */
#define COMMIT_TRIM_S 60 /* between two looks for segments to delete */

struct commit_events {
	void *arg;
	/* On disk. Borrowed. */
	void (*durable)(void *arg, const struct batch *batch);
	/* After each try: there may be room for more, or the disk may refuse. */
	void (*moved)(void *arg);
	/* After commit_drain(): nothing flies any more; *lost* records were given up. */
	void (*drained)(void *arg, size_t lost);
};

struct commit;

/* Borrows the journal, which nobody else may touch from now on. Copies the events. */
int commit_new(uv_loop_t *loop, struct journal *journal, const struct commit_events *events,
	struct commit **ret_commit);
int commit_add(
	struct commit *commit, struct batch_entry *entry, const struct journal_record *record);
/* Sessions must not be read now. */
bool commit_full(const struct commit *commit);
/* Once a second: where the ledger is. Also looks after space and old segments. */
void commit_tick(struct commit *commit, struct seglog_pos cursor);
/* NULL, or why nothing can be written. */
const char *commit_trouble(const struct commit *commit);
struct journal_stats commit_stats(const struct commit *commit);

/* Writes what waits (one try), then tells. Nothing may be added any more. */
void commit_drain(struct commit *commit);
/* Closes its handles; the loop must run until it is done. Then free. */
void commit_close(struct commit *commit);
void commit_free(struct commit *commit);

#endif
