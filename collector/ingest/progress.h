/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is durable here of every run of every agent, in memory and pure: what WELCOME and ACK say.
 * A run is (agent, run, nonce): a cloned router that uses the same run has another nonce and a set
 * of its own. What is forgotten is merely sent again; nothing is ever claimed that was not added.
 */
#ifndef PANTAU_COLLECTOR_INGEST_PROGRESS_H
#define PANTAU_COLLECTOR_INGEST_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/seglog.h"

#define PROGRESS_RUNS_MAX 512 /* of an agent, the newest: as many as HELLO can name */
#define PROGRESS_SNAPSHOT_MAX (512U << 20) /* bytes; the whole country takes about 8 MiB */

struct progress_run {
	uint32_t agent, run;
	uint64_t nonce;
};

struct progress;

int progress_new(struct progress **ret_progress);
void progress_free(struct progress *progress);

/* first and last included. -ENOMEM: nothing changed. */
int progress_add(
	struct progress *progress, const struct progress_run *run, uint32_t first, uint32_t last);
/* The highest sequence up to which all of the run from `first` on was added; first - 1: nothing. */
uint32_t progress_up_to(
	const struct progress *progress, const struct progress_run *run, uint32_t first);
bool progress_contains(
	const struct progress *progress, const struct progress_run *run, uint32_t sequence);
/* How many of these, first and last included, were not added; last = first - 1: none. */
uint32_t progress_missing(const struct progress *progress, const struct progress_run *run,
	uint32_t first, uint32_t last);

/* Appends everything as a snapshot that belongs to this place of the journal, with a checksum. */
int progress_encode(const struct progress *progress, struct seglog_pos pos, struct buf *out);
/* -EBADMSG for bytes that are no snapshot, whole and sound; -ENOMEM. */
int progress_decode(const void *bytes, size_t length, struct progress **ret_progress,
	struct seglog_pos *ret_pos);

#endif
