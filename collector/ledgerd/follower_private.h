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
#include "collector/store/ledger_writer.h"

/* What waits goes into one transaction, so that a link is judged once for many of its slots: each
 * full one lets the next be twice as large. These bound its memory and its time. Live, there is
 * little and it ends with the journal. */
#define BATCH_RECORDS_FIRST 2000

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
	size_t batch_bytes; /* and how many bytes of them */
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

/* Everything that waits, in one transaction. Returns the records taken. */
int follower_batch(struct follower *follower, struct err *err);

#endif
