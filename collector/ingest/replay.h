/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a start finds in the journal behind its snapshot, read piece by piece while agents are
 * served already: which records can be read back, and so may be claimed.
 *
 *	replay_read()     on a worker: the next records of the journal   -> a piece
 *	replay_merge()    on the loop: the piece                         -> the progress
 *
 * Progress is a union of sequences, so what agents send meanwhile may be added in between. Until a
 * record was reached here it is merely not claimed: who sends it again is heard, and the ledger
 * drops what is doubled.
 */
#ifndef PANTAU_COLLECTOR_INGEST_REPLAY_H
#define PANTAU_COLLECTOR_INGEST_REPLAY_H

#include "collector/ingest/progress.h"
#include "common/seglog.h"

#define REPLAY_PIECE_RECORDS 4096 /* a millisecond of the loop to merge */

struct replay;

/* Of the log in the folder, from the place up to the beginning of segment `before`, which this
 * process writes: what is in that it knows already. Copies the folder's name. */
int replay_new(
	const char *folder, struct seglog_pos from, uint64_t before, struct replay **ret_replay);
void replay_free(struct replay *replay);

/* 1: a piece waits to be merged. 0: all was read. Negative errno: the disk failed, or memory; what
 * was read is not lost, and the next call goes on. */
int replay_read(struct replay *replay);
/* -ENOMEM: the rest of the piece still waits. */
int replay_merge(struct replay *replay, struct progress *progress);

uint64_t replay_records(const struct replay *replay); /* read so far */
uint64_t replay_damaged(const struct replay *replay); /* damaged stretches passed on the way */

#endif
