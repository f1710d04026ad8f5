/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeps the file ingest.marks, so that a start need not read the whole journal.
 *
 * A snapshot may only be used when the ledger has read up to its place: else it would claim records
 * that nobody could read any more from a damaged journal. So one is taken in memory when a segment
 * begins, and written once the ledger's cursor has reached its place.
 */
#ifndef PANTAU_COLLECTOR_INGEST_SNAPSHOT_H
#define PANTAU_COLLECTOR_INGEST_SNAPSHOT_H

#include <uv.h>

#include "collector/ingest/progress.h"

struct snapshot;

/* Copies state. */
int snapshot_new(uv_loop_t *loop, const char *state, struct snapshot **ret_snapshot);
/* All of the progress is durable, up to the place. Cheap unless a segment has begun. */
void snapshot_note(
	struct snapshot *snapshot, const struct progress *progress, struct seglog_pos end);
/* The ledger has read up to here. */
void snapshot_tick(struct snapshot *snapshot, struct seglog_pos cursor);
/* Only when the loop has run out. */
void snapshot_free(struct snapshot *snapshot);

#endif
