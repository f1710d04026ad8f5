/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal on disk, behind the batches: append, fdatasync, reserve, trim. Blocking, so one
 * worker calls it at a time; no loop, no sessions.
 *
 * A failed batch is not durable, whatever part of it reached the disk: it is written again, whole,
 * behind the place of the failure, and the ledger drops what is doubled.
 */
#ifndef PANTAU_COLLECTOR_INGEST_JOURNAL_H
#define PANTAU_COLLECTOR_INGEST_JOURNAL_H

#include "collector/ingest/batch.h"
#include "collector/ingest/progress.h"
#include "collector/ingest/replay.h"
#include "common/err.h"
#include "common/seglog.h"

#define JOURNAL_FOLDER "journal"
#define JOURNAL_MARKS_NAME "ingest.marks" /* snapshot of the progress */
#define JOURNAL_MARKS JOURNAL_FOLDER "/" JOURNAL_MARKS_NAME
#define JOURNAL_CURSOR "ledger.cursor" /* in the folder; written by the ledger process */

struct journal_options {
	size_t segment_bytes;
	uint64_t reserve_bytes, reserve_inodes; /* left free: below it nothing is written */
	int64_t keep_us; /* after the ledger has read it */
	/* Near it, what the ledger has read goes earlier; at it nothing is taken. 0: none */
	uint64_t max_bytes;
};

struct journal_stats { /* as of the last call */
	struct seglog_pos oldest, end;
	uint64_t behind; /* records that the ledger has not read, or has to read again */
	uint64_t bytes;
	unsigned segments;
	uint64_t free_bytes, free_inodes;
	uint64_t sync_us; /* of the last batch */
};

struct journal;

/* Opens STATE/journal. Copies. */
int journal_open(const char *state, const struct journal_options *options,
	struct journal **ret_journal, struct err *err);
void journal_close(struct journal *journal);

struct journal_start {
	struct seglog_pos from; /* of the snapshot; {0, 0}: there is none that can be used */
	bool snapshot_damaged, cursor_damaged;
	int64_t alive_s; /* UTC: when the one before wrote last; 0: never */
};

/*
 * What is durable as far as the snapshot says. It is used only if it lies at or below the ledger's
 * cursor: then all that it claims is in the ledger. Whatever came later is claimed only if it can
 * be read back now, so that a damaged journal is sent again: journal_replay() reads it.
 */
int journal_load(struct journal *journal, struct progress **ret_progress,
	struct journal_start *ret_start, struct err *err);
/* Any thread may read on it while the journal is written. */
int journal_replay(const struct journal *journal, const struct journal_start *start,
	struct replay **ret_replay, struct err *err);

/* Makes the batch durable: 0, or a negative errno with words. */
int journal_write(struct journal *journal, const struct batch *batch, struct err *err);
/* -ENOSPC with words when there is less room than the reserve and these bytes. */
int journal_check_space(struct journal *journal, uint64_t bytes, struct err *err);
/* The ledger has read up to here. */
void journal_set_cursor(struct journal *journal, struct seglog_pos cursor);
/* Deletes segments that the ledger has read and that are older than the time to keep, or in the way
 * of max_bytes. What it has not read always stays. */
int journal_trim(struct journal *journal, int64_t now_utc_us);
struct journal_stats journal_stats(const struct journal *journal);

/* The ledger's place; {0, 0} when it has written none yet. */
int journal_read_cursor(const char *state, struct seglog_pos *ret_cursor, struct err *err);

#endif
