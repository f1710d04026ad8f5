/* SPDX-License-Identifier: Apache-2.0 */
/* The follower between its loop (follower.c) and its batches (follower_batch.c). */
#ifndef PANTAU_LEDGERD_FOLLOWER_PRIVATE_H
#define PANTAU_LEDGERD_FOLLOWER_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "collector/ledgerd/board.h"
#include "collector/ledgerd/closer.h"
#include "collector/ledgerd/deriver.h"
#include "collector/ledgerd/desk.h"
#include "collector/ledgerd/ears.h"
#include "collector/ledgerd/feed.h"
#include "collector/ledgerd/forgetter.h"
#include "collector/ledgerd/imports.h"
#include "collector/ledgerd/mender.h"
#include "collector/ledgerd/notices.h"
#include "collector/ledgerd/view.h"
#include "collector/store/ledger_lot.h"
#include "collector/store/ledger_writer.h"

/* What waits goes into one transaction, so that a link is judged once for many of its slots: each
 * full one lets the next be twice as large. These bound its memory and its time. Live, there is
 * little and it ends with the journal. */
#define BATCH_RECORDS_FIRST 2000

#define LOT_PART_BYTES (4 * 1024 * 1024) /* of records that a batch holds in memory */
#define LOT_BYTES (64 * 1024 * 1024) /* unless follower_set_batch() says less */
#define BATCH_RECORDS_MAX 200000

struct batch {
	struct seglog_pos end;
	unsigned records, most;
	size_t bytes, most_bytes;
	uint64_t began_us;
	int64_t exported;
	bool full; /* there is more to be taken */
	bool refill; /* the exporter is owed more */
	bool packs; /* there may be more to be packed */
	bool waits; /* there is more to be derived */
	bool mends; /* it takes of a damaged ledger, not of the journal */
	bool lots; /* so much waits that it is to be taken in lots */
	struct lot lot; /* as of this batch */
};

struct follower {
	struct desk *desk;
	struct feed *feed;
	struct imports *imports;
	struct mender *mender;
	struct ears *ears;
	bool hears; /* what the ears heard is to be written */
	struct ledger_writer *writer;
	struct view *view;
	struct board *board;
	struct deriver *deriver;
	struct forgetter *forgetter;
	struct notices *notices;
	struct closer *closer;
	uint64_t ticked_us;
	int64_t exported; /* in the ledger */
	bool refill; /* the exporter may be owed something */
	bool waits; /* something is still to be derived */
	bool full; /* the last batch left records behind */
	unsigned batch_records; /* how many the next one may take */
	bool lots; /* the last batch could have taken more than memory is to hold */
	size_t lot_bytes; /* how many a lot may have */
	struct lot lot; /* in the ledger */
	bool packs; /* something is still to be packed */
	bool view_fresh; /* the ledger has not followed it yet */
	bool failing;
	char *state; /* the folder */
	uint64_t copied_us; /* when the registry was; at first: the start */
	int64_t copied; /* its last change then; -1: none yet */
	atomic_bool ended, mends;
	pthread_t thread;
	bool started;
};

/* A record of the journal into the ledger; one that cannot be read is passed over. */
int follower_take(struct follower *follower, const struct feed_record *waiting, struct err *err);

/*
 * Lots (follower_lot.c): where much waits, links lie in it side by side, minute by minute; a link
 * is judged once for all of its slots that a batch has. So a long stretch of the journal is read
 * several times, and each time a part of the agents is taken, in a batch of its own:
 *
 *	journal  | a b c d  a b c d  a b c d  a b c d | a b ...
 *	         ^ cursor        the lot              ^ end
 *	batches    a a a a, b b b b, c c c c, d d d d, and with the last one the cursor moves
 *
 * Memory holds one part, and the processor judges as with all of it. How far the lot has come is in
 * the transaction of each part.
 */
size_t lot_bytes(const struct follower *follower); /* how much one may be */
/* 1: a lot is under way, or begun with this batch; 0: what comes is taken as it comes. */
int lot_look(struct follower *follower, struct batch *batch, struct err *err);
int lot_take(struct follower *follower, struct batch *batch, struct err *err);
int lot_write(struct follower *follower, const struct batch *batch, struct err *err);

/* Everything that waits, in one transaction. Returns the records taken. */
int follower_batch(struct follower *follower, struct err *err);

#endif
