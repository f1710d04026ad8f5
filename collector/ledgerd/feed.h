/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal as the follower reads it: one record after the other, from the ledger's cursor on,
 * and the file that tells ingest how far the ledger is.
 */
#ifndef PANTAU_LEDGERD_FEED_H
#define PANTAU_LEDGERD_FEED_H

#include <stdbool.h>

#include "common/err.h"
#include "common/seglog.h"
#include "proto/journal_record.h"

struct feed;

/* Copies the path. */
int feed_new(const char *state, struct seglog_pos cursor, struct feed **ret_feed, struct err *err);
void feed_free(struct feed *feed);

struct feed_record { /* borrowed until feed_next() or feed_back() */
	const uint8_t *bytes;
	size_t length;
	struct seglog_pos after;
	bool again; /* it lies before the cursor: the ledger has seen it, most likely */
};

/* 1: a record, the same one until feed_next(); 0: there is none for now, or no journal yet. */
int feed_peek(struct feed *feed, struct feed_record *ret_record, struct err *err);
void feed_next(struct feed *feed);
/* Everything up to here is in the ledger, for good. */
void feed_commit(struct feed *feed, struct seglog_pos cursor);
/* What was read since the last commit never happened: it is read again. */
void feed_back(struct feed *feed);
/* What was read since the last commit is read again, from the cursor itself on; up to that place it
 * was read before, and its damage named. */
void feed_rewind(struct feed *feed, struct seglog_pos known);
struct seglog_pos feed_cursor(const struct feed *feed);
/* Writes the cursor's file, at most once a second unless `now`. */
int feed_tell(struct feed *feed, bool now, struct err *err);

#endif
